// Package cursor encodes the position where a page ended as the text with which a client requests the next page, and
// decodes it.
//
// There are two kinds. [Encode] protects nothing and is for lists that everyone may read from any position. [Sealer]
// encrypts a position for one customer, for lists of which each customer may read only a part.
package cursor

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// MaxLength is the longest cursor in characters. Real cursors have about 400; the limit prevents callers from making a
// function send long texts to KMS.
const MaxLength = 1024

// ErrInvalid is returned for every cursor that was not made by this package, for this list and, if sealed, for this
// customer. Its text is for the caller. It is always the same, so that a forger learns nothing.
var ErrInvalid = errors.New("cursor must be the unchanged nextCursor of the answer before, " +
	"sent by the same customer with the same parameters")

// The pattern also refuses line breaks, which Go's base64 decoder would skip: one position would have many cursors.
var pattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Strict refuses set bits beyond the last byte, for the same reason.
var encoding = base64.RawURLEncoding.Strict()

// Form describes the rule of [WellFormed].
const Form = "1 to 1024 characters of A-Z, a-z, 0-9, - and _"

// WellFormed reports whether text has the form of a cursor, without decoding it.
func WellFormed(text string) bool {
	return len(text) <= MaxLength && pattern.MatchString(text)
}

// Encode returns the cursor for a position, which must be a JSON object to encoding/json.
func Encode[P any](position P) (string, error) {
	plain, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("encode a position: %w", err)
	}
	return written(plain)
}

// Decode returns the position of a cursor made by [Encode], or [ErrInvalid]. It checks the position's shape only.
// Callers must check its values, because a client can write such a cursor itself.
func Decode[P any](text string) (P, error) {
	plain, err := read(text)
	if err != nil {
		return *new(P), err
	}
	return parse[P](plain)
}

func written(content []byte) (string, error) {
	text := encoding.EncodeToString(content)
	if len(text) > MaxLength {
		return "", fmt.Errorf("cursor has %d characters, more than the %d that would be taken back", len(text), MaxLength)
	}
	return text, nil
}

func read(text string) ([]byte, error) {
	if !WellFormed(text) {
		return nil, ErrInvalid
	}
	content, err := encoding.DecodeString(text)
	if err != nil {
		return nil, ErrInvalid
	}
	return content, nil
}

// parse accepts exactly the bytes that json.Marshal makes of the position that they hold. The comparison refuses what
// encoding/json tolerates: unknown, repeated or differently spelt names, blanks, trailing text, invalid UTF-8.
func parse[P any](plain []byte) (P, error) {
	var position P
	if err := json.Unmarshal(plain, &position); err != nil {
		return *new(P), ErrInvalid
	}
	again, err := json.Marshal(position)
	if err != nil || !bytes.Equal(again, plain) {
		return *new(P), ErrInvalid
	}
	return position, nil
}
