// Command preflight checks an AWS account before a stage is deployed to it, and changes nothing: whether the account
// meets the deploy's needs, and what would fail later. `make preflight STAGE=Dev` runs it with the deployer's
// credentials; docs/preflight.md is its manual.
//
// A check is a small function over a small interface of an AWS service, and never reads a secret's value. It returns
// its finding and, unless all is well, the command or page that solves the problem. A missing permission or a silent
// service is only a warning: it is no reason not to deploy.
//
// It exits with 0 if nothing would fail, 1 if something would, and 2 if the command line is wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
)

const (
	// limit is how long all checks may take together.
	limit = 30 * time.Second
	// silence is how long the program may print nothing on a terminal.
	silence = 2 * time.Second
	// attempts is how often a throttled or failed request is sent.
	attempts = 3
)

func main() {
	ticks := time.NewTicker(silence)
	t := terminal{
		stdout: os.Stdout, stderr: os.Stderr, color: program.IsTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "",
		stages: config.Stages(), open: open, now: time.Now,
	}
	if program.IsTerminal(os.Stderr) {
		t.ticks = ticks.C
	}
	os.Exit(run(os.Args[1:], t))
}

// terminal is the program's input and output.
type terminal struct {
	stdout, stderr io.Writer
	// color is true if stdout shows colors.
	color bool
	// ticks triggers reports of unfinished checks. No reports if nil.
	ticks  <-chan time.Time
	stages []config.Stage
	// open finds the deployer's credentials, and AWS.
	open func(context.Context, config.Stage) (Services, error)
	now  func() time.Time
}

// open takes credentials and endpoints from the same sources as the AWS CLI and the CDK CLI.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
func open(ctx context.Context, stage config.Stage) (Services, error) {
	cfg, err := awsconfig.LoadDefaultConfig(
		ctx, awsconfig.WithRegion(stage.Region), awsconfig.WithRetryMaxAttempts(attempts),
		awsconfig.WithLogger(logging.Nop{}),
	)
	if err != nil {
		return Services{}, err
	}
	return servicesOf(cfg, stage), nil
}

// options are the values of the command line.
type options struct {
	stage config.Stage
	json  bool
}

func run(arguments []string, t terminal) int {
	return program.Run(t.stderr,
		func() (options, error) { return t.parse(arguments) },
		func(ctx context.Context, o options) error {
			results, err := t.look(ctx, o.stage)
			if err != nil {
				return err
			}
			return t.tell(o, results)
		})
}

const usage = `Looks at an AWS account before a stage is deployed to it, and changes nothing.

Usage: make preflight STAGE=Dev
or:    go run ./cmd/preflight -stage Dev [-json]

Flags:
`

func (t terminal) parse(arguments []string) (options, error) {
	var o options
	flags := program.Flags("preflight", usage, t.stderr)
	name := flags.Stage()
	flags.BoolVar(&o.json, "json", false, "print one JSON object in place of the table")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	var err error
	if o.stage, err = config.Named(t.stages, *name); err == nil {
		err = o.stage.Validate()
	}
	return o, err
}

// look runs the checks. An error means that there is no result.
func (t terminal) look(ctx context.Context, stage config.Stage) ([]Result, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	services, err := t.open(limited, stage)
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration of this machine cannot be read: %w", err)
	}
	results := runChecks(limited, Subject{Stage: stage, Now: t.now(), Services: services}, Progress{
		Ticks: t.ticks,
		Waiting: func(names []string) {
			fmt.Fprintf(t.stderr, "waiting for %s …\n", strings.Join(names, ", "))
		},
	})
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	return results, nil
}

// tell prints the results. Its error is that one of them would make the deploy fail.
func (t terminal) tell(o options, results []Result) error {
	if o.json {
		printJSON(t.stdout, o.stage, results)
	} else {
		printTable(t.stdout, o.stage, results, t.color)
	}
	if worstOf(results) == Failure {
		return program.ErrTold
	}
	return nil
}
