// Package program is the common part of this module's commands: flags, interrupts and exit codes.
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

// ErrTold is returned by work that has failed and has already reported why: Run prints nothing more.
var ErrTold = errors.New("failed")

// Run parses a command line and calls do, whose context an interrupt (Ctrl-C, SIGTERM) ends. It writes the error of
// either to stderr, and returns the exit code: Misuse if parse fails, Failed if do fails.
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

// FlagSet are the flags of a command. Its help shows the usage and the list of flags.
type FlagSet struct {
	*flag.FlagSet
	// TakesArguments allows arguments after the flags. Otherwise Parse refuses them, because a flag after an argument
	// would be ignored.
	TakesArguments bool

	usage  string
	stderr io.Writer
	// stage is the value of -stage; nil if the command has no such flag.
	stage *string
}

// Flags returns an empty set of flags for a command.
func Flags(name, usage string, stderr io.Writer) *FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	// Run prints the error, so the flag package must not.
	flags.SetOutput(io.Discard)
	return &FlagSet{FlagSet: flags, usage: usage, stderr: stderr}
}

// Stage adds the flag -stage. Parse refuses a command line without it.
func (f *FlagSet) Stage() *string {
	f.stage = f.String("stage", "", "`name` of the stage, such as Dev")
	return f.stage
}

// CDK adds the flags of a command that runs the CDK CLI on a synthesized assembly.
func (f *FlagSet) CDK(assembly, cli *string) {
	f.StringVar(assembly, "assembly", "cdk.out", "folder of the cloud `assembly` that cdk synth wrote")
	f.StringVar(cli, "cdk", "cdk", "`command` of the CDK CLI")
}

// Parse reads the flags, and prints help if requested. The error of a wrong flag says how to get help.
func (f *FlagSet) Parse(arguments []string) error {
	err := f.FlagSet.Parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(f.stderr, f.usage)
		f.SetOutput(f.stderr)
		f.PrintDefaults()
		return err
	case err != nil:
		return fmt.Errorf("%w; -h lists the flags", err)
	case f.NArg() > 0 && !f.TakesArguments:
		return fmt.Errorf("%s takes no argument, got %q", f.Name(), f.Args())
	case f.stage != nil && *f.stage == "":
		return fmt.Errorf("which stage? add -stage <name>; or `make %s STAGE=<name>` (go run ./cmd/stages lists them)",
			f.Name())
	}
	return nil
}

// Run parses the arguments and calls do, which reads the values of the flags. It returns the exit code, as the function
// [Run] does.
func (f *FlagSet) Run(arguments []string, do func(context.Context) error) int {
	return Run(f.stderr,
		func() (struct{}, error) { return struct{}{}, f.Parse(arguments) },
		func(ctx context.Context, _ struct{}) error { return do(ctx) })
}

// IsTerminal reports whether the output is a terminal.
func IsTerminal(to io.Writer) bool {
	file, isFile := to.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
