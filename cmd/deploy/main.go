// Command deploy deploys a synthesized stage with the CDK CLI, so that the same command can repeat a failed first
// deploy.
//
// A creation that rolls back deletes its resources, but Cognito and DynamoDB refuse to delete protected ones. The CLI
// then tries to delete the stack before it creates it again, which termination protection refuses (docs/aws.md, B1). So
// a stack that was never complete is deployed without rollback: its resources stay, and the next deploy continues.
// Later updates that fail are rolled back, as always.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/program"
)

const usage = `Deploys a synthesized stage with the CDK CLI. A first deploy that fails is repeated by the same command.

Usage: make deploy STAGE=Dev
or:    go run ./cmd/deploy [flags] [-- further arguments of cdk deploy]

Flags:
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	var o options
	flags := program.Flags("deploy", usage, stderr)
	flags.TakesArguments = true
	flags.CDK(&o.assembly, &o.cdk)
	stage := flags.Stage()
	flags.StringVar(&o.outputs, "outputs", "", "`file` for the stage's outputs; outputs.<stage>.json if empty")
	return flags.Run(arguments, func(ctx context.Context) error {
		o.stage, o.further = *stage, flags.Args()
		return o.deploy(ctx, stdout, stderr)
	})
}

// options are the values of the command line.
type options struct {
	assembly, stage, outputs, cdk string
	// further are passed to cdk deploy.
	further []string
}

// deploy first creates the stacks that were never complete, one after the other, and then deploys the whole stage.
func (o options) deploy(ctx context.Context, stdout, stderr io.Writer) error {
	read, err := assembly.Read(o.assembly)
	if err != nil {
		return err
	}
	stage, ok := read.Stage("SecureCart-" + o.stage)
	if !ok || len(stage.Stacks) == 0 {
		return fmt.Errorf("%s has no stage %q", o.assembly, o.stage)
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(stage.Stacks[0].Region))
	if err != nil {
		return fmt.Errorf("read AWS settings: %w", err)
	}
	steps, err := plan(ctx, cloudformation.NewFromConfig(cfg), stage)
	if err != nil {
		return err
	}
	for _, s := range steps {
		arguments := []string{"--exclusively", stage.ID + "/" + s.stack}
		if s.fresh {
			fmt.Fprintf(stderr, "%s was never complete: if it fails now, what it has made stays, "+
				"and the same command goes on from there\n", s.stack)
			arguments = append(arguments, "--no-rollback")
		}
		if err := o.run(ctx, stdout, stderr, arguments); err != nil {
			return fmt.Errorf("%w\n%s/%s is not complete; docs/operations.md, \"A deploy that fails\"", err, stage.ID, s.stack)
		}
	}
	// The file holds only the outputs of one call, so the last call is for all stacks.
	outputs, err := filepath.Abs(cmp.Or(o.outputs, "outputs."+o.stage+".json"))
	if err != nil {
		return err
	}
	return o.run(ctx, stdout, stderr, []string{"--outputs-file", outputs, stage.ID + "/*"})
}

// run runs cdk deploy.
func (o options) run(ctx context.Context, stdout, stderr io.Writer, arguments []string) error {
	all := append([]string{"deploy", "--app", o.assembly, "--no-notices"}, arguments...)
	cmd := exec.CommandContext(ctx, o.cdk, append(all, o.further...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	// The CLI is interrupted, and killed only if it does not stop: CloudFormation continues in any case.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", o.cdk, strings.Join(cmd.Args[1:], " "), err)
	}
	return nil
}
