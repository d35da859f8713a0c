// Command orders is the function behind /orders.
//
//	GET /orders   a customer's own orders, newest first
//	POST /orders  checkout: places an order, after a step-up
//
// Its environment:
//
//	WEB_ORIGIN         the one origin whose pages may read the answers
//	STEP_UP_CLIENT_ID  the client whose tokens may place orders
//	ORDERS_TABLE       name of the table Orders
//	PRODUCTS_TABLE     name of the table Products, which has the prices
//	CURSOR_KEY_ARN     the KMS key that seals cursors
package main

import (
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/kmskey"
	"github.com/securecart/identity/lambda/internal/stepup"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func main() {
	function.Start("orders", build)
}

func build(env *environment.Reader, log *slog.Logger) any {
	cfg := upstream.Config(env)
	client := dynamodb.NewFromConfig(cfg)
	table := env.Required("ORDERS_TABLE")
	key := kmskey.New(kms.NewFromConfig(cfg), env.Required("CURSOR_KEY_ARN"))
	placed := &archive{client: client, table: table, sealer: cursor.NewSealer(key, cursorPurpose)}
	till := &checkout{
		client: client,
		table:  table,
		prices: &priceList{client: client, table: env.Required("PRODUCTS_TABLE")},
		gate:   stepup.Gate{Client: env.Required("STEP_UP_CLIENT_ID"), Now: time.Now},
	}
	return newAPI(env.Origin("WEB_ORIGIN"), log, placed, till).Serve
}

func newAPI(origin string, log *slog.Logger, placed *archive, till *checkout) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{
			"GET /orders":  placed.list,
			"POST /orders": till.place,
		},
	}
}
