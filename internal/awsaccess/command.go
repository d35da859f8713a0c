package awsaccess

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
)

// ForStage runs a command about one deployed stage and returns the exit code. It adds -stage to the flags, and calls do
// with that stage and the AWS settings of its Region.
func ForStage(
	flags *program.FlagSet, arguments []string, stderr io.Writer,
	do func(context.Context, config.Stage, aws.Config) error,
) int {
	name := flags.Stage()
	return program.Run(stderr,
		func() (config.Stage, error) {
			if err := flags.Parse(arguments); err != nil {
				return config.Stage{}, err
			}
			return config.Named(config.Stages(), *name)
		},
		func(ctx context.Context, stage config.Stage) error {
			loaded, err := Load(ctx, stage.Region)
			if err != nil {
				return err
			}
			return do(ctx, stage, loaded)
		})
}
