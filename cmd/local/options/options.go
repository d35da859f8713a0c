// Package options reads the command line of cmd/local. It imports nothing that takes long to compile, so that
// cmd/local/ready refuses what cannot be served before anything else is built.
package options

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/local/port"
	"github.com/securecart/identity/test/drills/list"
)

const usage = `Serves a synthesized stage on this machine. It is for development only: ` +
	`it listens on loopback, and forgets
everything at the end.

Usage: make demo        walks through the story and tries every cell of "Who may do what"
       make local       serves until Ctrl-C (STAGE=Staging: that stage; ARGS="-log json": flags; WATCH=1: see -watch)
       make e2e         serves while the end-to-end tests run
       make drill       lists failures; NAME=table-throttled provokes one while customers shop
or:    go run ./cmd/local [flags] demo|serve|run command [argument …]|drills|drill name

Flags:
`

// Ports are the ports to listen on; 0 takes any that is free.
type Ports struct{ AWS, API, Login, Inbox, Providers int }

// Options are what the command line says.
type Options struct {
	// Assembly is the folder of the cloud assembly, and Stage the stage in it that is served.
	Assembly string
	Stage    config.Stage
	// Address is the loopback address to listen on.
	Address string
	Ports   Ports
	// Storefront is the folder of the built storefront; empty if none is served.
	Storefront string
	Watch      bool
	// Debug is the folder below lambda/ of the function that runs under Delve, at DebugPort; empty if none does.
	Debug     string
	DebugPort int
	// JSON says that each line of the log is a JSON object.
	JSON bool
	// Command is demo, serve, run, drills or drill; Program is what run runs, Drill which one is run.
	Command string
	Program []string
	Drill   list.Drill
}

// Parse reads the arguments. Its errors name the value, and what may stand in its place.
func Parse(arguments []string, stderr io.Writer) (Options, error) {
	var o Options
	var stage string
	flags := program.Flags("local", usage, stderr)
	flags.TakesArguments = true
	flags.StringVar(&o.Assembly, "assembly", "cdk.out", "folder of the cloud `assembly` that cdk synth wrote")
	flags.StringVar(&stage, "stage", "Dev", "`name` of the stage to serve")
	flags.StringVar(&o.Address, "address", "127.0.0.1", "loopback `address` to listen on")
	flags.IntVar(&o.Ports.AWS, "aws-port", 8701, "`port` of the AWS services, 0 for any")
	flags.IntVar(&o.Ports.API, "api-port", 8702, "`port` of the API, 0 for any")
	flags.IntVar(&o.Ports.Login, "login-port", 8703, "`port` of managed login, 0 for any")
	flags.IntVar(&o.Ports.Inbox, "inbox-port", 8704, "`port` of the inbox, 0 for any")
	flags.IntVar(&o.Ports.Providers, "providers-port", 8705,
		"`port` of the pages in place of Google and other identity providers, 0 for any")
	flags.StringVar(&o.Storefront, "storefront", "",
		"`folder` of the built storefront, served at the stage's web origin; none if empty")
	flags.BoolVar(&o.Watch, "watch", false,
		"rebuild handlers when their code changes, synthesize the stage anew when config, stacks or constructs do;\n"+
			"serve the storefront from its source, hot")
	flags.StringVar(&o.Debug, "debug", "",
		"`function` below lambda/ that runs under the debugger Delve, without time-outs")
	flags.IntVar(&o.DebugPort, "debug-port", 2345, "`port` at which debuggers attach")
	log := flags.String("log", "text", "`form` of the log: text, or json")
	if err := flags.Parse(arguments); err != nil {
		return Options{}, err
	}
	if o.JSON = *log == "json"; !o.JSON && *log != "text" {
		return Options{}, fmt.Errorf("-log must be text or json, got %q", *log)
	}
	if o.Debug != "" && o.Watch {
		return Options{}, errors.New("-debug and WATCH=1 exclude each other: a function that is debugged stays as it is")
	}
	o.Command, o.Program = flags.Arg(0), flags.Args()
	switch {
	case o.Command == "demo" && flags.NArg() == 1, o.Command == "serve" && flags.NArg() == 1:
	case o.Command == "run" && flags.NArg() > 1:
		o.Program = o.Program[1:]
	case o.Command == "drills" && flags.NArg() == 1:
	case o.Command == "drill" && flags.NArg() == 2:
		var err error
		if o.Drill, err = list.Named(flags.Arg(1)); err != nil {
			return Options{}, err
		}
	default:
		return Options{}, fmt.Errorf(
			"want demo, serve, run with a command, drills, or drill with a name, got %q; -h explains them",
			strings.Join(flags.Args(), " "))
	}
	if stage == "" {
		return Options{}, errors.New("-stage must name a stage, got an empty name; leave it out for Dev")
	}
	var err error
	o.Stage, err = config.Named(config.LocalStages(), stage)
	return o, err
}

// StorefrontPort is the port of the stage's web origin, and whether a storefront can be served there: only Dev's
// origin is on this machine.
func (o Options) StorefrontPort() (int, bool) {
	origin, err := url.Parse(o.Stage.Web.Origin)
	if err != nil || origin.Hostname() != "localhost" {
		return 0, false
	}
	number, err := strconv.Atoi(origin.Port())
	return number, err == nil
}

// Debuggable reports that -debug names no function. root is the folder of go.mod.
func (o Options) Debuggable(root string) error {
	mains, err := filepath.Glob(filepath.Join(root, "lambda", "*", "main.go"))
	if err != nil || o.Debug == "" {
		return err
	}
	var names []string
	for _, main := range mains {
		names = append(names, filepath.Base(filepath.Dir(main)))
	}
	if !slices.Contains(names, o.Debug) {
		return fmt.Errorf("-debug must name a function below lambda/, got %q; there are %s",
			o.Debug, strings.Join(names, ", "))
	}
	return nil
}

// Free reports every port that is in use, joined.
func (o Options) Free() error {
	var errs []error
	try := func(number int, way string) {
		listener, err := port.Listen(o.Address, number, way)
		if err == nil {
			err = listener.Close()
		}
		errs = append(errs, err)
	}
	try(o.Ports.AWS, port.Other("aws"))
	try(o.Ports.API, port.Other("api"))
	try(o.Ports.Login, port.Other("login"))
	try(o.Ports.Inbox, port.Other("inbox"))
	try(o.Ports.Providers, port.Other("providers"))
	if o.Debug != "" {
		try(o.DebugPort, port.Other("debug"))
	}
	if number, local := o.StorefrontPort(); local && o.Storefront != "" {
		try(number, port.WithoutStorefront)
	}
	return errors.Join(errs...)
}
