package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

const (
	postEvent = "testdata/post-orders.json"

	// key and mugs are the event's key and body.
	key  = "3f0c7d9a-5b1e-4c62-9a7f-0d1e2f3a4b5c"
	mugs = `{"items":[{"sku":"mug-blue","quantity":3}]}`

	stepUp = "2hexampleclientid0stepup0a"
)

// arrival is when the event's request arrived, a minute after the sign-in.
var arrival = time.UnixMilli(1784115962123)

// newStockedShop is a shop that sells a few things.
func newStockedShop(t *testing.T) *api {
	t.Helper()
	s := newTestAPI(t)
	old := forSale("mug-old", 999, "EUR")
	delete(old, "shelf")
	s.offer(t, forSale("mug-blue", 1499, "EUR"), forSale("mug-red", 1599, "EUR"), forSale("tea", 0, "EUR"),
		forSale("cuckoo-clock", 19900, "CHF"), old)
	return s
}

// forSale returns the attributes of a product that is for sale.
func forSale(sku string, price int64, currency string) map[string]any {
	return map[string]any{
		"sku": sku, "name": "The " + sku, "priceMinor": price, "currency": currency,
		"shelf": shop.ForSale, "categorySku": "all#" + sku,
	}
}

// offer stores products, or changes them.
func (s *api) offer(t *testing.T, products ...map[string]any) {
	t.Helper()
	lambdatest.Put(t, s.checkout.prices.table, products...)
}

// orderRequest is the event with another customer, key and body.
func orderRequest(t testing.TB, customer, key, body string) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.Event(t, postEvent)
	lambdatest.Claims(request)["sub"] = customer
	request.Headers["Idempotency-Key"], request.MultiValueHeaders["Idempotency-Key"] = key, []string{key}
	request.Body = body
	return request
}

// place returns the response to an order that must be accepted.
func (s *api) place(t *testing.T, customer, key, body string) events.APIGatewayProxyResponse {
	t.Helper()
	response := s.Serve(t, orderRequest(t, customer, key, body))
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("POST /orders with %s: %d %s; want 201", body, response.StatusCode, response.Body)
	}
	return response
}

// records returns all items of the table Orders.
func (s *api) records(t *testing.T) []table.Item {
	t.Helper()
	input := &dynamodb.ScanInput{TableName: aws.String(s.table), ConsistentRead: aws.Bool(true)}
	output, err := lambdatest.DynamoDB(t).Scan(t.Context(), input)
	if err != nil {
		t.Fatalf("read the orders: %v", err)
	}
	return output.Items
}

// wantRefusal checks that a response is a problem, and that nothing was stored.
func (s *api) wantRefusal(t *testing.T, response events.APIGatewayProxyResponse, status int, detail string) {
	t.Helper()
	lambdatest.WantProblem(t, response, status, detail)
	s.wantNothingStored(t)
}

func (s *api) wantNothingStored(t *testing.T) {
	t.Helper()
	if stored := s.records(t); len(stored) != 0 {
		t.Errorf("stored %v, want nothing", stored)
	}
}
