package services_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/services"
)

const (
	root   = "../.."
	region = "eu-central-1"

	alice = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	bob   = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"

	denied = "AccessDeniedException"
)

// engine holds the tables of every stage of these tests, which change only policies.
var engine = sync.OnceValues(func() (*services.Tables, error) {
	read, err := reviewed()
	if err != nil {
		return nil, err
	}
	return services.StartTables(context.Background(), read, root, os.Stderr)
})

// reviewed is the Dev stage with the tests' roles, read once: nothing here changes it.
var reviewed = sync.OnceValues(func() (*deployed.Stage, error) {
	s, err := deployed.Load(stagetest.Reviewed(&testing.T{}, "SecureCart-Dev"))
	if err == nil {
		employ(s)
	}
	return s, err
})

// shop is a served stage.
type shop struct {
	stage   *deployed.Stage
	store   *credentials.Store
	objects *services.S3
	handler http.Handler
	url     string
}

// serve serves the stage after changes.
func serve(t *testing.T, changes ...stagetest.Change) *shop {
	t.Helper()
	tables := must.Get(engine())(t)
	return serveWith(t, tables.URL(), changes...)
}

func serveWith(t *testing.T, engineURL string, changes ...stagetest.Change) *shop {
	t.Helper()
	s := must.Get(reviewed())(t)
	if len(changes) > 0 {
		s = stagetest.Dev(t, changes...)
		employ(s)
	}
	store := must.Get(credentials.New(s, time.Now))(t)
	objects := must.Get(services.NewS3(s, store))(t)
	tables := must.Get(services.NewDynamoDB(s, store, engineURL))(t)
	targets := map[string]http.Handler{
		services.DynamoDBTarget: tables,
		services.KMSTarget:      services.NewKMS(s, store, services.Material{}),
		services.SSMTarget:      services.NewSSM(s, store),
	}
	desk := services.NewSTS(s, store)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
			desk.ServeHTTP(w, r)
			return
		}
		target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if served, ok := targets[target]; ok {
			served.ServeHTTP(w, r)
			return
		}
		objects.ServeHTTP(w, r)
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &shop{stage: s, store: store, objects: objects, handler: handler, url: server.URL}
}

// caller has clients with the credentials of one session.
type caller struct {
	session credentials.Session
	config  aws.Config
	tables  *dynamodb.Client
	keys    *kms.Client
	values  *ssm.Client
	objects *s3.Client
}

func (s *shop) as(session credentials.Session) *caller {
	config := aws.Config{
		Region: region, BaseEndpoint: aws.String(s.url), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(
			func(context.Context) (aws.Credentials, error) { return asAWS(session), nil }),
		// The defaults of the SDK's configuration loader.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
	return &caller{
		session: session, config: config, tables: dynamodb.NewFromConfig(config), keys: kms.NewFromConfig(config),
		values: ssm.NewFromConfig(config), objects: s3.NewFromConfig(config),
	}
}

func asAWS(s credentials.Session) aws.Credentials {
	return aws.Credentials{AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretAccessKey, SessionToken: s.SessionToken}
}

func (s *shop) guest(t *testing.T) *caller {
	t.Helper()
	identity := credentials.Identity{
		PoolID: s.stage.IdentityPool.ID, ID: "eu-central-1:guest", AuthType: credentials.Unauthenticated,
	}
	session := must.Get(s.store.AssumeWithWebIdentity(s.stage.PoolRoles.Roles.Unauthenticated, identity, nil))(t)
	return s.as(session)
}

func (s *shop) customer(t *testing.T, sub string) *caller {
	t.Helper()
	identity := credentials.Identity{
		PoolID: s.stage.IdentityPool.ID, ID: "eu-central-1:" + sub, AuthType: credentials.Authenticated,
		Provider: s.stage.UserPool.ProviderName,
	}
	session := must.Get(s.store.AssumeWithWebIdentity(s.stage.PoolRoles.Roles.Authenticated, identity,
		map[string]string{"customer": sub}))(t)
	return s.as(session)
}

// function calls with the role of the function whose logical id has this prefix.
func (s *shop) function(t *testing.T, logicalID string) *caller {
	t.Helper()
	for _, f := range s.stage.Functions {
		if strings.HasPrefix(f.LogicalID, logicalID+"Function") {
			session := must.Get(s.store.AssumeAsService(f.Role, "lambda.amazonaws.com", "function", time.Hour))(t)
			return s.as(session)
		}
	}
	t.Fatalf("no function begins with %s", logicalID)
	return nil
}

// table is the name of the table whose logical id has this prefix, and bucket that of a bucket.
func (s *shop) table(t *testing.T, logicalID string) string {
	t.Helper()
	for _, table := range s.stage.Tables {
		if strings.Contains(table.Name, "-Data-"+logicalID) {
			return table.Name
		}
	}
	t.Fatalf("no table begins with %s", logicalID)
	return ""
}

func (s *shop) bucket(t *testing.T, logicalID string) string {
	t.Helper()
	for _, bucket := range s.stage.Buckets {
		if strings.Contains(bucket.Name, "-data-"+strings.ToLower(logicalID)) {
			return bucket.Name
		}
	}
	t.Fatalf("no bucket begins with %s", logicalID)
	return ""
}

// edit changes the statement with a Sid in the policy whose logical id has this prefix. It fails if there is none.
func edit(t *testing.T, stack, policy, sid string, with func(statement map[string]any)) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		edited := 0
		for id, r := range templates[stack].OfType("AWS::IAM::Policy") {
			if !strings.HasPrefix(id, policy) {
				continue
			}
			for _, s := range r.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				if statement := s.(map[string]any); statement["Sid"] == sid {
					with(statement)
					edited++
				}
			}
		}
		if edited != 1 {
			t.Fatalf("%d statements %s in %s %s, want 1", edited, sid, stack, policy)
		}
	}
}

// without removes a statement.
func without(t *testing.T, stack, policy, sid string) stagetest.Change {
	return edit(t, stack, policy, sid, func(statement map[string]any) { statement["Action"] = "sns:Publish" })
}

// allowing turns a statement into one that allows other actions on everything.
func allowing(t *testing.T, stack, policy, sid string, actions ...any) stagetest.Change {
	return edit(t, stack, policy, sid, func(statement map[string]any) {
		delete(statement, "Condition")
		statement["Action"], statement["Resource"] = actions, "*"
	})
}

// code is the code of an SDK's error, "" for any other.
func code(err error) string {
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	if err != nil {
		return "not of AWS: " + err.Error()
	}
	return ""
}

// want checks the code of an error, and that its message is not empty.
func want(t *testing.T, what string, err error, wanted string, says ...string) {
	t.Helper()
	if got := code(err); got != wanted {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, wanted)
		return
	}
	if missing := slices.DeleteFunc(says,
		func(text string) bool { return strings.Contains(err.Error(), text) }); len(missing) > 0 {
		t.Errorf("%s: %v does not say %q", what, err, missing)
	}
}
