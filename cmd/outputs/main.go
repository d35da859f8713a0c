// Command outputs reads the outputs of a deployed stage into the file that `make deploy` writes, for those who did not
// deploy it: a pipeline did.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

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
	flags := program.Flags("outputs", usage, stderr)
	named := flags.String("file", "", "`file` to write; outputs.<stage>.json if empty")
	return awsaccess.ForStage(flags, arguments, stderr,
		func(ctx context.Context, stage config.Stage, loaded aws.Config) error {
			file := cmp.Or(*named, "outputs."+stage.Name+".json")
			if err := awsaccess.WriteOutputs(ctx, cloudformation.NewFromConfig(loaded), stage, file); err != nil {
				return err
			}
			fmt.Fprintln(stdout, file)
			return nil
		})
}
