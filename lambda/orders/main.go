// Command orders is the function behind GET /orders: a customer's own orders,
// newest first.
//
// Its environment:
//
//	WEB_ORIGIN      the one origin whose pages may read the answers
//	ORDERS_TABLE    name of the table Orders
//	CURSOR_KEY_ARN  the KMS key that seals cursors
package main

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/kmskey"
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
	table := env.Required("ORDERS_TABLE")
	key := env.Required("CURSOR_KEY_ARN")
	cfg := upstream.Config(&env)
	if err := env.Err(); err != nil {
		return nil, err
	}
	orders := &archive{
		client: dynamodb.NewFromConfig(cfg),
		table:  table,
		sealer: cursor.NewSealer(kmskey.New(kms.NewFromConfig(cfg), key), cursorPurpose),
	}
	return newAPI(origin, log, orders), nil
}

func newAPI(origin string, log *slog.Logger, orders *archive) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{"GET /orders": orders.list},
	}
}
