package main

import (
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// timestamp is the form of createdAt: UTC with exactly three decimals. The index sorts strings, and in this form their
// order is that of the times.
const timestamp = "2006-01-02T15:04:05.000Z"

// URLs and cursors contain an order's id unescaped. The length is not part of the pattern, see package shop.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

const maxID = 128

// attributes are the table's attributes that a response needs.
var attributes = []string{"orderId", "createdAt", "status", "currency", "totalMinor", "lines"}

// order is one order in the response.
type order struct {
	ID string `json:"id"`
	// CreatedAt is UTC, RFC 3339 with milliseconds.
	CreatedAt string      `json:"createdAt"`
	Status    string      `json:"status"`
	Total     shop.Amount `json:"total"`
	Lines     []line      `json:"lines"`
}

type line struct {
	SKU       string      `json:"sku"`
	Name      string      `json:"name"`
	Quantity  int64       `json:"quantity"`
	UnitPrice shop.Amount `json:"unitPrice"`
}

// storedOrder is one item of the table Orders. Numbers are pointers, so that missing ones are detected.
type storedOrder struct {
	OrderID    string       `dynamodbav:"orderId"`
	CreatedAt  string       `dynamodbav:"createdAt"`
	Status     string       `dynamodbav:"status"`
	Currency   string       `dynamodbav:"currency"`
	TotalMinor *int64       `dynamodbav:"totalMinor"`
	Lines      []storedLine `dynamodbav:"lines"`
}

type storedLine struct {
	SKU            string `dynamodbav:"sku"`
	Name           string `dynamodbav:"name"`
	Quantity       int64  `dynamodbav:"quantity"`
	UnitPriceMinor *int64 `dynamodbav:"unitPriceMinor"`
}

// readOrder checks the stored item, too. An order with a total of zero, because an attribute is missing, would be worse
// than an error.
func readOrder(item table.Item) (order, error) {
	var stored storedOrder
	if err := attributevalue.UnmarshalMap(item, &stored); err != nil {
		return order{}, malformed(item, "an attribute has the wrong type")
	}
	total, priced := shop.StoredAmount(stored.TotalMinor, stored.Currency)
	switch {
	case !isID(stored.OrderID):
		return order{}, malformed(item, "orderId")
	case !isTimestamp(stored.CreatedAt):
		return order{}, malformed(item, "createdAt")
	case stored.Status == "":
		return order{}, malformed(item, "status")
	case !priced:
		return order{}, malformed(item, "totalMinor or currency")
	case stored.Lines == nil:
		return order{}, malformed(item, "lines")
	}
	read := order{ID: stored.OrderID, CreatedAt: stored.CreatedAt, Status: stored.Status, Total: total,
		Lines: make([]line, len(stored.Lines))}
	for i, from := range stored.Lines {
		price, priced := shop.StoredAmount(from.UnitPriceMinor, stored.Currency)
		if from.SKU == "" || from.Name == "" || from.Quantity < 1 || !priced {
			return order{}, malformed(item, "lines")
		}
		read.Lines[i] = line{SKU: from.SKU, Name: from.Name, Quantity: from.Quantity, UnitPrice: price}
	}
	return read, nil
}

// malformed names the order, so that operators can repair it, unless the id itself is malformed and could be any text.
func malformed(item table.Item, what string) error {
	id := table.Text(item, "orderId")
	if !isID(id) {
		id = "without a valid id"
	}
	return gateway.Internal("MalformedItem", "order "+id+": "+what)
}

func isID(text string) bool {
	return len(text) <= maxID && idPattern.MatchString(text)
}

// isTimestamp formats the parsed time again and compares, because time.Parse is lenient: it also accepts a comma before
// the decimals.
func isTimestamp(text string) bool {
	parsed, err := time.Parse(timestamp, text)
	return err == nil && parsed.Format(timestamp) == text
}
