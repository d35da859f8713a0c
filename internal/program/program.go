// Package program is what the commands of this module have in common: how they begin, are interrupted, and end.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	Done   = 0 // done, or help was asked for
	Failed = 1 // refused, not found or failed
	Misuse = 2 // called wrongly
)

// ErrTold is returned by work that has failed and has said so: Run adds nothing.
var ErrTold = errors.New("failed")

// Run parses a command line and does what it says, until an interrupt (Ctrl-C, SIGTERM) ends the context. It writes the
// error of either to stderr, and returns the exit code: Misuse if parse fails, Failed if do does.
func Run[Options any](
	stderr io.Writer, parse func() (Options, error), do func(context.Context, Options) error,
) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse()
	switch {
	case errors.Is(err, flag.ErrHelp):
		return Done
	case err != nil:
		fmt.Fprintln(stderr, err)
		return Misuse
	}
	err = do(ctx, o)
	switch {
	case errors.Is(err, ErrTold):
		return Failed
	case err != nil:
		fmt.Fprintln(stderr, err)
		return Failed
	}
	return Done
}

// Flags returns the flags of a command, which explains itself by usage and the list of its flags.
func Flags(name, usage string, stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	return flags
}

// IsTerminal reports whether somebody is looking at what is written.
func IsTerminal(to io.Writer) bool {
	file, isFile := to.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
