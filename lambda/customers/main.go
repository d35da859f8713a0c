// Command customers is the function behind /profile and /payment-method: what a
// customer may see and change of their own account.
//
//	GET /profile         what the pool knows of the customer
//	PUT /profile         changes some of it, after a step-up
//	PUT /payment-method  keeps the payment provider's token, after a step-up
//
// It may read users of the pool and change none: a profile is changed with the
// customer's own token.
//
// Its environment:
//
//	WEB_ORIGIN         the one origin whose pages may read the answers
//	STEP_UP_CLIENT_ID  the client whose tokens may change something
//	USER_POOL_ID       the pool that the customers are in
//	CUSTOMERS_TABLE    name of the table Customers
package main

import (
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/stepup"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func main() {
	function.Start("customers", build)
}

func build(env *environment.Reader, log *slog.Logger) any {
	cfg := upstream.Config(env)
	gate := stepup.Gate{Client: env.Required("STEP_UP_CLIENT_ID"), Now: time.Now}
	profiles := &profiles{users: cognitoidentityprovider.NewFromConfig(cfg), pool: env.Required("USER_POOL_ID"), gate: gate}
	wallet := &wallet{client: dynamodb.NewFromConfig(cfg), table: env.Required("CUSTOMERS_TABLE"), gate: gate}
	return newAPI(env.Origin("WEB_ORIGIN"), log, profiles, wallet).Serve
}

func newAPI(origin string, log *slog.Logger, profiles *profiles, wallet *wallet) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{
			"GET /profile":        profiles.read,
			"PUT /profile":        profiles.change,
			"PUT /payment-method": wallet.keep,
		},
	}
}
