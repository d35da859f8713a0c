// Command ready says, before anything else is built, whether cmd/local can serve: whether its command line is right,
// the stage exists and the ports are free. `make local` and `make demo` run it first.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local/port"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

func run(arguments []string, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options.Options, error) {
			o, err := options.Parse(arguments, stderr)
			if err == nil {
				err = errors.Join(port.Loopback(o.Address), o.Debuggable("."))
			}
			return o, err
		},
		func(_ context.Context, o options.Options) error { return o.Free() })
}
