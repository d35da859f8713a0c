package login

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
	"github.com/securecart/identity/local/userpool"
)

var _ Pool = (*userpool.Pool)(nil)

// realBench is managed login of a real user pool.
type realBench struct {
	*bench
	box   *mailbox.Box
	users *userpool.Pool
	// events are what the trigger of tokens was told, and registered what the registration was.
	events, registered []map[string]any
	// refusal is what the registration answers with, if it is not nil.
	refusal error
}

const (
	tokenFunction = "arn:aws:lambda:eu-central-1:111122223333:function:tokens"
	registration  = "arn:aws:lambda:eu-central-1:111122223333:function:registration"
)

// keys are made once: RSA keys take their time.
var keys = sync.OnceValues(userpool.NewKeys)

func newRealBench(t *testing.T, change func(*deployed.Stage)) *realBench {
	t.Helper()
	signing := must.Get(keys())(t)
	s := testStage()
	s.Region = "eu-central-1"
	s.UserPool.ID = "eu-central-1_Test12345"
	s.UserPool.ARN = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/" + s.UserPool.ID
	s.UserPool.AutoVerifiedAttributes = []string{"email"}
	s.UserPool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = []string{"email"}
	s.UserPool.UserPoolTier = "ESSENTIALS"
	byEmail := []deployed.RecoveryMechanism{{Name: "verified_email", Priority: 1}}
	s.UserPool.AccountRecoverySetting.RecoveryMechanisms = byEmail
	s.UserPool.EnabledMfas = []string{softwareToken, smsCode}
	s.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaArn = tokenFunction
	s.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = "V2_0"
	s.UserPool.LambdaConfig.PreSignUp, s.UserPool.LambdaConfig.PostConfirmation = registration, registration
	for _, function := range []string{tokenFunction, registration} {
		s.Permissions = append(s.Permissions, deployed.Permission{
			Action: "lambda:InvokeFunction", FunctionName: function, Principal: "cognito-idp.amazonaws.com",
			SourceArn: s.UserPool.ARN,
		})
	}
	for id, client := range s.Clients {
		client.UserPoolID, client.ExplicitAuthFlows = s.UserPool.ID, []string{"ALLOW_USER_SRP_AUTH"}
		client.ReadAttributes = []string{"email", "email_verified", "given_name", "name", "custom:provider_email"}
		client.WriteAttributes = []string{"email", "given_name", "name", "custom:provider_email"}
		client.AccessTokenValidity, client.IdTokenValidity, client.RefreshTokenValidity = 60, 60, 600
		units := &client.TokenValidityUnits
		units.AccessToken, units.IdToken, units.RefreshToken = "minutes", "minutes", "minutes"
		client.RefreshTokenRotation.Feature, client.RefreshTokenRotation.RetryGracePeriodSeconds = "ENABLED", 10
		client.PreventUserExistenceErrors, client.EnableTokenRevocation = "ENABLED", true
		s.Clients[id] = client
	}
	google := s.Providers["Google"]
	google.AttributeMapping = map[string]string{"custom:provider_email": "email", "given_name": "given_name"}
	s.Providers = map[string]deployed.IdentityProvider{"Google": google, "Facebook": s.Providers["Facebook"]}
	change(s)

	c := &clock{now: time.Now().Truncate(time.Second)}
	r := &realBench{bench: &bench{T: t, clock: c}, box: mailbox.New(c.Now)}
	pool := must.Get(userpool.New(userpool.Options{
		Stage: s, Mailbox: r.box, Now: c.Now, Trigger: r.trigger, Keys: signing,
		Authorize: func(*http.Request, []byte, string, string) error { return nil },
	}))(t)
	r.users = pool
	r.serve(pool, s)
	return r
}

// trigger grants nothing, and refuses nothing unless a test wants it.
func (r *realBench) trigger(_ context.Context, function string, event []byte) ([]byte, error) {
	told := map[string]any{}
	if err := json.Unmarshal(event, &told); err != nil {
		return nil, err
	}
	if function == registration {
		r.registered = append(r.registered, told)
		return event, r.refusal
	}
	r.events = append(r.events, told)
	return event, nil
}

// register signs up on the pages, with the code from the inbox, and returns the page to sign in on.
func (r *realBench) register() *view {
	r.Helper()
	confirm := r.browser().authorize().follow("Create an account").submit(0, "username", ada, "password", password)
	return confirm.submit(0, "code", r.lastCode())
}

func (r *realBench) lastCode() string {
	r.Helper()
	messages := r.box.Messages("")
	if len(messages) == 0 {
		r.Fatal("nothing was sent")
	}
	latest := messages[0]
	for _, m := range messages {
		if m.At.After(latest.At) {
			latest = m
		}
	}
	return latest.Code
}

func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("a token has %d parts", len(parts))
	}
	raw := must.Get(base64.RawURLEncoding.DecodeString(parts[1]))(t)
	values := map[string]any{}
	must.Do(t, json.Unmarshal(raw, &values))
	return values
}
