// Command tokens decides which scopes an access token gets. It is the user pool's pre token generation trigger, event
// version V2_0, and what makes step-up sign-in hold: API Gateway lets an order, a profile, a payment method or a
// connected provider be changed only with a scope that is in no token unless this function adds it.
//
// The first row that fits decides:
//
//	client  | source         | factor | trust | proof | outcome  | adds             | keeps | suppresses       | writes
//	StepUp  | Authentication | asked  | yes   | any   | elevated | reads, high-risk | -     | offer, admin     | -
//	StepUp  | Authentication | asked  | no    | yes   | elevated | reads, high-risk | -     | offer, admin     | seal
//	Account | Authentication | any    | any   | yes   | settings | -                | admin | ours             | suspend
//	Web     | of Web         | any    | any   | any   | browse   | reads, offer     | -     | high-risk, admin | -
//	any     | any            | any    | any   | any   | stripped | -                | -     | ours, admin      | -
//
// A source stands for TokenGeneration_ and its name. The rest of the words:
//
//	of Web    = HostedAuth, RefreshTokens, Authentication
//	asked     = totp, sms
//	ours      = reads, offer, high-risk
//	reads     = contract.ReadScopes
//	offer     = securecart/links.offer
//	high-risk = contract.HighRiskScopes
//	admin     = aws.cognito.signin.user.admin
//
// No token carries both a high-risk scope and admin, which lets a token replace the user's factors without passing API
// Gateway: a stolen token gives one of the two powers, never both.
//
// A factor is asked, or asked for, if it is active, preferred and offered by the stage, because only then does Cognito
// ask for it at every sign-in. It is trusted if it is the kind of factor that was sealed (factorTrustedAt, factorKind)
// and no Account token was issued since (factorSuspendedAt is not set): such a token can replace the factor, also by
// one that Cognito lists and does not ask for. All three are in the table Proofs.
//
// A sign-in is proven if its clientMetadata holds, as proof_verifier, the verifier of the mailbox that was proven last,
// not more than 15 minutes ago. Nothing else of clientMetadata is read and nothing in it is believed, because its
// writer is the caller: the verifier has to match. Sealing spends the proof. A seal or a suspension fails, and the
// sign-in with it, if the proof is no longer the one that was compared.
//
// The trigger cannot see to which challenge a sign-in has answered; clientMetadata that came with PASSWORD_VERIFIER
// looks like clientMetadata that came with SOFTWARE_TOKEN_MFA. That a match at StepUp proves the factor was asked for
// rests on the front end, which has the verifier and sends it at StepUp with the answer to the factor only. Cognito
// hands a trigger the clientMetadata of the one RespondToAuthChallenge that ends the sign-in and does not store it from
// call to call. So had Cognito not asked for the factor, the verifier would never have been sent, and an attacker's
// sign-in has none to send. Front ends that send it with every answer would lose this protection.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
//
// What cannot be found out is never guessed: the function then returns an error and Cognito issues no token at all.
//
// Its environment:
//
//	SECOND_FACTORS     what the pool asks for: TOTP, SMS, both separated by a comma, or empty; no other factor counts
//	CLIENTS_PARAMETER  name of the SSM parameter with the ids of the app clients, see package appclient
//	PROOFS_TABLE       name of the table Proofs, see package proof
//
// The id of the pool is not in it: CloudFormation makes the pool after the functions that it calls. Events have it.
//
// What Cognito sends, accepts as a response and does with an error:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package main

import (
	"log/slog"
	"os"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/mfa"
)

func main() {
	function.Start("tokens", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	known := settings{
		parameter: env.Required(contract.ClientsParameter),
		proofs:    env.Required(contract.ProofsTable),
	}
	cfg := function.AWSConfig(env)
	var err error
	known.offered, err = mfa.Read(os.Getenv(contract.SecondFactors))
	env.Refuse(err)
	return newTrigger(log, patience.Apply(cfg), known)
}
