// Package e2e uses a running stage as its customers do: by HTTP, with the AWS SDK and an SRP library only. It knows
// nothing of the stage but its outputs, so the same code runs against AWS and against the stage that `make local`
// serves.
//
// The AWS SDK finds endpoints and credentials in AWS_ENDPOINT_URL_<SERVICE>, AWS_PROFILE and so on
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// Outputs are the outputs of a stage that customers and administrators need. docs/reference.md explains each.
type Outputs struct {
	UserPoolID, IdentityPoolID                   string
	WebClientID, StepUpClientID, AccountClientID string
	ManagedLoginURL, APIURL, Region              string
	OrdersTable, ProductsTable, ProofsTable      string
	MediaBucket, DocumentsBucket                 string
	// Providers are the stage's identity providers, as JSON.
	Providers string
}

// ReadOutputs reads the file that `cdk deploy --outputs-file` writes: outputs by stack. The error names every output
// that is missing.
func ReadOutputs(file string) (Outputs, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Outputs{}, fmt.Errorf("read the stage's outputs: %w; `make deploy STAGE=…` writes them", err)
	}
	var stacks map[string]map[string]string
	if err := json.Unmarshal(text, &stacks); err != nil {
		return Outputs{}, fmt.Errorf("read the stage's outputs from %s: %w", file, err)
	}
	named := map[string]string{}
	for _, outputs := range stacks {
		maps.Copy(named, outputs)
	}
	o, err := NewOutputs(named)
	if err != nil {
		return Outputs{}, fmt.Errorf("read the stage's outputs from %s: %w", file, err)
	}
	return o, nil
}

// NewOutputs picks the needed outputs from those of a stage. The error names every output that is missing.
func NewOutputs(named map[string]string) (Outputs, error) {
	var o Outputs
	var missing []string
	for name, to := range map[string]*string{
		"UserPoolId": &o.UserPoolID, "IdentityPoolId": &o.IdentityPoolID,
		"WebClientId": &o.WebClientID, "StepUpClientId": &o.StepUpClientID, "AccountClientId": &o.AccountClientID,
		"ManagedLoginUrl": &o.ManagedLoginURL, "ApiUrl": &o.APIURL, "Region": &o.Region,
		"OrdersTable": &o.OrdersTable, "ProductsTable": &o.ProductsTable, "ProofsTable": &o.ProofsTable,
		"MediaBucket": &o.MediaBucket, "DocumentsBucket": &o.DocumentsBucket,
		"Providers": &o.Providers,
	} {
		if *to = named[name]; *to == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return Outputs{}, fmt.Errorf("no output %s: deploy every stack of the stage", strings.Join(missing, ", "))
	}
	return o, nil
}

// Running is a running stage from a client's view.
type Running struct {
	Outputs

	aws        aws.Config
	users      *cognitoidentityprovider.Client
	identities *cognitoidentity.Client
	http       *http.Client
	// inbox is the address of the local stage's inbox; empty on AWS.
	inbox string
	// callback is the page of the stage's web origin to which managed login sends a signed-in customer.
	callback string
	// Clock is the one by which authenticators give codes.
	Clock *Clock
}

// patience is the time limit of a request. A function's cold start takes longest.
const patience = 30 * time.Second

// InboxURL names the environment variable with the address of the local stage's inbox. On AWS it is not set.
const InboxURL = "SECURECART_INBOX_URL"

// Open returns the stage with these outputs, at the endpoints that the environment names. The SDK looks credentials up
// when an administrator's call needs them.
func Open(ctx context.Context, o Outputs) (*Running, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.Region))
	if err != nil {
		return nil, fmt.Errorf("read AWS settings: %w", err)
	}
	return New(o, cfg, os.Getenv(InboxURL)), nil
}

// New returns the stage with these outputs. Inbox must be empty unless the stage is a local one.
func New(o Outputs, cfg aws.Config, inbox string) *Running {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns // all calls go to a few hosts
	client := &http.Client{
		Timeout: patience, Transport: transport,
		// Callers inspect redirects.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Running{
		Outputs: o, aws: cfg, http: client, inbox: inbox, callback: devCallback, Clock: NewClock(0),
		users:      cognitoidentityprovider.NewFromConfig(cfg),
		identities: cognitoidentity.NewFromConfig(cfg),
	}
}

// Served returns a stage that this process serves, such as a *local.Server.
func Served(server interface {
	Outputs() map[string]string
	AWS() aws.Config
	InboxURL() string
	CallbackURL() string
	Now() time.Time
},
) (*Running, error) {
	outputs, err := NewOutputs(server.Outputs())
	if err != nil {
		return nil, err
	}
	stage := New(outputs, server.AWS(), server.InboxURL())
	stage.callback, stage.Clock = server.CallbackURL(), &Clock{now: server.Now}
	return stage, nil
}

// Local reports whether the stage is served on this machine, with an inbox that shows its messages.
func (s *Running) Local() bool { return s.inbox != "" }

// AWS returns the settings for clients of AWS's services.
func (s *Running) AWS() aws.Config { return s.aws.Copy() }
