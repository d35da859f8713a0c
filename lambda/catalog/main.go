// Command catalog is the function behind GET /products: it lists the products for sale, to guests and customers alike.
// API Gateway has verified their AWS credentials; the response is the same for everyone.
//
// Its environment:
//
//	WEB_ORIGIN      the one origin whose pages may read the answers
//	PRODUCTS_TABLE  name of the table Products
package main

import (
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
)

func main() {
	function.Start("catalog", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	products := &productList{
		client: dynamodb.NewFromConfig(function.AWSConfig(env)),
		table:  env.Required(contract.ProductsTable),
	}
	return newAPI(env.Origin(contract.WebOrigin), log, products).Serve
}

func newAPI(origin string, log *slog.Logger, products *productList) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{"GET /products": products.list},
	}
}
