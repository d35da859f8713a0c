package function_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go/middleware"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func ask(ctx context.Context, url string, patience function.Patience, options ...func(*dynamodb.Options)) error {
	client := dynamodb.NewFromConfig(patience.Apply(lambdatest.AWSConfig(url)), options...)
	_, err := client.Query(ctx, &dynamodb.QueryInput{TableName: aws.String("secret-name")})
	return err
}

// counting counts attempts in the client: on a busy machine a service may see an attempt only after the client has
// given up.
func counting(attempts *int) func(*dynamodb.Options) {
	count := middleware.FinalizeMiddlewareFunc("count", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		*attempts++
		return next.HandleFinalize(ctx, in)
	})
	return dynamodb.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(count, "Retry", middleware.After)
	})
}

func TestCallToASilentServiceIsGivenUp(t *testing.T) {
	service := lambdatest.Silent(t)
	begun, attempts := time.Now(), 0
	patience := function.Patience{Attempt: 50 * time.Millisecond, Attempts: 3, Pause: time.Millisecond}
	err := ask(t.Context(), service.URL, patience, counting(&attempts))
	if took := time.Since(begun); took < 150*time.Millisecond || took > 10*time.Second {
		t.Errorf("given up after %s, want three attempts of 50 ms", took)
	}
	if attempts != 3 {
		t.Errorf("%d attempts, want 3", attempts)
	}
	wantFault(t, err, "Timeout", "DynamoDB Query")
}

func TestCallEndsWithTheRequest(t *testing.T) {
	service := lambdatest.Silent(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := ask(ctx, service.URL, function.Patience{Attempt: time.Minute, Attempts: 3, Pause: time.Minute})
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("given up after %s, want 50 ms", took)
	}
	wantFault(t, err, "Timeout", "DynamoDB Query")
}

func TestThrottledCallIsTriedThreeTimesByDefault(t *testing.T) {
	codes := []string{"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
	for _, code := range codes {
		service := lambdatest.Refusing(t, http.StatusBadRequest, code)
		patience := function.DefaultPatience
		patience.Pause = time.Millisecond
		err := ask(t.Context(), service.URL, patience)
		if service.Calls() != 3 {
			t.Errorf("%s: %d attempts, want 3", code, service.Calls())
		}
		wantFault(t, err, code, "DynamoDB Query")
	}
}

func TestDefaultPatienceFitsIntoTheFunctionTimeout(t *testing.T) {
	patience := function.DefaultPatience
	if patience.Attempts < 2 || patience.Attempts > 3 {
		t.Errorf("%d attempts, want 2 or 3", patience.Attempts)
	}
	longest := time.Duration(patience.Attempts)*patience.Attempt + time.Duration(patience.Attempts-1)*patience.Pause
	if longest <= 0 || longest > 4*time.Second {
		t.Errorf("one call takes up to %s, want 4 s at most: a request makes up to three within 8 s", longest)
	}
}

func TestFaultOfAnUnreachableServiceSaysSo(t *testing.T) {
	patience := function.Patience{Attempt: time.Second, Attempts: 1, Pause: time.Millisecond}
	// Port 1 has no listener.
	wantFault(t, ask(t.Context(), "http://127.0.0.1:1", patience), "NoAnswer", "DynamoDB Query")
}

func TestFaultNamesTheOperationAndNoARN(t *testing.T) {
	service := lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	sealed := &kms.DecryptInput{CiphertextBlob: []byte("x")}
	_, err := kms.NewFromConfig(lambdatest.AWSConfig(service.URL)).Decrypt(t.Context(), sealed)
	if err == nil || !strings.Contains(err.Error(), lambdatest.ARN) {
		t.Fatalf("error %v has no ARN in it, so this test proves nothing", err)
	}
	wantFault(t, fmt.Errorf("open a cursor: %w", err), "AccessDeniedException", "KMS Decrypt")
}

func TestFaultIsOnlyOfCallsToServices(t *testing.T) {
	for _, err := range []error{nil, errors.New("index out of range"), context.DeadlineExceeded} {
		if code, operation, found := function.Fault(err); found {
			t.Errorf("Fault(%v) = %q, %q; want none", err, code, operation)
		}
	}
}

func TestConfigIsWhatLambdaSetsAndNothingElse(t *testing.T) {
	service := lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	t.Setenv("AWS_REGION", lambdatest.Region)
	t.Setenv("AWS_ACCESS_KEY_ID", lambdatest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", lambdatest.SecretKey)
	t.Setenv("AWS_SESSION_TOKEN", "session")
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", service.URL)
	var env function.Environment
	cfg := function.AWSConfig(&env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	_, err := dynamodb.NewFromConfig(cfg).Query(t.Context(), &dynamodb.QueryInput{TableName: aws.String("t")})
	wantFault(t, err, "AccessDeniedException", "DynamoDB Query")
	if service.Calls() != 1 {
		t.Errorf("%d calls, want 1: what is denied stays denied", service.Calls())
	}
	credentials, err := cfg.Credentials.Retrieve(t.Context())
	want := aws.Credentials{
		AccessKeyID: lambdatest.AccessKey, SecretAccessKey: lambdatest.SecretKey, SessionToken: "session",
	}
	if err != nil || credentials != want {
		t.Errorf("credentials %+v, %v; want those of the environment", credentials, err)
	}
	if endpoint := kms.NewFromConfig(cfg).Options().BaseEndpoint; endpoint != nil {
		t.Errorf("KMS is looked for at %s, want at AWS: only DynamoDB has an endpoint set", *endpoint)
	}
	client := dynamodb.NewFromConfig(cfg).Options()
	if got := client.Retryer.MaxAttempts(); got != function.DefaultPatience.Attempts {
		t.Errorf("%d attempts, want %d", got, function.DefaultPatience.Attempts)
	}
	if got := client.HTTPClient.(*awshttp.BuildableClient).GetTimeout(); got != function.DefaultPatience.Attempt {
		t.Errorf("an attempt may take %s, want %s", got, function.DefaultPatience.Attempt)
	}
}

func TestConfigNamesWhatLambdaShouldHaveSet(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		t.Setenv(name, "")
	}
	var env function.Environment
	function.AWSConfig(&env)
	want := "AWS_ACCESS_KEY_ID must be set\nAWS_SECRET_ACCESS_KEY must be set\nAWS_REGION must be set"
	if err := env.Err(); err == nil || err.Error() != want {
		t.Errorf("Err() = %v\nwant %s", err, want)
	}
}

func wantFault(t *testing.T, err error, code, operation string) {
	t.Helper()
	gotCode, gotOperation, found := function.Fault(err)
	if !found || gotCode != code || gotOperation != operation {
		t.Errorf("Fault(%v) = %q, %q, %t; want %q, %q", err, gotCode, gotOperation, found, code, operation)
	}
}
