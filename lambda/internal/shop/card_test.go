package shop_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/shop"
)

// The payment networks' numbers for tests, one of each length there is.
var numbers = []string{
	"4222222222222",       // Visa, 13
	"30569309025904",      // Diners Club, 14
	"378282246310005",     // American Express, 15
	"4111111111111111",    // Visa, 16
	"5555555555554444",    // Mastercard, 16
	"6011111111111117",    // Discover, 16
	"3530111333300000",    // JCB, 16
	"6759649826438453",    // Maestro, 16
	"63049506000000000",   // Maestro, 17
	"627780123456789017",  // 18
	"6304950600000000003", // 19
}

func TestCardNumberIsFoundHoweverItIsWritten(t *testing.T) {
	for name, text := range map[string]string{
		"alone":                    `4111111111111111`,
		"as the token":             `{"provider":"stripe","token":"4111111111111111"}`,
		"behind the prefix":        `{"provider":"stripe","token":"pm_4111111111111111"}`,
		"behind more digits":       `{"token":"pm_0014111111111111111"}`,
		"before more digits":       `{"token":"41111111111111110000000"}`,
		"as a number":              `{"token":4111111111111111}`,
		"as a negative number":     `{"token":-4111111111111111}`,
		"as a fraction":            `{"token":0.4111111111111111}`,
		"as a number with a power": `{"token":4111111111111111e0}`,
		"as a name":                `{"4111111111111111":1}`,
		"in an unknown field":      `{"provider":"stripe","token":"pm_abcdefgh","pan":"4111111111111111"}`,
		"far inside":               `{"a":[[{"b":["4111111111111111"]}]]}`,
		"with blanks":              `{"token":"4111 1111 1111 1111"}`,
		"with many blanks":         `{"token":"4111   1111 1111    1111"}`,
		"with hyphens":             `{"token":"4111-1111-1111-1111"}`,
		"with both":                `{"token":"4111 -1111- 1111 - 1111"}`,
		"each apart":               `{"token":"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"}`,
		"with dots":                `{"token":"4111.1111.1111.1111"}`,
		"with underscores":         `{"token":"4111_1111_1111_1111"}`,
		"with no-break blanks":     "{\"token\":\"4111\u00a01111\u00a01111\u00a01111\"}",
		"with long dashes":         "{\"token\":\"4111–1111—1111‑1111\"}",
		"with nothing to see":      "{\"token\":\"4111\u200b1111\u200b1111\u200b1111\"}",
		"with tabs, escaped":       `{"token":"4111\t1111\n1111\r1111"}`,
		"with slashes, escaped":    `{"token":"4111\/1111\/1111\/1111"}`,
		"with blanks, escaped":     `{"token":"4111\u00201111\u00201111\u00a01111"}`,
		"digits escaped":           `{"token":"` + strings.Repeat(`\u0034`, 1) + strings.Repeat(`\u0031`, 15) + `"}`,
		"some digits escaped":      `{"token":"\u0034111\u0031111111111111"}`,
		"in a list":                `{"token":["4111","1111","1111","1111"]}`,
		"on lines":                 "4111\n1111\n1111\n1111\n",
		"full-width digits":        `{"token":"４１１１１１１１１１１１１１１１"}`,
		"Arabic digits":            `{"token":"٤١١١١١١١١١١١١١١١"}`,
		"mathematical digits":      `{"token":"𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏"}`,
		"the same, escaped":        `{"token":"` + `\ud835\udfd2` + strings.Repeat(`\uD835\uDFCF`, 15) + `"}`,
		"after a half surrogate":   `{"token":"\ud8354111111111111111"}`,
		"after what is no escape":  `{"token":"\4111111111111111"}`,
		"after half an escape":     `{"token":"\u41111111 11111111"}`,
		"in what is no JSON":       `token=4111111111111111`,
		"cut off":                  `{"token":"4111111111111111`,
		"between invalid UTF-8":    "\xff4111\xff1111\xff1111\xff1111\xff",
		"after a backslash":        `4111111111111111\`,
	} {
		if !shop.HasCardNumber([]byte(text)) {
			t.Errorf("%s: no card number found in %s", name, text)
		}
	}
}

func TestEveryLengthOfCardNumberIsFound(t *testing.T) {
	for _, number := range numbers {
		if !shop.HasCardNumber([]byte(withCheckDigit(number[:len(number)-1]))) {
			t.Errorf("no card number found in %s, of %d digits", number, len(number))
		}
	}
}

func TestOtherTextIsNotACardNumber(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                    "",
		"a token":                    `{"provider":"stripe","token":"pm_1MqLiJLkdIwHu7ixUEgbFdYF"}`,
		"a token of digits":          `{"provider":"stripe","token":"pm_12345678"}`,
		"twelve digits":              `{"token":"pm_411111111111"}`,
		"a wrong check digit":        `{"token":"pm_4222222222223"}`,
		"two digits swapped":         `{"token":"pm_2422222222222"}`,
		"a letter inside":            `{"token":"pm_41111111a11111111"}`,
		"an escaped letter inside":   `{"token":"pm_41111111\u006111111111"}`,
		"an Arabic letter inside":    `{"token":"pm_41111111ب11111111"}`,
		"a backslash that is one":    `{"token":"\\u0034\\u0031"}`,
		"an escape that is cut off":  `{"token":"\u00`,
		"half a pair that ends here": `\ud835`,
	} {
		if shop.HasCardNumber([]byte(text)) {
			t.Errorf("%s: %s is taken for a card number", name, text)
		}
	}
}

func TestNoCardNumberIsMissed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		payload := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), 12, 18, -1).Draw(r, "number")
		separator := rapid.SampledFrom([]string{"", "", " ", "-", "  ", " - ", "\u00a0", ".", `\u0020`, `\n`})
		var written strings.Builder
		for _, digit := range withCheckDigit(payload) {
			written.WriteString(rapid.SampledFrom(formsOf(digit)).Draw(r, "digit"))
			written.WriteString(separator.Draw(r, "separator"))
		}
		// A backslash could make an escape of the first digits, which would change them.
		before := strings.ReplaceAll(rapid.String().Draw(r, "before"), `\`, "")
		text := before + written.String() + rapid.String().Draw(r, "after")
		if !shop.HasCardNumber([]byte(text)) {
			r.Errorf("no card number found in %q", text)
		}
	})
}

// formsOf are ways to write a digit in JSON.
func formsOf(digit rune) []string {
	fullWidth := '０' + digit - '0'
	high, low := utf16.EncodeRune('𝟎' + digit - '0')
	return []string{
		string(digit), string(digit), string(digit), string(fullWidth),
		fmt.Sprintf(`\u%04x`, digit), fmt.Sprintf(`\u%04X`, fullWidth), fmt.Sprintf(`\u%04x\u%04x`, high, low),
	}
}

// withCheckDigit appends the check digit that passes; unlike the detector, it tries all ten.
func withCheckDigit(payload string) string {
	for check := '0'; check <= '9'; check++ {
		number, sum := payload+string(check), 0
		for i, digit := range number {
			value := int(digit - '0')
			if (len(number)-i)%2 == 0 {
				value = []int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}[value]
			}
			sum += value
		}
		if sum%10 == 0 {
			return number
		}
	}
	panic("no check digit fits")
}

func FuzzFound(f *testing.F) {
	f.Add("pm_", "")
	f.Add(`{"token":"\u003`, `"}`)
	f.Add(`\ud8`, `35\`)
	f.Add("\\\xff", "0")
	f.Fuzz(func(t *testing.T, before, after string) {
		const number = "4111 1111-1111 1111"
		if text := before + number + after; !shop.HasCardNumber([]byte(text)) {
			t.Errorf("no card number found in %q", text)
		}
		for _, r := range before + after {
			if unicode.IsDigit(r) || r == '\\' {
				return
			}
		}
		if text := before + after; shop.HasCardNumber([]byte(text)) {
			t.Errorf("%q, which has no digit, is taken for a card number", text)
		}
	})
}
