package main

import (
	"log/slog"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	event  = "testdata/get-products.json"
	origin = "https://shop.example"
	// exposed are the headers that a page may read.
	exposed = "WWW-Authenticate,X-Amzn-Remapped-WWW-Authenticate,Location,Retry-After,X-Amzn-RequestId"
)

func TestMain(m *testing.M) {
	lambdatest.Run(m, main)
}

// api is the function with its table.
type api struct {
	*lambdatest.Function
	*productList
}

func newTestAPI(t *testing.T) *api {
	t.Helper()
	s := &api{productList: &productList{client: lambdatest.DynamoDB(t), table: lambdatest.Table(t, "Products")}}
	s.Function = lambdatest.NewFunction(func(log *slog.Logger) *gateway.API { return newAPI(origin, log, s.productList) })
	return s
}

type parameters map[string]string

// requestOf is a guest's event with query parameters.
func requestOf(t testing.TB, sent parameters) events.APIGatewayProxyRequest {
	t.Helper()
	return lambdatest.WithQuery(lambdatest.Event(t, event), sent)
}

// read returns a page of products, which must be answered.
func (s *api) read(t testing.TB, sent parameters) page {
	t.Helper()
	return lambdatest.Read[page](t, s.Function, requestOf(t, sent))
}

func skus(products []product) []string {
	skus := make([]string, len(products))
	for i, one := range products {
		skus[i] = one.SKU
	}
	return skus
}

// stored is a stored product.
type stored struct {
	storedProduct
	// Shelf is "" for a product that is not for sale.
	Shelf    string `dynamodbav:"shelf,omitempty"`
	Supplier string `dynamodbav:"supplier"`
}

func productOf(category, sku string) stored {
	price := int64(1499)
	return stored{
		storedProduct: storedProduct{
			SKU: sku, Name: "The " + sku, Description: "Good & cheap", Category: category,
			CategorySKU: category + "#" + sku, PriceMinor: &price, Currency: "EUR",
			Pictures: []string{"products/" + sku + "/front.webp"},
		},
		Shelf:    "for-sale",
		Supplier: "not-for-the-answer",
	}
}
