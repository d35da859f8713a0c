// Command drift finds resources of a deployed stage that differ from its templates, replicas of the user pool that are
// not inactive, and client secrets of providers that are due for renewal. It changes nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/awsaccess"
	"github.com/securecart/identity/internal/program"
)

const usage = `Looks for what was changed in a stage past its templates, for a replica that was left active, and for
secrets that should be renewed.

Usage: make drift STAGE=Prod
or:    go run ./cmd/drift [flags]

The exit status is 1 if something has drifted or is due. CloudFormation takes minutes to compare a stage.

Flags:
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	return awsaccess.ForStage(program.Flags("drift", usage, stderr), arguments, stderr,
		func(ctx context.Context, stage config.Stage, loaded aws.Config) error {
			l := look{
				stacks: cloudformation.NewFromConfig(loaded), secrets: secretsmanager.NewFromConfig(loaded),
				pools: cognitoidentityprovider.NewFromConfig(loaded),
				pause: 5 * time.Second, now: time.Now(), stdout: stdout, stderr: stderr,
			}
			return l.told(ctx, stage)
		})
}

// look searches one stage.
type look struct {
	stacks  stacks
	secrets secrets
	pools   pools
	// pause is the time between two questions to CloudFormation whether a comparison is complete.
	pause          time.Duration
	now            time.Time
	stdout, stderr io.Writer
}

// told is the error of a command that has told its findings. If there are any, the workflow fails, which tells people.
func (l look) told(ctx context.Context, stage config.Stage) error {
	found, err := l.at(ctx, stage)
	if err == nil && found > 0 {
		err = program.ErrTold
	}
	return err
}

// at prints its findings as Markdown and returns their number.
func (l look) at(ctx context.Context, stage config.Stage) (found int, err error) {
	fmt.Fprintf(l.stdout, "### %s\n\n", stage.Name)
	drifted, err := l.drift(ctx, stage)
	active, errActive := l.replicas(ctx, stage)
	due, errDue := l.due(ctx, stage)
	err = errors.Join(err, errActive, errDue)
	if found = drifted + active + due; found == 0 && err == nil {
		fmt.Fprintln(l.stdout, "Nothing has drifted, and nothing is due. The stack IdentityProviders was not compared.")
	}
	return found, err
}
