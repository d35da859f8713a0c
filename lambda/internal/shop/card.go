package shop

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The number of digits of a card number (ISO/IEC 7812).
const (
	minDigits = 13
	maxDigits = 19
)

// HasCardNumber reports whether text, such as the body of a request, holds 13 to 19 digits that end with the check
// digit of a card number. They may be part of a longer row of digits, in any script, with anything except letters
// between them, and written as JSON escapes. The text need not be valid JSON.
//
// SecureCart accepts the payment provider's token instead, and must never hold a card number, neither in a table nor in
// a log or a response. So the check has false positives but no false negatives: an innocent number is sometimes
// refused, but a card number is never missed because of its form.
func HasCardNumber(text []byte) bool {
	// Both the raw and the unescaped text: an escape can hide digits, and in a text that is not JSON, an apparent escape
	// can swallow them.
	return inRunes(string(text)) || strings.Contains(string(text), `\`) && inRunes(unescaped(string(text)))
}

// inRunes checks each row of digits. Only a letter or mark ends a row.
func inRunes(text string) bool {
	// The last digits of the row, at most as many as a card number has.
	var row []int
	for _, r := range text {
		digit, found := valueOf(r)
		switch {
		case found:
			row = append(row, digit)
			if len(row) > maxDigits {
				row = row[1:]
			}
			if endsInNumber(row) {
				return true
			}
		case unicode.IsLetter(r):
			row = row[:0]
		}
	}
	return false
}

// endsInNumber reports whether the last 13 to 19 of the digits pass the Luhn check.
func endsInNumber(row []int) bool {
	sum := 0
	for n := 1; n <= len(row); n++ {
		digit := row[len(row)-n]
		if n%2 == 0 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		if n >= minDigits && sum%10 == 0 {
			return true
		}
	}
	return false
}

// valueOf returns the value of a decimal digit of any script. Unicode has them in rows of ten that begin with zero.
// https://www.unicode.org/versions/latest/core-spec/chapter-4/#G124142
func valueOf(r rune) (value int, found bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), true
	}
	if r <= unicode.MaxLatin1 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, row := range unicode.Nd.R16 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	return 0, false
}

// unescaped returns text with the escapes of JSON strings replaced, inside and outside of strings. Invalid escapes stay
// unchanged.
func unescaped(text string) string {
	var plain strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		plain.WriteString(before)
		if !found {
			return plain.String()
		}
		r, length := escaped(after)
		plain.WriteRune(r)
		text = after[length:]
	}
}

// escaped returns the character of the text after a backslash, and that text's length.
func escaped(after string) (r rune, length int) {
	if after == "" {
		return '\\', 0
	}
	switch after[0] {
	case 'b', 'f', 'n', 'r', 't':
		return ' ', 1
	case 'u':
		high, found := hex(after)
		if !found {
			return '\\', 0
		}
		if !utf16.IsSurrogate(high) {
			return high, 5
		}
		if low, found := hex(strings.TrimPrefix(after[5:], `\`)); found && after[5] == '\\' {
			if r := utf16.DecodeRune(high, low); r != unicode.ReplacementChar {
				return r, 11
			}
		}
		return unicode.ReplacementChar, 5
	default:
		r, length := utf8.DecodeRuneInString(after)
		return r, length
	}
}

// hex returns the code unit in a text that begins such as "u0034".
func hex(text string) (rune, bool) {
	if len(text) < 5 || text[0] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(text[1:5], 16, 16)
	return rune(unit), err == nil
}
