package userpool

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/securecart/identity/local/localtest/must"
)

// hosted issues tokens as managed login does.
func (r *rig) hosted(username string, scopes ...string) Tokens {
	r.t.Helper()
	tokens := must.Get(r.IssueTokens(r.t.Context(), TokenRequest{
		ClientID: webID, Username: username, Source: hostedAuth, Scopes: scopes, AuthTime: r.clock.Now().Add(-time.Minute),
		Nonce: "n-0S6_WzA2Mj",
	}))(r.t)
	return tokens
}

// randomClaims are those that are new in every token.
var randomClaims = cmpopts.IgnoreMapEntries(func(name string, _ any) bool {
	return name == "jti" || name == "origin_jti" || name == "event_id"
})

func TestTokensOfAnAPISignInHaveTheDocumentedClaims(t *testing.T) {
	r := newRig(t).with(jane)
	result := r.signIn(stepUpID, jane)
	now := float64(r.clock.Now().Unix())
	sub := *first(r.adminGet(jane)).Username
	issuer := "https://cognito-idp.eu-central-1.amazonaws.com/" + poolID
	id, access := claims(t, result.IdToken), claims(t, result.AccessToken)
	wantAccess := map[string]any{
		"sub": sub, "iss": issuer, "client_id": stepUpID, "token_use": "access", "scope": "aws.cognito.signin.user.admin",
		"username": sub, "auth_time": now, "iat": now, "exp": now + 300,
	}
	wantID := map[string]any{
		"sub":              sub,
		"iss":              issuer,
		"aud":              stepUpID,
		"token_use":        "id",
		"cognito:username": sub,
		"auth_time":        now,
		"iat":              now,
		"exp":              now + 300,
		"email":            jane,
		"email_verified":   true,
	}
	if diff := cmp.Diff(wantAccess, access, randomClaims); diff != "" {
		t.Errorf("access token (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantID, id, randomClaims); diff != "" {
		t.Errorf("ID token (-want +got):\n%s", diff)
	}
	if id["origin_jti"] != access["origin_jti"] || id["event_id"] != access["event_id"] || id["jti"] == access["jti"] {
		t.Errorf("ids of %v and %v", id, access)
	}
	for _, name := range []string{"origin_jti", "event_id", "jti"} {
		if text, _ := access[name].(string); !uuidFormat.MatchString(text) {
			t.Errorf("%s is %q", name, text)
		}
	}
	if result.ExpiresIn != 300 {
		t.Errorf("expires in %d s", result.ExpiresIn)
	}
}

func TestManagedLoginTokensShowWhatTheScopesName(t *testing.T) {
	r := newRig(t, wide)
	janeWithPhone(r)
	r.setAttributes(map[string]string{"name": "Jane", "locale": "en"})
	sub := *first(r.adminGet(jane)).Username
	all := []string{"email", "email_verified", "name", "phone_number", "phone_number_verified"}
	for asked, want := range map[string][]string{
		"openid": all, "openid profile": all, "openid email profile": all, "openid securecart/orders.read": all,
		"openid email": {"email", "email_verified"}, "openid phone": {"phone_number", "phone_number_verified"},
		"openid email phone": {"email", "email_verified", "phone_number", "phone_number_verified"},
	} {
		tokens := r.hosted(sub, strings.Fields(asked)...)
		id := claims(t, &tokens.ID)
		info := must.Get(r.UserInfo(tokens.Access))(t)
		for _, name := range append(all, "locale") {
			wanted := false
			for _, w := range want {
				wanted = wanted || w == name
			}
			if _, there := id[name]; there != wanted {
				t.Errorf("%s: ID token has %s: %t", asked, name, there)
			}
			if _, there := info[name]; there != wanted {
				t.Errorf("%s: userInfo has %s: %t", asked, name, there)
			}
		}
		access := claims(t, &tokens.Access)
		if access["scope"] != asked || access["version"] != 2.0 || access["auth_time"] != float64(r.clock.Now().Unix()-60) ||
			access["nonce"] != nil {
			t.Errorf("%s: access token %v", asked, access)
		}
		if id["nonce"] != "n-0S6_WzA2Mj" || id["at_hash"] != accessTokenHash(tokens.Access) || info["sub"] != sub ||
			info["username"] != sub {
			t.Errorf("%s: ID token %v, userInfo %v", asked, id, info)
		}
	}
	if tokens := r.hosted(sub, "email", "securecart/orders.read"); tokens.ID != "" {
		t.Error("there is an ID token without openid")
	} else if _, err := r.UserInfo(tokens.Access); err == nil {
		t.Error("userInfo answers without openid")
	}
	tokens := r.hosted(sub)
	if diff := cmp.Diff([]string{"openid", "email", "profile", "securecart/orders.read"}, tokens.Scopes); diff != "" {
		t.Errorf("scopes if none are asked for (-want +got):\n%s", diff)
	}
	again := must.Get(r.RefreshTokens(t.Context(), webID, tokens.Refresh))(t)
	if id := claims(t, &again.ID); id["nonce"] != nil || id["email"] != jane ||
		cmp.Diff(tokens.Scopes, again.Scopes) != "" {
		t.Errorf("refreshed: %v, scopes %v", id, again.Scopes)
	}
}

// The pair is that of OpenID Connect Core, appendix A.3.
func TestAccessTokenHashIsThatOfTheSpecification(t *testing.T) {
	if got := accessTokenHash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"); got != "77QmUPtjPfzWtF2AnpK9RQ" {
		t.Errorf("got %s", got)
	}
}

func TestTokensAreForUsersAndClientsThatExist(t *testing.T) {
	r := newRig(t).with(jane)
	sub := *first(r.adminGet(jane)).Username
	refused(t, "client", "ResourceNotFoundException")(
		r.IssueTokens(t.Context(), TokenRequest{ClientID: "unknown", Username: sub, Source: hostedAuth}))
	refused(t, "user", "UserNotFoundException")(
		r.IssueTokens(t.Context(), TokenRequest{ClientID: webID, Username: "unknown", Source: hostedAuth}))
	refused(t, "source", "InvalidParameterException")(
		r.IssueTokens(t.Context(), TokenRequest{ClientID: webID, Username: sub, Source: "TokenGeneration_Tomorrow"}))
	refused(t, "no client", "ResourceNotFoundException")(
		r.IssueTokens(t.Context(), TokenRequest{Username: sub, Source: hostedAuth}))
}
