// Command outputs reads the outputs of a deployed stage into the file that `make deploy` writes, for those who did not
// deploy it: a pipeline did.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/awsaccess"
	"github.com/securecart/identity/internal/program"
)

const usage = `Reads the outputs of a deployed stage into outputs.<stage>.json. None of them is a secret.

Usage: make outputs STAGE=Prod
or:    go run ./cmd/outputs [flags]

It needs cloudformation:DescribeStacks on all stacks of the account and Region. It changes nothing there.

Flags:
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	return program.Run(stderr,
		func() (options, error) { return parse(arguments, stderr) },
		func(ctx context.Context, o options) error {
			loaded, err := awsaccess.Load(ctx, o.stage.Region)
			if err != nil {
				return err
			}
			if err := write(ctx, cloudformation.NewFromConfig(loaded), o); err != nil {
				return err
			}
			fmt.Fprintln(stdout, o.file)
			return nil
		})
}

// options are the flags of the command line.
type options struct {
	stage config.Stage
	file  string
}

func parse(arguments []string, stderr io.Writer) (o options, err error) {
	flags := program.Flags("outputs", usage, stderr)
	name := flags.Stage()
	flags.StringVar(&o.file, "file", "", "`file` to write; outputs.<stage>.json if empty")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if o.file == "" {
		o.file = "outputs." + *name + ".json"
	}
	o.stage, err = config.Named(config.Stages(), *name)
	return o, err
}

// write writes the outputs in the form of `cdk deploy --outputs-file`: values by stack and name. The file is left as it
// is if the stage has no stack, or cannot be read.
func write(ctx context.Context, stacks cloudformation.DescribeStacksAPIClient, o options) error {
	found := map[string]map[string]string{}
	// Without a name it describes every stack of the Region, so that no list of a stage's stacks is needed here.
	pages := cloudformation.NewDescribeStacksPaginator(stacks, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read the stacks of %s in %s: %w", o.stage.ID(), o.stage.Region, err)
		}
		for _, stack := range page.Stacks {
			name := aws.ToString(stack.StackName)
			if !strings.HasPrefix(name, o.stage.ID()+"-") || len(stack.Outputs) == 0 {
				continue
			}
			found[name] = awsaccess.Outputs(stack)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf(
			"%s has no stack with outputs in %s: it is not deployed, or these credentials are another account's",
			o.stage.ID(), o.stage.Region)
	}
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.file, append(text, '\n'), 0o644)
}
