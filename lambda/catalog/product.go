package main

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// The length is not part of the pattern, see package shop.
var categoryPattern = regexp.MustCompile(`^[a-z0-9-]+$`)

const maxCategory = 64

// categoryRule describes isCategory's rule.
const categoryRule = "1 to 64 characters of a-z, 0-9 and -"

// attributes are the table's attributes that a response and its cursor need.
var attributes = []string{
	"sku", "name", "description", "category", "categorySku", "priceMinor", "currency", "pictures",
}

// product is one product in the response.
type product struct {
	SKU         string      `json:"sku"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Category    string      `json:"category"`
	Price       shop.Amount `json:"price"`
	// Pictures are object keys in the bucket Media.
	Pictures []string `json:"pictures"`
}

// storedProduct is one item of the table Products.
type storedProduct struct {
	SKU         string   `dynamodbav:"sku"`
	Name        string   `dynamodbav:"name"`
	Description string   `dynamodbav:"description"`
	Category    string   `dynamodbav:"category"`
	CategorySKU string   `dynamodbav:"categorySku"`
	PriceMinor  *int64   `dynamodbav:"priceMinor"`
	Currency    string   `dynamodbav:"currency"`
	Pictures    []string `dynamodbav:"pictures"`
}

// readProduct checks the stored item: a product with a missing price must not be shown as free. Description and
// pictures may be missing.
func readProduct(item table.Item) (product, error) {
	var stored storedProduct
	if err := attributevalue.UnmarshalMap(item, &stored); err != nil {
		return product{}, malformed(item, "an attribute has the wrong type")
	}
	price, priced := shop.StoredAmount(stored.PriceMinor, stored.Currency)
	switch {
	case !shop.IsSKU(stored.SKU):
		return product{}, malformed(item, "sku")
	case stored.Name == "":
		return product{}, malformed(item, "name")
	case !isCategory(stored.Category):
		return product{}, malformed(item, "category")
	case stored.CategorySKU != stored.Category+separator+stored.SKU:
		return product{}, malformed(item, "categorySku")
	case !priced:
		return product{}, malformed(item, "priceMinor or currency")
	}
	return product{
		SKU:         stored.SKU,
		Name:        stored.Name,
		Description: stored.Description,
		Category:    stored.Category,
		Price:       price,
		Pictures:    append([]string{}, stored.Pictures...),
	}, nil
}

// malformed names the product, so that operators can repair it, unless the sku itself is malformed and could be any
// text.
func malformed(item table.Item, what string) error {
	sku := table.Text(item, "sku")
	if !shop.IsSKU(sku) {
		sku = "without a valid sku"
	}
	return gateway.Internal("MalformedItem", "product "+sku+": "+what)
}

func isCategory(text string) bool {
	return len(text) <= maxCategory && categoryPattern.MatchString(text)
}
