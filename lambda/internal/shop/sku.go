// Package shop holds the rules for the shop's data that several functions share: which products are for sale, the forms
// of an sku and of an amount of money, and the detection of card numbers.
package shop

import "regexp"

// ForSale is the value of the attribute shelf of products for sale. Other products have another value or none.
const ForSale = "for-sale"

// SKURule describes the rule of [IsSKU].
const SKURule = "1 to 64 characters of A-Z, a-z, 0-9, ., _ and -"

const maxSKU = 64

// The length is not part of the pattern, which would take a quarter of a millisecond to compile at each cold start.
var skuPattern = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// IsSKU reports whether text can be a product's sku.
func IsSKU(text string) bool {
	return len(text) <= maxSKU && skuPattern.MatchString(text)
}
