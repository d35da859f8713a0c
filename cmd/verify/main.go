// Command verify checks a deployed stage: it runs the end-to-end suite, and one probe for each open question of
// docs/aws.md, which only AWS can answer. It prints a table and writes .build/verify.<stage>.json.
//
// It creates its own customers, sends mail only to Amazon SES's mailbox simulator, and removes everything that it
// created. The next run cleans up after a killed one. docs/operations.md lists the permissions that it needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/test/e2e"
)

const usage = `Asks a running stage what only AWS can answer: ` +
	`the end-to-end suite, and a probe for each open question of docs/aws.md.

Usage: make verify STAGE=Dev    a deployed stage, by outputs.Dev.json
       make verify              the stage that this machine serves
       make verify STAGE=Prod OUTSIDE=1    without credentials, and without making anything
or:    go run ./cmd/verify [flags]

The exit status is 1 if the suite fails, if a probe gets an answer that the project does not rest on, or none.

Flags:
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options, error) { return parse(arguments, stderr) },
		func(ctx context.Context, o options) error {
			ok, err := o.do(ctx, stdout, stderr)
			if err == nil && !ok {
				err = program.ErrTold
			}
			return err
		})
}

// options are the values of the command line.
type options struct {
	stage, outputs, folder string
	suite, outside         bool
	only                   string
}

func parse(arguments []string, stderr io.Writer) (options, error) {
	var o options
	flags := program.Flags("verify", usage, stderr)
	flags.StringVar(&o.stage, "stage", "local", "`name` of the stage, for the file that is written")
	flags.StringVar(
		&o.outputs,
		"outputs",
		os.Getenv(outputsVariable),
		"`file` that cdk deploy --outputs-file wrote; by default that of the environment variable "+outputsVariable,
	)
	flags.StringVar(&o.folder, "folder", ".build", "`folder` for the result")
	flags.BoolVar(&o.suite, "suite", true, "run the end-to-end suite, too")
	flags.BoolVar(&o.outside, "outside", false,
		"ask only what anybody may ask, without credentials: right for a stage with customers")
	flags.StringVar(&o.only, "only", "", "`id` of the one question to ask, such as O1")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if o.outputs == "" {
		return options{}, errors.New(
			"which stage? add -outputs outputs.<stage>.json, which make deploy writes; or `make verify STAGE=<name>`",
		)
	}
	return o, nil
}

// outputsVariable tells the end-to-end suite about a running stage.
const outputsVariable = "SECURECART_OUTPUTS"

// do asks every question, and reports whether all answers meet the project's assumptions.
func (o options) do(ctx context.Context, stdout, stderr io.Writer) (bool, error) {
	outputs, err := e2e.ReadOutputs(o.outputs)
	if err != nil {
		return false, err
	}
	if o.outside {
		r := result{Stage: o.stage, Region: outputs.Region, Answers: outside(ctx, outputs)}
		r.print(stdout)
		return r.ok(), ctx.Err()
	}
	stage, err := e2e.Open(ctx, outputs)
	if err != nil {
		return false, err
	}
	asked, err := chosen(o.only)
	if err != nil {
		return false, err
	}
	r := result{Stage: o.stage, Region: outputs.Region, At: time.Now().UTC().Format(time.RFC3339)}
	if err := stage.RemoveLeftovers(ctx, leftover); err != nil {
		return false, err
	}
	if o.suite && o.only == "" {
		fmt.Fprintln(stderr, "running the end-to-end suite (authenticators wait for their next code: minutes on AWS) …")
		r.Suite, err = runSuite(ctx, o.outputs)
		if err != nil {
			return false, err
		}
	}
	for _, p := range asked {
		fmt.Fprintf(stderr, "%s %s …\n", p.id, p.question)
		r.Answers = append(r.Answers, p.answerOf(ctx, newBench(stage)))
	}
	r.print(stdout)
	file, err := r.write(o.folder)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(stdout, "\nwritten to %s; docs/aws.md says what depends on each answer\n", file)
	return r.ok(), ctx.Err()
}

// leftover is the age from which a run removes a customer of an earlier run.
const leftover = time.Hour

// chosen are all probes, or the selected one.
func chosen(id string) ([]probe, error) {
	if id == "" {
		return probes(), nil
	}
	var ids []string
	for _, p := range probes() {
		if p.id == id {
			return []probe{p}, nil
		}
		ids = append(ids, p.id)
	}
	return nil, fmt.Errorf("no question %q; there are %s", id, strings.Join(ids, ", "))
}

// suitePackage holds the end-to-end tests.
const suitePackage = "github.com/securecart/identity/test/e2e"

// runSuite runs the end-to-end tests against the stage with these outputs.
func runSuite(ctx context.Context, outputs string) (*suite, error) {
	file, err := filepath.Abs(outputs)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-json", suitePackage)
	cmd.Env = append(os.Environ(), outputsVariable+"="+file)
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	// Events report failed tests; any other failure has no event.
	failure := cmd.Run()
	s, err := readEvents(strings.NewReader(out.String()))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("run the end-to-end suite: %w", err), failure)
	}
	return s, nil
}
