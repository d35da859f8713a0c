// Command preflight looks at an AWS account before a stage is deployed to it, and changes nothing: whether what the
// deploy needs is there, and what would fail or mislead after it. `make preflight STAGE=Dev` runs it with the
// deployer's credentials; docs/preflight.md is its manual.
//
// It exits with 0 if nothing would fail, 1 if something would, and 2 if it was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"github.com/securecart/identity/cmd/preflight/check"
	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
)

const (
	// limit is how long all checks may take together.
	limit = 30 * time.Second
	// silence is how long the program may say nothing on a terminal.
	silence = 2 * time.Second
	// attempts is how often a request is made that a service has put off.
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

// terminal is what the program talks to.
type terminal struct {
	stdout, stderr io.Writer
	// color says whether stdout shows colors.
	color bool
	// ticks is when to say what is waited for. Never if nil.
	ticks  <-chan time.Time
	stages []config.Stage
	// open finds the deployer's credentials, and AWS.
	open func(context.Context, config.Stage) (check.Services, error)
	now  func() time.Time
}

// open takes credentials and endpoints from where the AWS CLI and the CDK CLI have them.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
func open(ctx context.Context, stage config.Stage) (check.Services, error) {
	cfg, err := awsconfig.LoadDefaultConfig(
		ctx, awsconfig.WithRegion(stage.Region), awsconfig.WithRetryMaxAttempts(attempts),
		awsconfig.WithLogger(logging.Nop{}),
	)
	if err != nil {
		return check.Services{}, err
	}
	return check.Open(cfg, stage), nil
}

func run(arguments []string, t terminal) int {
	flags := flag.NewFlagSet("preflight", flag.ContinueOnError)
	flags.SetOutput(t.stderr)
	name := flags.String("stage", "", "which stage of config/stages.go, such as Dev")
	asJSON := flags.Bool("json", false, "print one JSON object in place of the table")
	switch err := flags.Parse(arguments); {
	case errors.Is(err, flag.ErrHelp):
		return program.Done
	case err != nil:
		return program.Misuse
	case flags.NArg() > 0:
		fmt.Fprintf(t.stderr, "preflight takes no argument, got %q\n", flags.Args())
		return program.Misuse
	}
	stage, err := choose(t.stages, *name)
	if err != nil {
		fmt.Fprintln(t.stderr, err)
		return program.Misuse
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	results, err := t.look(ctx, stage)
	if err != nil {
		fmt.Fprintln(t.stderr, err)
		return program.Failed
	}
	return t.tell(stage, results, *asJSON)
}

// choose finds a stage by its name, and refuses one whose configuration is.
func choose(stages []config.Stage, name string) (config.Stage, error) {
	var names []string
	for _, stage := range stages {
		if stage.Name == name {
			return stage, stage.Validate()
		}
		names = append(names, stage.Name)
	}
	if name == "" {
		return config.Stage{}, fmt.Errorf("which stage? add -stage with one of %s", strings.Join(names, ", "))
	}
	return config.Stage{}, fmt.Errorf("stage %q does not exist; choose one of %s", name, strings.Join(names, ", "))
}

// look runs the checks. An error means that there is no result to tell.
func (t terminal) look(ctx context.Context, stage config.Stage) ([]check.Result, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	services, err := t.open(limited, stage)
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration of this machine cannot be read: %w", err)
	}
	results := check.Run(limited, check.Subject{Stage: stage, Now: t.now(), Services: services}, check.Progress{
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

// tell prints the results and returns the exit code.
func (t terminal) tell(stage config.Stage, results []check.Result, asJSON bool) int {
	if asJSON {
		printJSON(t.stdout, stage, results)
	} else {
		printTable(t.stdout, stage, results, t.color)
	}
	if check.Worst(results) == check.Failure {
		return program.Failed
	}
	return program.Done
}
