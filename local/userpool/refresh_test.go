package userpool

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func (r *rig) renew(client string, token *string) (*types.AuthenticationResultType, error) {
	out, err := r.sdk.GetTokensFromRefreshToken(r.t.Context(),
		&cognito.GetTokensFromRefreshTokenInput{ClientId: &client, RefreshToken: token})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

func TestRefreshRotatesTheTokenAndKeepsTheSession(t *testing.T) {
	r := newRig(t).with(jane)
	first := r.signIn(webID, jane)
	r.clock.Advance(10 * time.Minute)
	second := must.Get(r.renew(webID, first.RefreshToken))(t)
	if second.ExpiresIn != 3600 || aws.ToString(second.TokenType) != "Bearer" ||
		aws.ToString(second.RefreshToken) == aws.ToString(first.RefreshToken) {
		t.Errorf("got %+v", second)
	}
	before, after := claims(t, first.AccessToken), claims(t, second.AccessToken)
	for _, name := range []string{"auth_time", "origin_jti", "sub", "username", "client_id", "scope", "iss"} {
		if before[name] != after[name] || before[name] == nil {
			t.Errorf("%s is %v, was %v", name, after[name], before[name])
		}
	}
	for _, name := range []string{"jti", "iat", "exp", "event_id"} {
		if before[name] == after[name] || after[name] == nil {
			t.Errorf("%s is still %v", name, after[name])
		}
	}
	if got := r.events[1]["triggerSource"]; got != refreshTokens {
		t.Errorf("the trigger was told %v", got)
	}
}

func TestReuseOfARotatedTokenEndsTheWholeSession(t *testing.T) {
	r := newRig(t).with(jane)
	first, other := r.signIn(webID, jane), r.signIn(webID, jane)
	second := must.Get(r.renew(webID, first.RefreshToken))(t)
	r.clock.Advance(59 * time.Second)
	retried, err := r.renew(webID, first.RefreshToken)
	if err != nil {
		t.Fatalf("a retry within the grace period: %v", err)
	}
	third := must.Get(r.renew(webID, retried.RefreshToken))(t)
	r.clock.Advance(60 * time.Second)
	refused(t, "reuse", "RefreshTokenReuseException")(r.renew(webID, second.RefreshToken))
	for name, token := range map[string]*string{
		"the first": first.RefreshToken, "the reused": second.RefreshToken, "the newest": third.RefreshToken,
	} {
		refused(t, name, "NotAuthorizedException: Refresh Token has been revoked")(r.renew(webID, token))
	}
	for name, result := range map[string]*types.AuthenticationResultType{"sign-in": first, "refresh": third} {
		refused(t, "access token of "+name, "NotAuthorizedException: Access Token has been revoked")(
			r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: result.AccessToken}))
		refused(t, "ID token of "+name, "NotAuthorizedException: Invalid login token.")(
			r.VerifyIDToken(*result.IdToken, webID, true))
	}
	must.Get(r.renew(webID, other.RefreshToken))(t) // Another session goes on.
}

func TestTokenBeforeTheLastIsReusedEvenWithinTheGracePeriod(t *testing.T) {
	r := newRig(t).with(jane)
	token := r.signIn(webID, jane).RefreshToken
	first := token
	for range 2 {
		result := must.Get(r.renew(webID, token))(t)
		token = result.RefreshToken
	}
	refused(t, "two rotations ago", "RefreshTokenReuseException")(r.renew(webID, first))
}

func TestWithoutGraceOneOfManyRequestsAtOnceWins(t *testing.T) {
	r := newRig(t, withoutGrace).with(jane)
	token := *r.signIn(webID, jane).RefreshToken
	var mu sync.Mutex
	answers := map[string]int{}
	var requests sync.WaitGroup
	for range 20 {
		requests.Go(func() {
			_, err := r.RefreshTokens(context.Background(), webID, token)
			mu.Lock()
			defer mu.Unlock()
			answers[refusal(err)]++
		})
	}
	requests.Wait()
	if answers[""] != 1 {
		t.Errorf("answers %v, want one to succeed", answers)
	}
}

// A refresh looks at its token before and after it asks the trigger, which may take seconds.
func TestWhatHappensWhileTheTriggerIsAskedCounts(t *testing.T) {
	for name, test := range map[string]struct {
		meanwhile func(r *rig, token string) error
		want      string
	}{
		"the token is used": {func(r *rig, token string) error {
			return errorOf(r.RefreshTokens(context.Background(), webID, token))
		}, "RefreshTokenReuseException"},
		"the session is revoked": {func(r *rig, token string) error { return r.Revoke(webID, token) },
			"NotAuthorizedException: Refresh Token has been revoked"},
	} {
		r := newRig(t, withoutGrace).with(jane)
		token := *r.signIn(webID, jane).RefreshToken
		r.invoke = func(_ context.Context, event map[string]any) ([]byte, error) {
			r.invoke = nil
			must.Do(t, test.meanwhile(r, token))
			return []byte(jsonText(event)), nil
		}
		tokens, err := r.RefreshTokens(t.Context(), webID, token)
		wantRefusal(t, name, err, test.want)
		if tokens.Access != "" || tokens.Refresh != "" {
			t.Errorf("%s: there are tokens", name)
		}
	}
}

var withoutGrace = client(webID, func(c *deployed.UserPoolClient) {
	c.RefreshTokenRotation.RetryGracePeriodSeconds = 0
})

func TestRefreshTokensThatAreRefused(t *testing.T) {
	r := newRig(t).with(jane)
	result := r.signIn(webID, jane)
	for name, token := range map[string]string{
		"nothing": "x", "an access token": *result.AccessToken, "an ID token": *result.IdToken,
		"tampered": (*result.RefreshToken)[:len(*result.RefreshToken)-5] + "AAAAA",
		"unsealed": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
	} {
		refused(t, name, "NotAuthorizedException: Invalid Refresh Token")(r.renew(webID, &token))
	}
	refused(t, "another client", "NotAuthorizedException: Invalid Refresh Token")(r.renew(stepUpID, result.RefreshToken))
	refused(t, "an unknown client", "ResourceNotFoundException")(r.renew("unknown", result.RefreshToken))
	// Rotation gives no more time than the first token had.
	for range 6 {
		r.clock.Advance(24 * time.Hour)
		result = must.Get(r.renew(webID, result.RefreshToken))(t)
	}
	r.clock.Advance(24*time.Hour - time.Second)
	must.Get(r.renew(webID, result.RefreshToken))(t)
	r.clock.Advance(time.Second)
	refused(t, "after seven days", "NotAuthorizedException: Refresh Token has expired")(
		r.renew(webID, result.RefreshToken))
}
