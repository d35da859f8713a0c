// Command stages prints the configured stages, one a line, and fails if the named stage does not exist, or lacks what
// the command is about. It needs neither the CDK nor an account, so that make refuses before it builds anything.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/securecart/identity/config"
)

const usage = "Usage: go run ./cmd/stages [name [Delivery|Replica]]"

// part is a part of a stage that a command is about: `make delivery`, `make replica`.
type part struct {
	in func(config.Stage) bool
	// missing follows the name of a stage without the part.
	missing string
}

// parts are keyed by the field of the config.
var parts = map[string]part{
	"Delivery": {
		func(s config.Stage) bool { return s.Delivery.Pipeline() },
		`has no pipeline: enter Delivery in config/stages.go (docs/delivery.md, "Set up a stage")`,
	},
	"Replica": {
		func(s config.Stage) bool { return s.Replica != "" },
		`has no replica: enter Replica in config/stages.go (docs/operations.md, "A replica")`,
	},
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit code: 0; 1 if the stage does not exist or lacks the part; 2 if the command was called wrongly.
func run(args []string, out, errs io.Writer) int {
	if len(args) == 1 && (args[0] == "-h" || args[0] == "--help") {
		fmt.Fprintln(errs, usage)
		return 0
	}
	needed, known := part{}, true
	if len(args) == 2 {
		needed, known = parts[args[1]]
	}
	switch {
	case len(args) > 2, len(args) > 0 && args[0] == "", !known:
		fmt.Fprintln(errs, usage)
		return 2
	case len(args) > 0:
		stage, err := config.Named(config.Stages(), args[0])
		if err != nil {
			fmt.Fprintln(errs, err)
			return 1
		}
		if needed.in != nil && !needed.in(stage) {
			fmt.Fprintln(errs, stage.Name, needed.missing)
			return 1
		}
		return 0
	}
	for _, stage := range config.Stages() {
		fmt.Fprintln(out, stage.Name)
	}
	return 0
}
