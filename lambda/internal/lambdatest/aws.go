package lambdatest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/securecart/identity/lambda/internal/function"
)

// Region and credentials that are invalid in every AWS account.
const (
	Region    = "eu-central-1"
	AccessKey = "AKIAIOSFODNN7EXAMPLE"
	SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var (
	// Unhurried gives working services much time, so that a busy machine is not a failure.
	Unhurried = function.Patience{Attempt: 20 * time.Second, Attempts: 2, Pause: time.Millisecond}
	// connections are shared: each client with its own would connect again.
	connections = Unhurried.Apply(aws.Config{}).HTTPClient
	// impatient is for services that are silent: no time is too short for them.
	impatient = function.Patience{Attempt: 2 * time.Millisecond, Attempts: 2, Pause: time.Millisecond}
)

// AWSConfig returns the configuration of a client for the service at url.
func AWSConfig(url string) aws.Config {
	return with(Unhurried, aws.Config{
		Region:       Region,
		BaseEndpoint: aws.String(url),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: AccessKey, SecretAccessKey: SecretKey}, nil
		}),
	})
}

// with returns the configuration with this patience.
func with(patience function.Patience, cfg aws.Config) aws.Config {
	cfg = patience.Apply(cfg)
	timeout := cfg.HTTPClient.(*awshttp.BuildableClient).GetTimeout()
	cfg.HTTPClient = &http.Client{Transport: calls{}, Timeout: timeout}
	return cfg
}

// WantPatience checks that a client has this patience.
func WantPatience(t testing.TB, client aws.HTTPClient, retryer aws.Retryer, want function.Patience) {
	t.Helper()
	attempt := client.(interface{ GetTimeout() time.Duration }).GetTimeout()
	if attempt != want.Attempt || retryer.MaxAttempts() != want.Attempts {
		t.Errorf("%d attempts of %s each, want %d of %s", retryer.MaxAttempts(), attempt, want.Attempts, want.Attempt)
	}
}

// FunctionConfig returns a function's configuration from the variables that Lambda sets, with this patience. endpoints
// are those of services, by their names in variables, such as SSM.
func FunctionConfig(t *testing.T, patience function.Patience, endpoints map[string]string) aws.Config {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_REGION": Region, "AWS_ACCESS_KEY_ID": AccessKey, "AWS_SECRET_ACCESS_KEY": SecretKey,
	} {
		t.Setenv(name, value)
	}
	for service, url := range endpoints {
		t.Setenv("AWS_ENDPOINT_URL_"+service, url)
	}
	var env function.Environment
	cfg := function.AWSConfig(&env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return with(patience, cfg)
}

// A Service is a fake AWS service that a test runs.
type Service struct {
	URL      string
	patience function.Patience
	answer   http.HandlerFunc
	calls    atomic.Int64
}

// Config returns the configuration of a client that soon gives up on a silent service.
func (s *Service) Config() aws.Config {
	return with(s.patience, AWSConfig(s.URL))
}

// Calls returns how often the service was called.
func (s *Service) Calls() int {
	return int(s.calls.Load())
}

// Answering returns a service that decodes each request and sends the result of answer. The header X-Amz-Target names
// the operation.
func Answering[Request any](
	t testing.TB, answer func(r *http.Request, request Request) (status int, body any),
) *Service {
	t.Helper()
	return serveAs(t, Unhurried, func(w http.ResponseWriter, r *http.Request) {
		var request Request
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Errorf("the service was sent no JSON: %v", err)
		}
		status, body := answer(r, request)
		Answer(w, status, body)
	})
}

// Answer sends the response of a service. The client may have given up already.
func Answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// ARN is in the message of every error of a [Refusing] service.
const ARN = "arn:aws:dynamodb:eu-central-1:111122223333:table/secret-name"

// Refusing returns a service that answers every call with an error. The message holds an ARN, as many real ones do.
func Refusing(t testing.TB, status int, code string) *Service {
	t.Helper()
	return serveAs(t, Unhurried, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		// The client may have given up already.
		_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws.example#%s","message":"%s: %s"}`, code, code, ARN)
	})
}

// Silent returns a service that accepts every call and never answers. A call from a bubble ([Bubbled]) gets no answer
// either, by the bubble's clock.
func Silent(t testing.TB) *Service {
	t.Helper()
	return serveAs(t, impatient, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(inBubble) != "" {
			w.Header().Set(inBubble, "silent")
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // a server notices only then that its client has given up
		<-r.Context().Done()
	})
}

// Only returns a service that answers the calls of one operation as this one does. All others reach DynamoDB's engine.
func (s *Service) Only(t testing.TB, operation string) *Service {
	t.Helper()
	engine := forwarded(DynamoDBEndpoint(t))
	return serveAs(t, s.patience, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+operation) {
			s.ServeHTTP(w, r)
			return
		}
		engine(w, r)
	})
}

// FailingDynamoDB returns services that fail like DynamoDB, by the code that the log shows.
func FailingDynamoDB(t testing.TB) map[string]*Service {
	t.Helper()
	services := map[string]*Service{
		"InternalServerError": Refusing(t, http.StatusInternalServerError, "InternalServerError"),
		"Timeout":             Silent(t),
	}
	for _, code := range []string{
		"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException",
		"ResourceNotFoundException", "AccessDeniedException",
	} {
		services[code] = Refusing(t, http.StatusBadRequest, code)
	}
	return services
}

func serveAs(t testing.TB, patience function.Patience, answer http.HandlerFunc) *Service {
	t.Helper()
	service := &Service{patience: patience, answer: answer}
	service.URL = serveAt(t, service)
	return service
}

// ServeHTTP counts a call and answers it.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	s.answer(w, r)
}
