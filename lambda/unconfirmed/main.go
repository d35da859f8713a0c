// Command unconfirmed removes accounts that were never confirmed. It runs on a schedule and ignores the event.
//
// Anybody can sign up with any e-mail address, and the user pool keeps the account: the address's owner could no longer
// sign up (squatting), and the list of users would grow without end. The mailed code is valid for one day, so an
// account that is still UNCONFIRMED after two days is abandoned. An owner who has requested another code meanwhile must
// sign up again.
//
// A removal must not delete customers who confirm at that moment, and must not lock them out, at whatever step the run
// stops:
//
//	read     still UNCONFIRMED, older than two days, and enabled; what an operator has disabled is not touched
//	record   the user name goes into the item "unconfirmed-removals" of the table Proofs
//	disable
//	read     still UNCONFIRMED?
//	delete   if so; otherwise the customer has confirmed meanwhile: enable
//	forget   the user name leaves the item
//
// Every run first finishes the removals that an earlier run left in the item. Only one run works at a time: it holds a
// lease in the same item, which expires when the run itself must have ended. Without the lease two runs, of which one
// stops, could leave a customer disabled whom the item no longer names.
//
// Between the second read and the deletion the account is disabled. AWS does not document whether Cognito refuses to
// confirm a disabled account. If it does not, customers who confirm within these milliseconds must sign up again.
//
// Its environment:
//
//	USER_POOL_ID  the user pool
//	PROOFS_TABLE  the table with the item
//
// It logs one line per run, which holds only numbers.
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
