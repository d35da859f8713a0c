// Command registration is the user pool's pre sign-up and post confirmation trigger.
//
// Before sign-up it refuses what no page of the shop asks for. SignUp is a public operation at every app client's id,
// with every attribute that the client may write:
//
//	source           | decision
//	SignUp           | refused unless the client is Web and no attribute but email is given
//	ExternalProvider | passes: what providers state is mapped by the user pool
//	AdminCreateUser  | passes: only administrators can call it
//	any other        | refused
//
// Above all phone_number is refused: Cognito would send a message to it at the shop's cost, and confirm the sign-up
// with it instead of the mailbox. What cannot be found out is refused, too. Nothing is confirmed or verified here.
//
// After a confirmation it records the proof of a mailbox (see package proof): the browser that has entered the mailed
// code sends a challenge along with it, in ClientMetadata.
//
//	source                | first                                    | then
//	ConfirmForgotPassword | an earlier proof ends, sign-outs         | the challenge counts for 15 minutes
//	                      | everywhere, factors that were never      |
//	                      | sealed are removed                       |
//	ConfirmSignUp         | nothing                                  | the same, unless an administrator or a provider
//	                      |                                          | confirmed the account
//	any other             | nothing                                  | nothing
//
// A step that fails ends it: then nothing is proven, and an alarm can count the line in the log. The confirmation
// itself never fails, because it has happened, and an error would only hide that from the customer. Cognito may send an
// event again; every step can be repeated.
//
// validationData is not read and of clientMetadata only the challenge, because callers write them: see package proof
// for why the challenge needs no belief.
//
// Its environment:
//
//	CLIENTS_PARAMETER  name of the SSM parameter that holds the ids of the app clients
//	PROOFS_TABLE       the table Proofs
//
// What Cognito sends, takes back and does with an error:
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
