// Package e2e uses a running stage as its customers do: by HTTP, with the AWS SDK and an SRP library, and nothing else. It knows
// the stage by its outputs only, so the same code runs against AWS and against the stage that `make local` serves.
//
// Endpoints and credentials are the AWS SDK's business: AWS_ENDPOINT_URL_<SERVICE>, AWS_PROFILE and so on
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// Outputs are the values that a stage has for those who use it. README says what each is for.
type Outputs struct {
	UserPoolID      string `json:"UserPoolId"`
	WebClientID     string `json:"WebClientId"`
	StepUpClientID  string `json:"StepUpClientId"`
	IdentityPoolID  string `json:"IdentityPoolId"`
	ManagedLoginURL string `json:"ManagedLoginUrl"`
	APIURL          string `json:"ApiUrl"`
	Region          string `json:"Region"`
	OrdersTable     string `json:"OrdersTable"`
	ProductsTable   string `json:"ProductsTable"`
	MediaBucket     string `json:"MediaBucket"`
	DocumentsBucket string `json:"DocumentsBucket"`
}

// ReadOutputs reads the file that `cdk deploy --outputs-file` writes: outputs by stack. The error names every output that is
// missing.
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
		for name, value := range outputs {
			named[name] = value
		}
	}
	text, err = json.Marshal(named)
	if err != nil {
		return Outputs{}, err
	}
	var o Outputs
	if err := json.Unmarshal(text, &o); err != nil {
		return Outputs{}, err
	}
	return o, o.complete(file)
}

func (o Outputs) complete(file string) error {
	var missing []error
	for name, value := range map[string]string{
		"UserPoolId": o.UserPoolID, "WebClientId": o.WebClientID, "StepUpClientId": o.StepUpClientID, "IdentityPoolId": o.IdentityPoolID,
		"ManagedLoginUrl": o.ManagedLoginURL, "ApiUrl": o.APIURL, "Region": o.Region,
		"OrdersTable": o.OrdersTable, "ProductsTable": o.ProductsTable, "MediaBucket": o.MediaBucket, "DocumentsBucket": o.DocumentsBucket,
	} {
		if value == "" {
			missing = append(missing, fmt.Errorf("%s has no output %s: deploy every stack of the stage", file, name))
		}
	}
	slices.SortFunc(missing, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(missing...)
}

// Stage is a running stage, seen from outside.
type Stage struct {
	Outputs

	aws        aws.Config
	users      *cognitoidentityprovider.Client
	identities *cognitoidentity.Client
	http       *http.Client
}

// patience is how long one request may take; a Lambda's cold start is the longest.
const patience = 30 * time.Second

// Open returns the stage with these outputs. Credentials are looked up when an administrator's call needs them.
func Open(ctx context.Context, o Outputs) (*Stage, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.Region))
	if err != nil {
		return nil, fmt.Errorf("read AWS settings: %w", err)
	}
	client := &http.Client{
		Timeout: patience,
		// A redirect is an answer to look at.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Stage{
		Outputs: o, aws: cfg, http: client,
		users:      cognitoidentityprovider.NewFromConfig(cfg),
		identities: cognitoidentity.NewFromConfig(cfg),
	}, nil
}
