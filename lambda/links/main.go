// Command links is the function behind /link-offers and /links. It connects the sign-in of a provider, such as Google,
// with an account that has a password, so that a customer of the provider can prove a second factor and buy. Only this
// function connects accounts.
//
//	POST /link-offers            a customer of a provider, signed in a moment ago, makes an offer
//	POST /links                  the account with a password redeems it, after a step-up
//	GET /links                   how the customer signs in, what is connected, and whether the customer can buy
//	DELETE /links?provider=NAME  disconnects a provider, after a step-up
//
// The customer proves both accounts, each by its own token. Their addresses must also agree. The customer is the sub of
// the token; a body names an offer, never an account.
//
// # What is refused
//
// Beside what every function refuses (400, 401, 413, 415, 422 for a body of the wrong content, 503 for a service that
// fails, with Retry-After):
//
//	POST /link-offers
//	  401  the sign-in is older than 5 minutes, or the account has been deleted or disabled
//	  409  the account has a password, or is connected
//	  422  the provider has told no address
//	POST /links
//	  404  no such offer
//	  409  the offer has been used by another account
//	  409  the caller signs in with a provider itself
//	  409  the account has five identities, which is AWS's limit
//	  409  the identity is connected with another account
//	  409  the account that signing in with the provider has made is disabled
//	  409  with Retry-After: another request is connecting the same identity
//	  410  the offer has expired
//	  422  provider or address are not those of the offer
//	  422  the caller's address is not verified, or is another than the provider's
//
// Repeating a request finishes what an interrupted one has begun, and answers the same.
//
// # How accounts are connected
//
// AdminLinkProviderForUser connects "a user identity who hasn't yet signed in", but the customer has signed in, to make
// the offer. So the profile of that sign-in is deleted first; it owns nothing, since no customer of a provider can buy.
// These are the steps in order; a repeated request may find each already done:
//
//  1. the offer is marked as used by the account
//  2. the record of the identity names the account, and blocks other requests for as long as this one can last
//  3. the account is marked, so that it is never mistaken for a profile of a provider
//  4. the profile is read, checked (see [service.removeProfile]) and deleted
//  5. the identity is linked
//  6. the record says so
//
// The user pool decides whether an identity is connected, never the record: the response to a successful link may be
// lost, and operators may disconnect.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
//
// An expired offer holds the customer's address and subject until its TTL deletes it, typically within two days.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
//
// # Environment
//
//	WEB_ORIGIN         the one origin whose pages may read the answers
//	STEP_UP_CLIENT_ID  the client whose tokens may connect and disconnect
//	REQUIRE_ACR        "true" if such a token must have the claim acr, else "false"
//	USER_POOL_ID       the pool that the customers are in
//	SECOND_FACTORS     what the pool asks for: TOTP, SMS, both separated by a comma, or empty
//	LINKS_TABLE        name of the table Links
//	PROOFS_TABLE       name of the table Proofs
package main

import (
	"log/slog"
	"os"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/proof"
	"github.com/securecart/identity/lambda/mfa"
)

func main() {
	function.Start("links", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	cfg := function.AWSConfig(env)
	offered, err := mfa.Read(os.Getenv(contract.SecondFactors))
	env.Refuse(err)
	links := &service{
		gate:    customer.GateFromEnvironment(env),
		pool:    userPool{client: cognito.NewFromConfig(cfg), id: env.Required(contract.UserPoolID)},
		links:   linkTable{client: dynamodb.NewFromConfig(cfg), name: env.Required(contract.LinksTable)},
		proofs:  proof.NewTable(cfg, env.Required(contract.ProofsTable)),
		factors: offered,
	}
	return newAPI(env.Origin(contract.WebOrigin), log, links).Serve
}

// service answers the routes. All fields but factors are required.
type service struct {
	gate   customer.Gate
	pool   userPool
	links  linkTable
	proofs *proof.Table
	// factors are the second factors that the pool offers.
	factors []mfa.Factor
}

func newAPI(origin string, log *slog.Logger, links *service) *gateway.API {
	return &gateway.API{
		Origin: origin,
		Log:    log,
		Routes: map[string]gateway.Handler{
			"POST /link-offers": links.offer,
			"POST /links":       links.connect,
			"GET /links":        links.show,
			"DELETE /links":     links.disconnect,
		},
	}
}
