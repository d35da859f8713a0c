// Command orders is the function behind /orders.
//
//	GET /orders   a customer's own orders, newest first
//	POST /orders  checkout: places an order, after a step-up
//
// Its environment:
//
//	WEB_ORIGIN         the one origin whose pages may read the answers
//	STEP_UP_CLIENT_ID  the client whose tokens may place orders
//	REQUIRE_ACR        "true" if such a token must have the claim acr, else "false"
//	ORDERS_TABLE       name of the table Orders
//	PRODUCTS_TABLE     name of the table Products, which has the prices
//	CURSOR_KEY_ARN     the KMS key that seals cursors
package main

import (
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
)

func main() {
	function.Start("orders", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	cfg := function.AWSConfig(env)
	client := dynamodb.NewFromConfig(cfg)
	table := env.Required(contract.OrdersTable)
	key := newKMSKey(kms.NewFromConfig(cfg), env.Required(contract.CursorKeyARN))
	orders := &orderList{client: client, table: table, sealer: cursor.NewSealer(key, contract.CursorPurpose)}
	checkout := &checkout{
		client: client,
		table:  table,
		prices: &priceList{client: client, table: env.Required(contract.ProductsTable)},
		gate:   customer.GateFromEnvironment(env),
	}
	return newAPI(env.Origin(contract.WebOrigin), log, orders, checkout).Serve
}

func newAPI(origin string, log *slog.Logger, orders *orderList, checkout *checkout) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{
			"GET /orders":  orders.list,
			"POST /orders": checkout.place,
		},
	}
}
