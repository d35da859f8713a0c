// Command local serves a synthesized stage on this machine: `make local` until Ctrl-C, `make demo` as long as the story
// lasts, `make e2e` as long as the end-to-end tests run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local"
)

func main() {
	// Not os.Exit in run: processes and ports are given back by deferred calls.
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(arguments []string, stdout, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options.Options, error) { return options.Parse(arguments, stderr) },
		func(ctx context.Context, o options.Options) error { return do(ctx, o, stdout, stderr) })
}

// do serves the stage as long as its command takes.
func do(ctx context.Context, o options.Options, stdout, stderr io.Writer) (err error) {
	config, err := configure(o, stdout)
	if err != nil {
		return err
	}
	config.Output = stderr
	if o.Command != "serve" {
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
		config.Output = file
	}
	server, err := local.Serve(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	return unlessBroken(ctx, server.Broken(), func(ctx context.Context) error {
		switch o.Command {
		case "demo":
			return demo(ctx, server, stdout)
		case "run":
			return runProgram(ctx, server, o.Program)
		default:
			return serve(ctx, server, stdout)
		}
	})
}

// configure finds the stage in the assembly.
func configure(o options.Options, stdout io.Writer) (local.Config, error) {
	read, err := assembly.Read(o.Assembly)
	if err != nil {
		return local.Config{}, err
	}
	stage, ok := read.Stage(o.Stage.ID())
	if !ok {
		var ids []string
		for _, s := range read.Stages {
			ids = append(ids, s.ID)
		}
		return local.Config{}, fmt.Errorf("%s has no stage %s; there are %s: synthesize anew",
			o.Assembly, o.Stage.ID(), strings.Join(ids, ", "))
	}
	if _, here := o.StorefrontPort(); !here && o.Storefront != "" {
		fmt.Fprintf(stdout, "Without a storefront: the web origin of %s is %s.\n", o.Stage.Name, o.Stage.Web.Origin)
		o.Storefront = ""
	}
	return local.Config{
		Root: ".", Stage: stage, AssetsFrom: filepath.Join(o.Assembly, "assembly-"+stage.ID),
		Address: o.Address, Ports: local.Ports(o.Ports), Storefront: o.Storefront, Watch: o.Watch,
	}, nil
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
