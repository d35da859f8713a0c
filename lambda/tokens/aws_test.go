package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/upstream"
)

const (
	parameter = "/securecart/test/clients"
	stepUpID  = "4stepup8example"
	webID     = "7web1example"
	ids       = `{"stepUp":"` + stepUpID + `","web":"` + webID + `"}`
	pool      = "eu-central-1_Pool00001"
	alice     = "0f1e2d3c-aaaa-4bbb-8ccc-alice0000001"
)

type object = map[string]any

// user is what Cognito knows of alice's factors.
type user struct {
	Active    []string
	Preferred string
}

var (
	withTOTP = user{[]string{"SOFTWARE_TOKEN_MFA"}, "SOFTWARE_TOKEN_MFA"}
	withSMS  = user{[]string{"SMS_MFA"}, "SMS_MFA"}
)

// A service answers as SSM or Cognito does.
type service struct {
	*awstest.Service
	now atomic.Pointer[behaviour]
}

type behaviour func(target string, request object) (status int, body any)

// becomes makes the service behave differently from now on.
func (s *service) becomes(other behaviour) {
	s.now.Store(&other)
}

func serve(t *testing.T, first behaviour) *service {
	t.Helper()
	s := &service{}
	s.becomes(first)
	s.Service = awstest.Answering(t, func(r *http.Request, request object) (int, any) {
		return (*s.now.Load())(r.Header.Get("X-Amz-Target"), request)
	})
	return s
}

func fault(code string) object {
	return object{"__type": code, "message": code + ": " + awstest.ARN + " " + alice}
}

// parameterStore holds one parameter. A request to decrypt is an error, for which
// the role would need a permission on a key.
func parameterStore(t *testing.T, value string) *service {
	t.Helper()
	return serve(t, func(target string, request object) (int, any) {
		if target != "AmazonSSM.GetParameter" || request["WithDecryption"] == true {
			return http.StatusBadRequest, fault("AccessDeniedException")
		}
		if request["Name"] != parameter {
			return http.StatusBadRequest, fault("ParameterNotFound")
		}
		return http.StatusOK, object{"Parameter": object{"Name": parameter, "Type": "String", "Value": value}}
	})
}

// userPool has one user, alice, whose factors may change.
func userPool(t *testing.T, now *atomic.Pointer[user]) *service {
	t.Helper()
	return serve(t, func(target string, request object) (int, any) {
		if target != "AWSCognitoIdentityProviderService.AdminGetUser" || request["UserPoolId"] != pool {
			return http.StatusBadRequest, fault("AccessDeniedException")
		}
		if request["Username"] != alice {
			return http.StatusBadRequest, fault("UserNotFoundException")
		}
		known := now.Load()
		answer := object{"Username": alice, "Enabled": true, "UserAttributes": []object{{"Name": "email", "Value": "alice@mail.example"}}}
		if known.Active != nil {
			answer["UserMFASettingList"] = known.Active
		}
		if known.Preferred != "" {
			answer["PreferredMfaSetting"] = known.Preferred
		}
		return http.StatusOK, answer
	})
}

// A rig is a trigger with services that work, and its log.
type rig struct {
	*trigger
	patience   upstream.Patience
	written    *bytes.Buffer
	user       atomic.Pointer[user]
	ssm, users *service
}

func newRig(t *testing.T) *rig {
	t.Helper()
	b := &rig{patience: unhurried}
	b.enrolled(user{})
	b.ssm, b.users = parameterStore(t, ids), userPool(t, &b.user)
	b.connect(t, b.ssm.URL, b.users.URL)
	return b
}

// enrolled sets the factors of alice.
func (b *rig) enrolled(factors user) {
	b.user.Store(&factors)
}

// A service that works may take its time while other tests run; hasty is for those
// that wait for one that never answers.
var (
	unhurried = upstream.Patience{Attempt: 2 * time.Second, Attempts: 2, Pause: time.Millisecond}
	hasty     = upstream.Patience{Attempt: 200 * time.Millisecond, Attempts: 2, Pause: time.Millisecond}
)

// connect makes the trigger anew, as in a new process.
func (b *rig) connect(t *testing.T, ssmURL, usersURL string) {
	t.Helper()
	t.Setenv("AWS_REGION", awstest.Region)
	t.Setenv("AWS_ACCESS_KEY_ID", awstest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", awstest.SecretKey)
	t.Setenv("AWS_ENDPOINT_URL_SSM", ssmURL)
	t.Setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", usersURL)
	var env environment.Reader
	cfg := upstream.Config(&env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	b.written = &bytes.Buffer{}
	b.trigger = newTrigger(slog.New(slog.NewJSONHandler(b.written, nil)), b.patience.Apply(cfg), parameter, []factor{totp, sms})
}

// documented returns the event in testdata with other values at its top level.
func documented(t testing.TB, changes object) object {
	t.Helper()
	text, err := os.ReadFile("testdata/authentication.json")
	if err != nil {
		t.Fatal(err)
	}
	var event object
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	maps.Copy(event, changes)
	return event
}

// from returns an event of a client and a source.
func from(t testing.TB, clientID, source string) object {
	t.Helper()
	return documented(t, object{"triggerSource": source, "callerContext": object{"clientId": clientID}})
}

func encode(t testing.TB, value any) []byte {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// changes are the scopes of an answer.
type changes struct {
	Added      []string
	Suppressed []string
}

// sign sends an event that must be answered and returns what becomes of the scopes.
func (b *rig) sign(t testing.TB, event object) changes {
	t.Helper()
	answer, err := b.Invoke(t.Context(), encode(t, event))
	if err != nil {
		t.Fatalf("sign-in failed: %v; log %s", err, b.written)
	}
	var read struct {
		Response struct {
			ClaimsAndScopeOverrideDetails struct {
				AccessTokenGeneration struct{ ScopesToAdd, ScopesToSuppress []string }
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	scopes := read.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration
	return changes{scopes.ScopesToAdd, scopes.ScopesToSuppress}
}
