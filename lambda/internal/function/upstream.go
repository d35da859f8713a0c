package function

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/logging"
)

// Patience bounds one call to a service.
type Patience struct {
	// Attempt is how long one attempt may take, from dialling to the last byte.
	Attempt time.Duration
	// Attempts is the maximum number of attempts.
	Attempts int
	// Pause is the longest wait between two attempts.
	Pause time.Duration
}

// DefaultPatience ends a call after 3.4 s at the latest. A response normally takes milliseconds; a second leaves room
// for the TLS handshake of a cold start. The SDK's default has no limit per attempt: a silently lost connection would
// take the function's whole 10 s, and the caller would get API Gateway's error instead of the function's.
var DefaultPatience = Patience{Attempt: time.Second, Attempts: 3, Pause: 200 * time.Millisecond}

// AWSConfig returns the configuration for clients of a function, with [Default] patience, from the variables that
// Lambda sets. AWS_ENDPOINT_URL_DYNAMODB and similar variables set another endpoint for one service.
//
// It replaces the SDK's own loader, which also looks for credentials in profiles, single sign-on, web identities and
// the instance metadata service. A function has its role's credentials in its environment and must never use others.
// Linking the loader would also slow its start by a fifth.
func AWSConfig(env *Environment) aws.Config {
	credentials := aws.Credentials{
		AccessKeyID:     env.Required("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: env.Required("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}
	return DefaultPatience.Apply(aws.Config{
		Region: env.Required("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return credentials, nil
		}),
		ConfigSources: []any{endpoints{}},
		// The SDK's own log lines are not JSON and may name endpoints; the error of the call holds the same facts.
		Logger: logging.Nop{},
	})
}

// endpoints provides endpoints to each client, in place of the SDK's loader.
type endpoints struct{}

// GetServiceBaseEndpoint returns the endpoint that the environment sets for a service, if any.
func (endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (url string, found bool, err error) {
	name := strings.ToUpper(strings.ReplaceAll(service, " ", "_"))
	url, found = os.LookupEnv("AWS_ENDPOINT_URL_" + name)
	return url, found, nil
}

// Apply returns a copy of cfg whose clients have this patience.
func (p Patience) Apply(cfg aws.Config) aws.Config {
	cfg.HTTPClient = awshttp.NewBuildableClient().WithTimeout(p.Attempt)
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = p.Attempts
			o.MaxBackoff = p.Pause
		})
	}
	return cfg
}
