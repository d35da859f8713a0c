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
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/kmskey"
	"github.com/securecart/identity/lambda/internal/stepup"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	api, err := connect(log)
	if err != nil {
		log.Error("orders cannot start", slog.String("error", err.Error()))
		os.Exit(1)
	}
	lambda.Start(api.Serve)
}

// connect builds the API from the environment. It calls no service.
func connect(log *slog.Logger) (*gateway.API, error) {
	var env environment.Reader
	origin := env.Origin("WEB_ORIGIN")
	gate := stepup.Gate{Client: env.Required("STEP_UP_CLIENT_ID"), Now: time.Now}
	table := env.Required("ORDERS_TABLE")
	products := env.Required("PRODUCTS_TABLE")
	key := env.Required("CURSOR_KEY_ARN")
	cfg := upstream.Config(&env)
	if err := env.Err(); err != nil {
		return nil, err
	}
	client := dynamodb.NewFromConfig(cfg)
	placed := &archive{
		client: client,
		table:  table,
		sealer: cursor.NewSealer(kmskey.New(kms.NewFromConfig(cfg), key), cursorPurpose),
	}
	till := &checkout{client: client, table: table, prices: &priceList{client: client, table: products}, gate: gate}
	return newAPI(origin, log, placed, till), nil
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
