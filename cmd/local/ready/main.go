// Command ready says, before anything else is built, whether cmd/local can serve: whether its command line is right,
// the stage exists and the ports are free. With drills it lists them. `make local` and `make demo` run it first.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local/port"
	"github.com/securecart/identity/test/drills/list"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options.Options, error) {
			o, err := options.Parse(arguments, stderr)
			if err == nil {
				err = errors.Join(port.Loopback(o.Address), o.Debuggable("."))
			}
			return o, err
		},
		func(_ context.Context, o options.Options) error {
			if o.Command == "drills" {
				fmt.Fprintf(stdout, "make drill NAME=<name> provokes on this machine:\n%s", list.Text())
				return nil
			}
			return o.Free()
		})
}
