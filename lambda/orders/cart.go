package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/request"
	"github.com/securecart/identity/lambda/internal/shop"
)

// How much one order may hold.
const (
	maxLines    = 50
	maxQuantity = 99
)

// cart is what a customer wants to order. Prices are not part of it: they are the shop's to say.
type cart struct {
	// document is the body, to which everything wrong with the cart is added.
	document *request.Document
	lines    []cartLine
}

// A cartLine is a product and how many of it.
type cartLine struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
	entry    *request.Object
}

func readCart(event events.APIGatewayProxyRequest) (cart, error) {
	document, err := request.JSON(event)
	if err != nil {
		return cart{}, err
	}
	wanted := cart{document: document}
	first := make(map[string]*request.Object)
	for _, entry := range document.Objects("items", 1, maxLines) {
		one := cartLine{
			SKU:      entry.Text("sku", shop.SKURule, shop.IsSKU),
			Quantity: entry.Whole("quantity", 1, maxQuantity),
			entry:    entry,
		}
		// Adding the two up would be guessing: a client that has lost track of its cart may as well mean the second to
		// replace the first.
		if before, found := first[one.SKU]; found && one.SKU != "" {
			entry.Refuse("sku", "is the same as "+before.Path("sku")+"; give one quantity for both")
		} else {
			first[one.SKU] = entry
		}
		wanted.lines = append(wanted.lines, one)
	}
	return wanted, document.Err()
}

// fingerprint is the same for two bodies that mean the same, however they are written. The order of the lines counts,
// as the answer has it too.
func (c cart) fingerprint() (string, error) {
	meaning, err := json.Marshal(c.lines)
	if err != nil {
		return "", fmt.Errorf("encode a cart: %w", err)
	}
	sum := sha256.Sum256(meaning)
	return hex.EncodeToString(sum[:]), nil
}
