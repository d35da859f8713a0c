// Package cursor turns the place where a page ended into the text that a client sends to get the next one, and back.
//
// There are two kinds. [Encode] hides a position but protects nothing, and is for lists that everyone may read from any
// place. [Sealer] encrypts it for one customer, and is for lists of which each customer may read only a part.
package cursor

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// MaxLength is the longest cursor in characters. Ours are about 400; the limit keeps callers from having us send long
// texts to KMS.
const MaxLength = 1024

// ErrInvalid is returned for every cursor that was not made here, for this list and, if sealed, for this customer. Its
// text is meant for the caller and is the same for all of these, so that it tells a forger nothing.
var ErrInvalid = errors.New("cursor must be the unchanged nextCursor of the answer before, " +
	"sent by the same customer with the same parameters")

// Beside foreign characters this refuses line breaks, which Go's base64 decoder would skip: the same cursor could then
// be written in many ways.
var pattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Strict refuses set bits beyond the last byte, for the same reason.
var encoding = base64.RawURLEncoding.Strict()

// Form says what [WellFormed] asks for.
const Form = "1 to 1024 characters of A-Z, a-z, 0-9, - and _"

// WellFormed tells whether text could be a cursor at all, at no cost.
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

// Decode returns the position of a cursor made by [Encode], or [ErrInvalid]. It knows the shape of a position, not the
// rules for its values: a client could have written the cursor itself, so check the values.
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

// parse accepts exactly the bytes that json.Marshal makes of the position they hold. Comparing the bytes refuses all
// that encoding/json tolerates: unknown, repeated or differently spelt names, blanks, trailing text, invalid UTF-8.
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
