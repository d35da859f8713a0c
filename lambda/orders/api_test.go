package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/cursor/cursortest"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	event  = "testdata/get-orders.json"
	origin = "https://shop.example"
	// exposed are the headers that a page may read.
	exposed = "WWW-Authenticate,X-Amzn-Remapped-WWW-Authenticate,Location,Retry-After,X-Amzn-RequestId"

	// alice is the customer of the event.
	alice = "c3d4e5f6-a7b8-4c9d-8e0f-1a2b3c4d5e6f"
	bob   = "b0b0b0b0-0000-4000-8000-000000000001"
)

func TestMain(m *testing.M) {
	lambdatest.Run(m, main)
}

// api is the function with its tables and its key.
type api struct {
	*lambdatest.Function
	*orderList
	checkout *checkout
	key      *cursortest.Key
}

func newTestAPI(t *testing.T) *api {
	t.Helper()
	s := &api{key: cursortest.NewKey(t)}
	s.orderList = &orderList{
		client: lambdatest.DynamoDB(t),
		table:  lambdatest.Table(t, "Orders"),
		sealer: cursor.NewSealer(s.key, contract.CursorPurpose),
	}
	s.checkout = &checkout{
		client: lambdatest.DynamoDB(t),
		table:  s.table,
		prices: &priceList{client: lambdatest.DynamoDB(t), table: lambdatest.Table(t, "Products")},
		gate:   customer.Gate{Client: stepUp, Now: func() time.Time { return arrival }},
	}
	s.Function = lambdatest.NewFunction(func(log *slog.Logger) *gateway.API {
		return newAPI(origin, log, s.orderList, s.checkout)
	})
	return s
}

type parameters map[string]string

// requestOf is the event with another customer and with query parameters.
func requestOf(t testing.TB, sub string, sent parameters) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.WithQuery(lambdatest.Event(t, event), sent)
	lambdatest.Claims(request)["sub"] = sub
	return request
}

// read returns a page of orders, which must be answered.
func (s *api) read(t testing.TB, sub string, sent parameters) page {
	t.Helper()
	return lambdatest.Read[page](t, s.Function, requestOf(t, sub, sent))
}

func ids(orders []order) []string {
	ids := make([]string, len(orders))
	for i, one := range orders {
		ids[i] = one.ID
	}
	return ids
}

// placed is an order in the form in which checkout stores it.
type placed struct {
	CustomerID string `dynamodbav:"customerId"`
	storedOrder
	IdempotencyKey string `dynamodbav:"idempotencyKey"`
}

func orderOf(sub, id, createdAt string) placed {
	total, price := int64(4497), int64(1499)
	return placed{
		CustomerID: sub,
		storedOrder: storedOrder{
			OrderID: id, CreatedAt: createdAt, Status: "paid", Currency: "EUR", TotalMinor: &total,
			Lines: []storedLine{{SKU: "mug-blue", Name: "Mug <blue>", Quantity: 3, UnitPriceMinor: &price}},
		},
		IdempotencyKey: "not-for-the-answer",
	}
}
