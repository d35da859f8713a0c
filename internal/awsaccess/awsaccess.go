// Package awsaccess runs commands about a deployed stage with their AWS settings, and reads outputs of its stacks.
package awsaccess

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
)

// SignIn is the way out where credentials are missing or refused.
const SignIn = "sign in (aws sso login, aws configure) or name a profile in AWS_PROFILE: " +
	"https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html"

// Load takes credentials and endpoints from the same sources as the AWS CLI, and fails at once where there are no
// credentials: otherwise each call of a command would fail alone, with what the last source has answered.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
func Load(ctx context.Context, region string) (aws.Config, error) {
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithLogger(logging.Nop{}))
	if err != nil {
		return aws.Config{}, err
	}
	if _, err := loaded.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf("there are no credentials on this machine: %w; %s", Cause(err), SignIn)
	}
	return loaded, nil
}

// Cause is what went wrong at the bottom of a chain of errors: the SDK's own text names every layer.
func Cause(err error) error {
	for {
		within := errors.Unwrap(err)
		if within == nil {
			return err
		}
		err = within
	}
}
