// Package shop has the rules of the shop's data that several functions must agree on: which products are for sale, what
// an sku and an amount of money are, and what could be the number of a payment card.
package shop

import "regexp"

// ForSale is the attribute shelf of a product that is for sale. Of any other product it is missing or something else.
const ForSale = "for-sale"

// SKURule says what [IsSKU] asks for.
const SKURule = "1 to 64 characters of A-Z, a-z, 0-9, ., _ and -"

const maxSKU = 64

// The length is not part of the pattern, which would take a quarter of a millisecond to compile at each cold start.
var skuPattern = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// IsSKU tells whether text can be a product's sku.
func IsSKU(text string) bool {
	return len(text) <= maxSKU && skuPattern.MatchString(text)
}
