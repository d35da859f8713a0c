// Command userexport writes every user of the user pool to a locked bucket once a day, since AWS keeps no copy of a
// pool. It runs on a schedule, every hour, and ignores the event: the first run of a day (UTC) begins the day's export,
// and the others continue it until it is complete.
//
// An export is enough to create the users again, without what is secret: passwords and authenticators cannot be
// read, so restored customers choose a new password by the mailed code and set up their factor again. Which kind of
// factor they had is not in the export either, but in the table Proofs (docs/adr/0026-user-exports.md). Only the
// fields of type user are written (docs/runbooks/pool-restored.md).
//
//	users/2026/11/30/1/part-0001.jsonl   one user per line
//	users/2026/11/30/1/complete.json     how many there are; an export without it is unfinished
//
// A run may be stopped at any point: the item "users-export" of the table Proofs holds which part comes next, and the
// same part is written again under the same name. Only one run works at a time: it holds a lease in that item. If
// Cognito refuses the position at which an earlier run has stopped, the export begins anew, in another folder (2).
// Users who sign up or change while an export runs are in it or not: it is no snapshot.
//
// Its environment:
//
//	USER_POOL_ID    the user pool
//	PROOFS_TABLE    the table with the item
//	EXPORTS_BUCKET  the bucket
//
// It logs one line per run, which holds only numbers.
package main

import (
	"log/slog"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

func main() {
	function.Start("userexport", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	pool := env.Required(contract.UserPoolID)
	table := env.Required(contract.ProofsTable)
	bucket := env.Required(contract.ExportsBucket)
	return newExporter(log, function.AWSConfig(env), pool, table, bucket)
}
