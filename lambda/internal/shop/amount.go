package shop

import "regexp"

// The form of an ISO 4217 code. Code that stores an amount decides which currencies are allowed.
var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

// An Amount of money is stored and shown in whole minor units of its currency, so that no rounding ever happens: it is
// 1999 EUR for 19.99 euros and 1999 JPY for 1,999 yen.
type Amount struct {
	// Minor counts minor units and is never negative.
	Minor int64 `json:"amount"`
	// Currency is an ISO 4217 code.
	Currency string `json:"currency"`
}

// StoredAmount returns the Amount of two attributes of a table, and false if they are not an amount. minor is nil if
// the attribute was missing, which must not become a price of zero.
func StoredAmount(minor *int64, currency string) (Amount, bool) {
	if minor == nil || *minor < 0 || !currencyPattern.MatchString(currency) {
		return Amount{}, false
	}
	return Amount{Minor: *minor, Currency: currency}, true
}
