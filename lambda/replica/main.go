// Command replica is the trigger of the user pool's copy in a second Region, for sign-ups and for tokens.
//
// The copy issues tokens in the pool's name, so it must issue none that the pool would refuse. This function therefore
// adds no scope, and takes all that give a power:
//
//	event                 | answer
//	pre token generation  | suppresses high-risk, offer and admin, for every client; adds nothing
//	pre sign-up           | refused: the copy cannot create customers
//	any other             | refused
//
// The words are those of package main in lambda/tokens. A customer of managed login keeps openid, email, profile and
// the scopes that read. A step-up or a visit to the settings gets a token without any scope.
//
// It looks nothing up: neither proofs nor the ids of clients are in its Region, and none could make it give more. It
// has no environment of its own, and its role may write its log and traces only (docs/adr/0027-replica.md).
package main

import (
	"log/slog"

	"github.com/securecart/identity/lambda/internal/function"
)

func main() { function.Start("replica", build) }

func build(_ *function.Environment, log *slog.Logger) any { return &trigger{log: log} }
