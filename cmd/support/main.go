// Command support is the support desk: it finds a customer, shows the state of the account, signs out, disables and
// enables, resets a lost second factor, and exports and erases the customer's data. `make support` runs it;
// docs/support.md is its manual.
//
// It exits with 0 if the command succeeded, 1 if it was refused or failed, or the customer was not found, and 2 if the
// command line is wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support"
)

func main() {
	// Not os.Exit in run: temporary files are removed by deferred calls.
	os.Exit(run(os.Args[1:], terminal{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, open: open, environment: os.Getenv,
	}))
}

// terminal is the program's input and output.
type terminal struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// open starts a session of the role with which the command works.
	open func(ctx context.Context, o options) (*support.Desk, error)
	// environment looks a variable up.
	environment func(string) string
}

func run(arguments []string, t terminal) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, stop)
	o, err := parse(arguments, t)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return program.Done
	case err != nil:
		fmt.Fprintln(t.stderr, printable(err.Error()))
		return program.Misuse
	}
	ticks := time.NewTicker(silence)
	defer ticks.Stop()
	return t.do(ctx, o, ticks.C)
}

// do runs the command, and reports an error in one sentence.
func (t terminal) do(ctx context.Context, o options, ticks <-chan time.Time) int {
	p := startProgress(t.stderr, ticks)
	err := t.work(ctx, o, p)
	p.stop()
	if err != nil {
		fmt.Fprintln(t.stderr, t.paint(t.stderr, red, printable(support.Explain(err)+hint(o, err))))
		return program.Failed
	}
	return program.Done
}

func (t terminal) work(ctx context.Context, o options, p *progress) error {
	if o.mfaDevice != "" && o.mfaCode == "" {
		code, err := t.ask(ctx, "Code of the MFA device: ")
		if err != nil {
			return err
		}
		o.mfaCode = code
	}
	p.report("assuming the role " + string(o.command.role))
	desk, err := t.open(ctx, o)
	if err != nil {
		return err
	}
	desk.Progress = p.report
	return o.command.do(ctx, &work{terminal: t, options: o, desk: desk, progress: p})
}

// hint says how to erase the remaining data of a customer whose account is already deleted.
func hint(o options, err error) string {
	if missing := new(support.NotFound); errors.As(err, &missing) && o.command.name == "erase" && o.sub == "" {
		return "; if the account is gone already, `erase -sub <sub>` removes what is left"
	}
	return ""
}
