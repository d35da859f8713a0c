// Command unconfirmed removes accounts that were never confirmed. It runs on a schedule and ignores the event.
//
// Everybody can sign up any e-mail address, and the user pool keeps the account: the owner of the address could not
// sign up any more (squatting), and the list of users would grow without end. The code that is mailed lives for one
// day, so an account that is still UNCONFIRMED after two days is abandoned, unless its owner has asked for another code
// meanwhile, and then signs up again.
//
// A removal must not delete customers who confirm at that moment, and must not lock them out, wherever the run stops:
//
//	read     still UNCONFIRMED, older than two days, and enabled; what an operator has disabled is not touched
//	record   the user name goes into the item "unconfirmed-removals" of the table Proofs
//	disable
//	read     still UNCONFIRMED?
//	delete   if so; otherwise the customer has confirmed meanwhile: enable
//	forget   the user name leaves the item
//
// Every run first finishes what an earlier one left in the item. Only one run works at a time: it holds a lease in the
// same item, which ends when the run itself must have ended. Otherwise two runs, of which one stops, could leave a
// customer disabled whom no item names any more.
//
// Between the second read and the deletion the account is disabled. That Cognito refuses to confirm a disabled account
// is not documented; if it does not, customers who confirm within these milliseconds have to sign up once more.
//
// Its environment:
//
//	USER_POOL_ID  the user pool
//	PROOFS_TABLE  the table with the item
//
// It logs one line per run, with numbers only.
package main

import (
	"log/slog"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

func main() {
	function.Start("unconfirmed", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	pool := env.Required(contract.UserPoolID)
	table := env.Required(contract.ProofsTable)
	return newSchedule(log, function.AWSConfig(env), pool, table)
}
