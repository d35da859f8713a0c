package main

import (
	"strings"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// separator is between category and sku in categorySku. No category contains it, so the two can be separated again.
const separator = "#"

// position is where a page ended. It is not encrypted, which saves a call to KMS for every page: a forged position only
// chooses where to begin in a list that everyone may read. It is checked, because DynamoDB answers a key that does not
// fit the query with an error, which would look like a fault of the shop.
type position struct {
	// Filter is the category of the request, "" for all.
	Filter string `json:"filter"`
	// Category and SKU are those of the last product.
	Category string `json:"category"`
	SKU      string `json:"sku"`
}

// startAfter returns the key after which the page begins, nil for the first page. The error is [cursor.ErrInvalid].
func startAfter(category, resume string) (table.Item, error) {
	if resume == "" {
		return nil, nil
	}
	from, err := cursor.Decode[position](resume)
	if err != nil {
		return nil, err
	}
	// A cursor is valid only for the category of its list.
	if from.Filter != category || !from.valid() {
		return nil, cursor.ErrInvalid
	}
	return table.Item{
		"shelf":       table.String(shop.ForSale),
		"categorySku": table.String(from.Category + separator + from.SKU),
		"sku":         table.String(from.SKU),
	}, nil
}

func (p position) valid() bool {
	inside := p.Filter == "" || p.Filter == p.Category
	return inside && isCategory(p.Category) && shop.IsSKU(p.SKU)
}

// endOf returns the cursor for a page that ended with this key.
func endOf(category string, last table.Item) (string, error) {
	of, sku, _ := strings.Cut(table.Text(last, "categorySku"), separator)
	return cursor.Encode(position{Filter: category, Category: of, SKU: sku})
}
