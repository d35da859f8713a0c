// Command customers is the function behind /profile and /payment-method. Both are stored in the customer's one item of
// the table Customers. The function does not call the user pool: front ends read the e-mail address, which the pool
// keeps, from the ID token.
//
//	GET /profile         the customer's profile
//	PUT /profile         sets or removes fields of it, after a step-up
//	PUT /payment-method  stores the payment provider's token, after a step-up
//
// Its environment:
//
//	WEB_ORIGIN         the one origin whose pages may read the answers
//	STEP_UP_CLIENT_ID  the client whose tokens may change something
//	REQUIRE_ACR        "true" if such a token must have the claim acr, else "false"
//	CUSTOMERS_TABLE    name of the table Customers
package main

import (
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
)

func main() {
	function.Start("customers", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	client := dynamodb.NewFromConfig(function.AWSConfig(env))
	gate, table := customer.GateFromEnvironment(env), env.Required(contract.CustomersTable)
	profiles := &profiles{client: client, table: table, gate: gate}
	methods := &paymentMethods{client: client, table: table, gate: gate}
	return newAPI(env.Origin(contract.WebOrigin), log, profiles, methods).Serve
}

func newAPI(origin string, log *slog.Logger, profiles *profiles, methods *paymentMethods) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{
			"GET /profile":        profiles.read,
			"PUT /profile":        profiles.change,
			"PUT /payment-method": methods.replace,
		},
	}
}
