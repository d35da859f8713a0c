// Command local serves a synthesized stage on this machine: `make local` until Ctrl-C, `make demo` as long as the story
// lasts, `make e2e` as long as the end-to-end tests run, `make drill` while something fails.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/drill"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/test/drills"
	"github.com/securecart/identity/test/e2e"
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

// do serves the stage as long as its command takes. A stop that was asked for is a success, unless a program was to be
// run to its end.
func do(ctx context.Context, o options.Options, stdout, stderr io.Writer) error {
	defer foreground()()
	err := start(ctx, o, &heartbeat{out: stdout}, stderr)
	if ctx.Err() != nil && o.Command != "run" && !errors.Is(err, errBroken) {
		fmt.Fprintln(stdout, "\nStopped, as asked: users, orders and keys are forgotten.")
		return nil
	}
	return err
}

// start serves the stage, and does with it what the command says.
func start(ctx context.Context, o options.Options, stdout *heartbeat, stderr io.Writer) (err error) {
	config, err := configure(o, stdout)
	if err != nil {
		return err
	}
	config.Output = stderr
	// So slow that nobody watches a customer wait for an authenticator's next code.
	clock := e2e.NewClock(2 * time.Minute)
	switch o.Command {
	case "demo":
		config.Now = clock.Now
	case "drill":
		config.Drill = drill.New()
	}
	if o.Command != "serve" {
		log, failed := openLog()
		if failed != nil {
			return failed
		}
		defer func() { err = log.close(err, ctx.Err() != nil) }()
		config.Output = log
	}
	// Libraries log there what the journal has a line for already, with parameters of requests that no line may have.
	slog.SetDefault(slog.New(slog.NewTextHandler(config.Output, &slog.HandlerOptions{Level: slog.LevelError})))
	stop := stdout.beat("starting the stage: compiling its functions takes a minute the first time", silence)
	server, err := local.Serve(ctx, config)
	stop()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	return unlessBroken(ctx, server.Broken(), func(ctx context.Context) error {
		switch o.Command {
		case "demo":
			defer stdout.beat("waiting for the next step", silence)()
			return demo(ctx, server, clock, stdout)
		case "drill":
			defer stdout.beat("customers shop", silence)()
			_, err := drills.Run(ctx, server, config.Drill, o.Drill, stdout)
			return err
		case "run":
			return runProgram(ctx, server, o.Program)
		default:
			return serve(ctx, &server, o, stdout)
		}
	})
}

// logFile takes what the handlers and the API log while a program on the terminal tells what happens.
type logFile struct{ *os.File }

func openLog() (logFile, error) {
	file, err := os.CreateTemp("", "securecart-local-*.log")
	if err != nil {
		return logFile{}, fmt.Errorf("keep a log: %w", err)
	}
	return logFile{file}, nil
}

// close keeps the log, and names it, if something failed that was not stopped.
func (l logFile) close(err error, stopped bool) error {
	if err != nil && !stopped {
		return fmt.Errorf("%w\nwhat the handlers and the API logged is in %s", errors.Join(err, l.Close()), l.Name())
	}
	return errors.Join(err, l.Close(), os.Remove(l.Name()))
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
		Address: o.Address, Ports: local.Ports(o.Ports), Storefront: o.Storefront, Watch: o.Watch, JSON: o.JSON,
		Debug: functions.Debug{Name: o.Debug, Port: o.DebugPort},
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
