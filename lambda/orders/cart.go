package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
)

// The limits of one order.
const (
	maxLines    = 50
	maxQuantity = 99
)

// cart holds the products that a customer wants to order. It holds no prices: the shop sets them.
type cart struct {
	// document is the body, which collects everything wrong with the cart.
	document *gateway.Document
	lines    []cartLine
}

// A cartLine is a product and its quantity.
type cartLine struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
	entry    *gateway.Object
}

func readCart(event events.APIGatewayProxyRequest) (cart, error) {
	document, err := gateway.JSON(event)
	if err != nil {
		return cart{}, err
	}
	wanted := cart{document: document}
	first := make(map[string]*gateway.Object)
	for _, entry := range document.Objects("items", 1, maxLines) {
		one := cartLine{
			SKU:      entry.Text("sku", shop.SKURule, shop.IsSKU),
			Quantity: entry.Whole("quantity", 1, maxQuantity),
			entry:    entry,
		}
		// Adding the quantities would be a guess: the client may mean the second to replace the first.
		if before, found := first[one.SKU]; found && one.SKU != "" {
			entry.Refuse("sku", "is the same as "+before.Path("sku")+"; give one quantity for both")
		} else {
			first[one.SKU] = entry
		}
		wanted.lines = append(wanted.lines, one)
	}
	return wanted, document.Err()
}

// fingerprint is equal for bodies that mean the same, whatever their JSON form. The order of the lines counts, because
// the response keeps it.
func (c cart) fingerprint() (string, error) {
	meaning, err := json.Marshal(c.lines)
	if err != nil {
		return "", fmt.Errorf("encode a cart: %w", err)
	}
	sum := sha256.Sum256(meaning)
	return hex.EncodeToString(sum[:]), nil
}
