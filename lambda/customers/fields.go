package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/securecart/identity/lambda/contract"
)

// The limits in characters. All fields together stay far below DynamoDB's 400 KB per item.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const (
	maxName    = 128
	maxAddress = 512
	maxLocale  = 35 // the room that RFC 5646, section 4.4.1, asks for
)

// The form of a language tag (BCP 47); whether its parts are registered is not looked up.
var localePattern = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// A rule defines the values of a profile's field, in words and as a check.
type rule struct {
	text  string
	valid func(string) bool
}

// rules has a rule for each of [contract.ProfileFields]. E-mail is missing: the address belongs to the account, and no
// handler may change it.
var rules = map[string]rule{
	contract.ProfileName:       {lineRule(maxName), isLine(maxName)},
	contract.ProfileGivenName:  {lineRule(maxName), isLine(maxName)},
	contract.ProfileFamilyName: {lineRule(maxName), isLine(maxName)},
	contract.ProfileLocale:     {"a language tag such as de-CH", isLocale},
	contract.ProfileAddress:    {lineRule(maxAddress), isLine(maxAddress)},
}

func lineRule(limit int) string {
	return fmt.Sprintf("1 to %d characters on one line, not only blanks", limit)
}

// isLine refuses control characters, line separators and changes of direction: they would break or reorder the
// displayed line. It also refuses U+FFFD, which replaces bytes that were not UTF-8.
func isLine(limit int) func(string) bool {
	return func(text string) bool {
		strange := func(r rune) bool {
			return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) ||
				r == utf8.RuneError
		}
		return utf8.RuneCountInString(text) <= limit && !strings.ContainsFunc(text, strange) &&
			strings.TrimSpace(text) != ""
	}
}

func isLocale(text string) bool {
	return len(text) <= maxLocale && localePattern.MatchString(text)
}
