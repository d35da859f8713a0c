// Command tokens decides which scopes an access token gets. It is the user pool's
// pre token generation trigger, event version V2_0, and what makes step-up
// sign-in hold: API Gateway lets an order, a profile or a payment method be
// changed only with a scope that is in no token unless this function adds it.
//
// The first row that fits decides. A factor counts if it is both active and
// preferred, because only then does Cognito ask for it at every sign-in:
//
//	client | source                                      | factor    | outcome  | adds          | keeps | suppresses
//	StepUp | Authentication                              | totp, sms | elevated | reads, writes | admin | -
//	StepUp | Authentication                              | none      | enrol    | -             | admin | reads, writes
//	StepUp | any                                         | any       | stripped | -             | -     | reads, writes, admin
//	Web    | HostedAuth, RefreshTokens, Authentication   | any       | browse   | reads         | -     | writes, admin
//	any    | any                                         | any       | stripped | -             | -     | reads, writes, admin
//
// A source stands for TokenGeneration_ and its name, and the scopes are:
//
//	reads  = securecart/orders.read, securecart/profile.read
//	writes = securecart/orders.write, securecart/profile.write, securecart/payment.write
//	admin  = aws.cognito.signin.user.admin
//
// admin lets a token change the user's own profile and factors without passing
// API Gateway. A StepUp token without a factor keeps it, or nobody could enrol one.
//
// What cannot be found out is never guessed: the function then returns an error
// and Cognito issues no token at all. clientMetadata is not read, because whoever
// signs in writes it.
//
// Its environment:
//
//	SECOND_FACTORS     what the pool asks for: TOTP, SMS, both separated by a comma, or empty; no other factor counts
//	CLIENTS_PARAMETER  name of the SSM parameter that holds {"stepUp":"<client id>","web":"<client id>"}
//
// The ids are not in the environment themselves, nor is the pool's: each would
// make CloudFormation wait for what waits for this function.
//
// What Cognito sends, takes back and does with an error:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package main

import (
	"log/slog"
	"os"

	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func main() {
	function.Start("tokens", build)
}

func build(env *environment.Reader, log *slog.Logger) any {
	parameter := env.Required("CLIENTS_PARAMETER")
	cfg := upstream.Config(env)
	offered, err := readFactors(os.Getenv("SECOND_FACTORS"))
	env.Refuse(err)
	return newTrigger(log, patience.Apply(cfg), parameter, offered)
}
