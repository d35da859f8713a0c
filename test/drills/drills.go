// Package drills provokes failures on a stage that is served on this machine, while customers use it by real HTTP
// calls. It shows what they see, which alarms would start by the stage's own definitions over what was counted, and
// the page that says what to do. `make drill` runs it.
package drills

import (
	"fmt"
	"strings"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/drill"
)

// failures break something, or mend it, by the name of the drill.
var failures = map[string]func(server *local.Server, d *drill.Drill, broken bool) error{
	"handler-down":    takeDown("Orders"),
	"trigger-failing": takeDown("Tokens"),
	"table-throttled": throttle("Orders"),
	"signing-keys-replaced": func(server *local.Server, _ *drill.Drill, broken bool) error {
		if !broken {
			return nil // new sign-ins mend it
		}
		return server.ReplaceSigningKeys()
	},
}

// takeDown fails a function, by the beginning of its logical id.
func takeDown(id string) func(*local.Server, *drill.Drill, bool) error {
	return func(server *local.Server, d *drill.Drill, broken bool) error {
		for arn, function := range server.Stage().Functions {
			if strings.HasPrefix(function.LogicalID, id+"Function") {
				d.TakeDown(arn, broken)
				return nil
			}
		}
		return fmt.Errorf("the stage has no function %s", id)
	}
}

// throttle refuses requests to a table, by the beginning of its logical id.
func throttle(id string) func(*local.Server, *drill.Drill, bool) error {
	return func(server *local.Server, d *drill.Drill, broken bool) error {
		for _, table := range server.Stage().Tables {
			if strings.Contains(table.Name, "-"+id) {
				d.Throttle(table.Name, broken)
				return nil
			}
		}
		return fmt.Errorf("the stage has no table %s", id)
	}
}
