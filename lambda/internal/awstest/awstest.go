// Package awstest stands in for AWS services that are reached but do not help:
// they refuse every call or never answer. The services that work are in dynamotest
// and kmstest.
package awstest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/upstream"
)

// Region and credentials that no AWS account knows.
const (
	Region    = "eu-central-1"
	AccessKey = "AKIAIOSFODNN7EXAMPLE"
	SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// patience is so short that a test of a silent service is quick, and long enough
// for one on this machine to answer while others run.
var patience = upstream.Patience{Attempt: 2 * time.Second, Attempts: 2, Pause: time.Millisecond}

// Config returns the configuration of a client for the service at url.
func Config(url string) aws.Config {
	return patience.Apply(aws.Config{
		Region:       Region,
		BaseEndpoint: aws.String(url),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: SecretKey}, nil
		}),
	})
}

// A Service is one that does not help.
type Service struct {
	URL   string
	calls atomic.Int64
}

// Calls returns how often the service was called.
func (s *Service) Calls() int {
	return int(s.calls.Load())
}

// Refusing returns a service that answers every call with an error, in the JSON
// protocol that DynamoDB and KMS share. The message holds an ARN, as many real
// ones do.
func Refusing(t testing.TB, status int, code string) *Service {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		// A client that has given up is no failure of the service.
		_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws.example#%s","message":"%s: %s"}`, code, code, ARN)
	})
}

// ARN is in the message of every error of a [Refusing] service.
const ARN = "arn:aws:dynamodb:eu-central-1:111122223333:table/secret-name"

// Silent returns a service that takes every call and never answers it.
func Silent(t testing.TB) *Service {
	t.Helper()
	ended := make(chan struct{})
	service := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	// Runs before the server is closed, which waits for its calls.
	t.Cleanup(func() { close(ended) })
	return service
}

func serve(t testing.TB, answer http.HandlerFunc) *Service {
	t.Helper()
	service := &Service{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service.calls.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	service.URL = server.URL
	return service
}
