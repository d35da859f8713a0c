package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	event  = "testdata/get-products.json"
	origin = "https://shop.example"
)

func TestMain(m *testing.M) {
	lambdatest.Run(m, main)
}

// shop is the function with its table and its log.
type shop struct {
	*shelf
	api *gateway.API
	log *bytes.Buffer
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{log: &bytes.Buffer{}}
	s.shelf = &shelf{client: dynamotest.Client(t), table: dynamotest.Table(t, "Products")}
	s.api = newAPI(origin, slog.New(slog.NewJSONHandler(s.log, nil)), s.shelf)
	return s
}

type parameters map[string]string

// requestOf is a guest's event with query parameters.
func requestOf(t testing.TB, sent parameters) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.Event(t, event)
	request.QueryStringParameters = sent
	request.MultiValueQueryStringParameters = make(map[string][]string)
	for name, value := range sent {
		request.MultiValueQueryStringParameters[name] = []string{value}
	}
	return request
}

func (s *shop) serve(t testing.TB, request events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	t.Helper()
	response, err := s.api.Serve(t.Context(), request)
	if err != nil {
		t.Fatalf("Serve: %v", err)
	}
	return response
}

// read returns a page that must be answered.
func (s *shop) read(t testing.TB, sent parameters) page {
	t.Helper()
	response := s.serve(t, requestOf(t, sent))
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET /products with %v: %d %s", sent, response.StatusCode, response.Body)
	}
	var got page
	if err := json.Unmarshal([]byte(response.Body), &got); err != nil {
		t.Fatalf("the answer is no page: %v", err)
	}
	return got
}

func skus(products []product) []string {
	skus := make([]string, len(products))
	for i, one := range products {
		skus[i] = one.SKU
	}
	return skus
}

// offered is a product as it is stored.
type offered struct {
	storedProduct
	// Shelf is "" for a product that is not for sale.
	Shelf    string `dynamodbav:"shelf,omitempty"`
	Supplier string `dynamodbav:"supplier"`
}

func productOf(category, sku string) offered {
	price := int64(1499)
	return offered{
		storedProduct: storedProduct{
			SKU: sku, Name: "The " + sku, Description: "Good & cheap", Category: category,
			CategorySKU: category + "#" + sku, PriceMinor: &price, Currency: "EUR",
			Pictures: []string{"products/" + sku + "/front.webp"},
		},
		Shelf:    "for-sale",
		Supplier: "not-for-the-answer",
	}
}
