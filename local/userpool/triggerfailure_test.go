package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/localtest/must"
)

func TestSignInFailsWhenTheTriggerDoesNotAnswerAsDocumented(t *testing.T) {
	r := newRig(t).with(jane)
	r.patience = 20 * time.Millisecond
	sub := *first(r.adminGet(jane)).Username
	refresh := *r.signIn(stepUpID, jane).RefreshToken
	answer := func(text string) func(context.Context, map[string]any) ([]byte, error) {
		return func(context.Context, map[string]any) ([]byte, error) { return []byte(text), nil }
	}
	response := func(text string) func(context.Context, map[string]any) ([]byte, error) {
		return func(_ context.Context, event map[string]any) ([]byte, error) {
			event["response"] = json.RawMessage(text)
			return json.Marshal(event)
		}
	}
	changed := func(key string, value any) func(context.Context, map[string]any) ([]byte, error) {
		return func(_ context.Context, event map[string]any) ([]byte, error) {
			event[key] = value
			return json.Marshal(event)
		}
	}
	fails := func(err error) func(context.Context, map[string]any) ([]byte, error) {
		return func(context.Context, map[string]any) ([]byte, error) { return nil, err }
	}
	const garbage = "InvalidLambdaResponseException: Unrecognizable lambda output"
	details := func(text string) func(context.Context, map[string]any) ([]byte, error) {
		return response(`{"claimsAndScopeOverrideDetails":` + text + `}`)
	}
	for name, test := range map[string]struct {
		invoke func(context.Context, map[string]any) ([]byte, error)
		want   string
	}{
		"nothing":           {answer(""), garbage},
		"no JSON":           {answer("<html>"), garbage},
		"null":              {answer("null"), garbage},
		"a string":          {answer(`"ok"`), garbage},
		"an empty object":   {answer("{}"), garbage},
		"another user":      {changed("userName", "eve"), garbage},
		"another version":   {changed("version", "1"), garbage},
		"another pool":      {changed("userPoolId", "eu-central-1_other"), garbage},
		"another source":    {changed("triggerSource", "TokenGeneration_HostedAuth"), garbage},
		"response a list":   {response("[1]"), garbage},
		"details a string":  {details(`"x"`), garbage},
		"details a list":    {details(`["x"]`), garbage},
		"scopes a string":   {details(`{"accessTokenGeneration":{"scopesToAdd":"x"}}`), garbage},
		"a scope a number":  {details(`{"accessTokenGeneration":{"scopesToAdd":[1]}}`), garbage},
		"two scopes in one": {details(`{"accessTokenGeneration":{"scopesToAdd":["a b"]}}`), garbage},
		"an empty scope":    {details(`{"accessTokenGeneration":{"scopesToAdd":[""]}}`), garbage},
		"another audience": {details(`{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"` + webID + `"}}}`),
			garbage},
		"claims a list":   {details(`{"idTokenGeneration":{"claimsToAddOrOverride":["x"]}}`), garbage},
		"groups a string": {details(`{"groupOverrideDetails":"x"}`), garbage},
		"an error of the function": {
			fails(fmt.Errorf("function tokens: %w", &functions.FunctionError{Type: "errorString", Message: "please try again"})),
			"UserLambdaValidationException: PreTokenGeneration failed with error please try again.",
		},
		"a crash": {fails(functions.ErrCrashed),
			"UnexpectedLambdaException: PreTokenGeneration invocation failed."},
		"the function's own time-out": {fails(functions.ErrTimeout), "UnexpectedLambdaException"},
		"an error with a secret": {fails(errors.New("dial 10.0.0.1: secret")),
			"UnexpectedLambdaException: PreTokenGeneration invocation failed."},
		"no answer": {func(ctx context.Context, _ map[string]any) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, "UnexpectedLambdaException: PreTokenGeneration invocation failed due to error " +
			"Socket timeout while invoking Lambda function."},
	} {
		r.invoke = test.invoke
		tokens, err := r.IssueTokens(t.Context(),
			TokenRequest{ClientID: stepUpID, Username: sub, Source: authentication, AuthTime: r.clock.Now()})
		wantRefusal(t, name, err, test.want)
		if diff := cmp.Diff(Tokens{}, tokens); diff != "" {
			t.Errorf("%s: there are tokens:\n%s", name, diff)
		}
		refused(t, name+", refresh", test.want)(r.renew(stepUpID, &refresh))
	}
	r.invoke = nil
	must.Get(r.renew(stepUpID, &refresh))(t) // A failed trigger uses no refresh token up.
}

func TestSlowTriggerIsCalledThreeTimes(t *testing.T) {
	r := newRig(t).with(jane)
	r.patience = 10 * time.Millisecond
	calls := 0
	r.invoke = func(ctx context.Context, event map[string]any) ([]byte, error) {
		if calls++; calls < triggerCalls {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return json.Marshal(event)
	}
	if result := r.signIn(webID, jane); result.AccessToken == nil || calls != 3 {
		t.Errorf("%d calls", calls)
	}
}

func TestTriggerIsInvokedOnlyWithItsPermission(t *testing.T) {
	for name, change := range map[string]func(p *deployed.Permission){
		"another function":  func(p *deployed.Permission) { p.FunctionName = "other" },
		"another action":    func(p *deployed.Permission) { p.Action = "lambda:GetFunction" },
		"another principal": func(p *deployed.Permission) { p.Principal = "apigateway.amazonaws.com" },
		"another pool":      func(p *deployed.Permission) { p.SourceArn += "x" },
		"another account":   func(p *deployed.Permission) { p.SourceAccount = "444455556666" },
	} {
		r := newRig(t, func(s *deployed.Stage) { change(&s.Permissions[0]) }).with(jane)
		refused(t, name, "UnexpectedLambdaException: PreTokenGeneration invocation failed due to error AccessDenied")(
			r.IssueTokens(t.Context(),
				TokenRequest{ClientID: webID, Username: *first(r.adminGet(jane)).Username, Source: authentication}))
		if len(r.events) > 0 {
			t.Errorf("%s: the trigger was invoked", name)
		}
	}
}

// Without the trigger in the template a token keeps the scope that the trigger takes away.
func TestWithoutATriggerTokensKeepTheAdminScope(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) { s.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaArn = "" }).with(jane)
	result := r.signIn(webID, jane)
	if got := claims(t, result.AccessToken)["scope"]; got != adminScope || len(r.events) > 0 {
		t.Errorf("scope %v, %d events", got, len(r.events))
	}
	must.Get(r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: result.AccessToken}))(t)
}
