package main

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/internal/support"
)

const (
	// patience is how long a service may take until it begins to answer.
	patience = 30 * time.Second
	// attempts is how often a request is sent, the first time included, if a service throttles or fails.
	attempts = 5
)

// open reads the stage's names, starts a session of the role with the current credentials, and returns the desk.
//
// The AWS SDK finds endpoints and credentials: AWS_PROFILE, AWS_ENDPOINT_URL_<SERVICE> and so on
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
func open(ctx context.Context, o options) (*support.Desk, error) {
	names, err := support.ReadNames(o.outputs)
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(
		ctx,
		config.WithRegion(names.Region),
		config.WithRetryMaxAttempts(attempts),
		config.WithHTTPClient(
			awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = patience }),
		),
	)
	if err != nil {
		return nil, err
	}
	o.MFADevice, o.MFACode = o.mfaDevice, o.mfaCode
	credentials, err := o.Assume(ctx, sts.NewFromConfig(cfg), names, o.command.role)
	if err != nil {
		return nil, err
	}
	cfg.Credentials = aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) { return credentials, nil },
	)
	return &support.Desk{
		Names: names, Users: cognitoidentityprovider.NewFromConfig(cfg), Tables: dynamodb.NewFromConfig(cfg),
		Documents: s3.NewFromConfig(cfg, func(s *s3.Options) {
			// With another endpoint than AWS's, a bucket's own host name does not resolve.
			s.UsePathStyle = s.BaseEndpoint != nil
			// Each object without a checksum would add a warning to the output.
			s.DisableLogOutputChecksumValidationSkipped = true
		}),
	}, nil
}
