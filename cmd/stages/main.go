// Command stages prints the configured stages, one a line, and fails if the named stage does not exist. It needs
// neither the CDK nor an account, so that make refuses a wrong name before it builds anything.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/securecart/identity/config"
)

const usage = "Usage: go run ./cmd/stages [name]"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit code: 0, 1 if the stage does not exist, or 2 if the command was called wrongly.
func run(args []string, out, errs io.Writer) int {
	switch {
	case len(args) == 1 && (args[0] == "-h" || args[0] == "--help"):
		fmt.Fprintln(errs, usage)
		return 0
	case len(args) > 1, len(args) == 1 && args[0] == "":
		fmt.Fprintln(errs, usage)
		return 2
	case len(args) == 1:
		if _, err := config.Choose(config.Stages(), args[0]); err != nil {
			fmt.Fprintln(errs, err)
			return 1
		}
		return 0
	}
	for _, stage := range config.Stages() {
		fmt.Fprintln(out, stage.Name)
	}
	return 0
}
