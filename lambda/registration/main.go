// Command registration is the user pool's pre sign-up and post confirmation trigger.
//
// Before a sign-up it refuses requests that no page of the shop makes. Anybody can call SignUp with any app client's id
// and every attribute that the client may write:
//
//	source           | decision
//	SignUp           | refused unless the client is Web and no attribute but email is given
//	ExternalProvider | passes: what providers state is mapped by the user pool
//	AdminCreateUser  | passes: only administrators can call it
//	any other        | refused
//
// The most important refusal is that of phone_number: Cognito would send a message to it at the shop's cost, and
// confirm the sign-up with it instead of the mailbox. If a look-up fails, the sign-up is refused, too. The trigger
// confirms and verifies nothing.
//
// After a confirmation it records the proof of a mailbox (see package proof): the browser sends a challenge in
// ClientMetadata together with the mailed code.
//
//	source                | first                                    | then
//	ConfirmForgotPassword | an earlier proof ends, sign-outs         | the challenge counts for 15 minutes
//	                      | everywhere, factors that were never      |
//	                      | sealed are removed                       |
//	ConfirmSignUp         | nothing                                  | the same, unless an administrator or a provider
//	                      |                                          | confirmed the account
//	any other             | nothing                                  | nothing
//
// If a step fails, nothing is proven, and an alarm can count the line in the log. The confirmation itself never fails:
// it has already happened, and an error would only hide that from the customer. Cognito may send an event again, so
// every step can be repeated.
//
// Callers write validationData and clientMetadata. The trigger does not read the former, and only the challenge of the
// latter: package proof explains why the challenge need not be trusted.
//
// Its environment:
//
//	CLIENTS_PARAMETER  name of the SSM parameter that holds the ids of the app clients
//	PROOFS_TABLE       the table Proofs
//
// What Cognito sends, accepts as a response and does with an error:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package main

import (
	"log/slog"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

func main() {
	function.Start("registration", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	parameter := env.Required(contract.ClientsParameter)
	table := env.Required(contract.ProofsTable)
	return newTrigger(log, patience.Apply(function.AWSConfig(env)), parameter, table)
}
