package customer_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/customer"
)

func TestSubIsALowerCaseUUID(t *testing.T) {
	const alice = "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000001"
	for _, text := range []string{
		alice, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
	} {
		if !customer.IsSub(text) {
			t.Errorf("%s is no sub", text)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "upper case": strings.ToUpper(alice), "one upper": "0F" + alice[2:],
		"no dashes": strings.ReplaceAll(alice, "-", ""), "short": alice[1:], "long": alice + "0",
		"braces": "{" + alice + "}", "space": " " + alice[1:], "line": alice[:35] + "\n", "g": "g" + alice[1:],
		"36 digits": strings.Repeat("0", 36), "36 dashes": strings.Repeat("-", 36),
		"dash one place late": "0f1e2d3ca-aaa-4bbb-8ccc-a11ce0000001", "dash at the end": alice[:35] + "-",
		"key of another item": "unconfirmed-removals", "Google": "Google_114327158473927184012",
		"not ASCII": "é" + alice[2:], "full-width digit": "０" + alice[3:],
	} {
		if customer.IsSub(text) {
			t.Errorf("%s: %q is a sub", name, text)
		}
	}
}

// Each character counts: a text that differs from a sub in one place is a sub only if a digit replaces a digit.
func TestEveryCharacterOfASubCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`).Draw(t, "sub")
		if !customer.IsSub(text) {
			t.Fatalf("%s is no sub", text)
		}
		place := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		other := rapid.Byte().Draw(t, "byte")
		digit := other >= '0' && other <= '9' || other >= 'a' && other <= 'f'
		want := text[place] == '-' && other == '-' || text[place] != '-' && digit
		if got := customer.IsSub(text[:place] + string([]byte{other}) + text[place+1:]); got != want {
			t.Fatalf("%s with %q at %d: %t, want %t", text, other, place, got, want)
		}
	})
}
