// Command catalog is the function behind GET /products: what is for sale, for
// guests and customers alike. API Gateway has checked their AWS credentials; the
// answer is the same for everyone.
//
// Its environment:
//
//	WEB_ORIGIN      the one origin whose pages may read the answers
//	PRODUCTS_TABLE  name of the table Products
package main

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	api, err := connect(log)
	if err != nil {
		log.Error("catalog cannot start", slog.String("error", err.Error()))
		os.Exit(1)
	}
	lambda.Start(api.Serve)
}

// connect builds the API from the environment. It calls no service.
func connect(log *slog.Logger) (*gateway.API, error) {
	var env environment.Reader
	origin := env.Origin("WEB_ORIGIN")
	table := env.Required("PRODUCTS_TABLE")
	cfg := upstream.Config(&env)
	if err := env.Err(); err != nil {
		return nil, err
	}
	return newAPI(origin, log, &shelf{client: dynamodb.NewFromConfig(cfg), table: table}), nil
}

func newAPI(origin string, log *slog.Logger, products *shelf) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{"GET /products": products.list},
	}
}
