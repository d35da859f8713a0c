// Command local serves a synthesized stage on this machine: `make local` until Ctrl-C, `make demo` as long as the story lasts,
// `make e2e` as long as the end-to-end tests run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local"
)

const usage = `Serves a synthesized stage on this machine. It is for development only: it listens on loopback, and forgets everything at the end.

Usage: make demo        walks through the story and tries every cell of "Who may do what"
       make local       serves until Ctrl-C (WATCH=1 rebuilds handlers when their code changes)
       make e2e         serves while the end-to-end tests run
or:    go run ./cmd/local [flags] demo|serve|run command [argument …]

Flags:
`

func main() {
	// Not os.Exit in run: processes and ports are given back by deferred calls.
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(arguments []string, stdout, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options, error) { return parse(arguments, stderr) },
		func(ctx context.Context, o options) error { return o.do(ctx, stdout, stderr) })
}

// options are what the command line says.
type options struct {
	local.Config
	assembly, stage string
	// command is demo, serve or run; program is what run runs.
	command string
	program []string
}

func parse(arguments []string, stderr io.Writer) (options, error) {
	o := options{Config: local.Config{Root: "."}}
	flags := program.Flags("local", usage, stderr)
	flags.StringVar(&o.assembly, "assembly", "cdk.out", "folder of the cloud `assembly` that cdk synth wrote")
	flags.StringVar(&o.stage, "stage", "SecureCart-Dev", "`id` of the stage to serve")
	flags.StringVar(&o.Address, "address", "127.0.0.1", "loopback `address` to listen on")
	flags.IntVar(&o.Ports.AWS, "aws-port", 8701, "`port` of the AWS services, 0 for any")
	flags.IntVar(&o.Ports.API, "api-port", 8702, "`port` of the API, 0 for any")
	flags.IntVar(&o.Ports.Login, "login-port", 8703, "`port` of managed login, 0 for any")
	flags.IntVar(&o.Ports.Inbox, "inbox-port", 8704, "`port` of the inbox, 0 for any")
	flags.StringVar(&o.Storefront, "storefront", "", "`folder` of the built storefront, served at the stage's web origin; none if empty")
	flags.BoolVar(&o.Watch, "watch", false, "rebuild and restart handlers when their code changes")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	o.command, o.program = flags.Arg(0), flags.Args()
	switch {
	case o.command == "demo" && flags.NArg() == 1, o.command == "serve" && flags.NArg() == 1:
	case o.command == "run" && flags.NArg() > 1:
		o.program = o.program[1:]
	default:
		return options{}, fmt.Errorf("want demo, serve, or run with a command, got %q; -h explains them", strings.Join(flags.Args(), " "))
	}
	return o, nil
}

// do serves the stage as long as its command takes.
func (o options) do(ctx context.Context, stdout, stderr io.Writer) (err error) {
	read, err := assembly.Read(o.assembly)
	if err != nil {
		return err
	}
	stage, ok := read.Stage(o.stage)
	if !ok {
		var ids []string
		for _, s := range read.Stages {
			ids = append(ids, s.ID)
		}
		return fmt.Errorf("%s has no stage %q; there are %s", o.assembly, o.stage, strings.Join(ids, ", "))
	}
	o.Stage, o.AssetsFrom = stage, filepath.Join(o.assembly, "assembly-"+o.stage)
	o.Output = stderr
	if o.command != "serve" {
		// The program on the terminal tells what happens; the logs would be in between.
		var file *os.File
		if file, err = os.CreateTemp("", "securecart-local-*.log"); err != nil {
			return fmt.Errorf("keep a log: %w", err)
		}
		defer func() {
			if err != nil {
				err = fmt.Errorf("%w\nwhat the handlers and the API logged is in %s", errors.Join(err, file.Close()), file.Name())
				return
			}
			err = errors.Join(file.Close(), os.Remove(file.Name()))
		}()
		o.Output = file
	}
	server, err := local.Serve(ctx, o.Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	return unlessBroken(ctx, server.Broken(), func(ctx context.Context) error {
		switch o.command {
		case "demo":
			return demo(ctx, server, stdout)
		case "run":
			return runProgram(ctx, server, o.program)
		default:
			return serve(ctx, server, stdout)
		}
	})
}

var errBroken = errors.New("dynalite, the engine of the tables, has ended, and what was stored is gone: start again")

// unlessBroken does something as long as the stage can serve.
func unlessBroken(ctx context.Context, broken <-chan struct{}, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-broken:
			cancel(errBroken)
		case <-ctx.Done():
		}
	}()
	err := do(ctx)
	if cause := context.Cause(ctx); errors.Is(cause, errBroken) {
		return errors.Join(cause, err)
	}
	return err
}
