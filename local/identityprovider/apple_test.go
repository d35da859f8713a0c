package identityprovider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

func TestAppleTakesTheSecretThatItsDocumentationDescribes(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	right := func() (map[jose.HeaderKey]any, jwt.Claims) {
		return map[jose.HeaderKey]any{"kid": "KEY0000001"}, jwt.Claims{
			Issuer: "TEAM000001", Subject: "apple", Audience: jwt.Audience{"https://appleid.apple.com"},
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Hour)),
		}
	}
	for name, change := range map[string]func(map[jose.HeaderKey]any, *jwt.Claims){
		"":                   func(map[jose.HeaderKey]any, *jwt.Claims) {},
		"another key's name": func(h map[jose.HeaderKey]any, _ *jwt.Claims) { h["kid"] = "KEY0000002" },
		"another team":       func(_ map[jose.HeaderKey]any, c *jwt.Claims) { c.Issuer = "TEAM000002" },
		"another client":     func(_ map[jose.HeaderKey]any, c *jwt.Claims) { c.Subject = "other" },
		"another audience": func(_ map[jose.HeaderKey]any, c *jwt.Claims) {
			c.Audience = jwt.Audience{"https://accounts.google.com"}
		},
		"expired": func(_ map[jose.HeaderKey]any, c *jwt.Claims) {
			c.IssuedAt, c.Expiry = jwt.NewNumericDate(now.Add(-2*time.Hour)), jwt.NewNumericDate(now.Add(-time.Hour))
		},
		"for seven months": func(_ map[jose.HeaderKey]any, c *jwt.Claims) {
			c.Expiry = jwt.NewNumericDate(now.AddDate(0, 7, 0))
		},
		"for ever": func(_ map[jose.HeaderKey]any, c *jwt.Claims) { c.Expiry = nil },
	} {
		header, claims := right()
		change(header, &claims)
		key := must.Get(b.secrets.Key("private_key", secret("apple")))(t)
		signer := must.Get(jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key},
			&jose.SignerOptions{ExtraHeaders: header}))(t)
		_, page := b.begin("SignInWithApple")
		status, answer := b.call(http.MethodPost, "https://appleid.apple.com/auth/token", url.Values{
			"grant_type": {"authorization_code"}, "client_id": {"apple"}, "code": {page.submit().Get("code")},
			"redirect_uri":  {login + "/oauth2/idpresponse"},
			"client_secret": {must.Get(jwt.Signed(signer).Claims(claims).Serialize())(t)},
		})
		if (status == http.StatusOK) != (name == "") || name != "" && answer["error"] != "invalid_client" {
			t.Errorf("%s: got %d %v", name, status, answer)
		}
	}
}

func TestApplesKeyIsAReference(t *testing.T) {
	s := stage()
	s.Providers["SignInWithApple"].ProviderDetails["private_key"] = "-----BEGIN PRIVATE KEY-----"
	_, err := identityprovider.New(identityprovider.Options{Stage: s, Login: login, Secrets: &identityprovider.Secrets{}})
	if err == nil || !strings.Contains(err.Error(), "private_key is no dynamic reference") {
		t.Errorf("got %v", err)
	}
}

func TestAppleTellsANameTheFirstTimeOnly(t *testing.T) {
	b := newBench(t)
	for i, want := range []string{"Ada Lovelace", " ", "Ada Lovelace"} {
		subject := "000001.a"
		if i == 2 {
			subject = "000001.b"
		}
		round, page := b.begin("SignInWithApple")
		who, err := b.finish(round, page.submit("sub", subject))
		if got := who.Attributes["firstName"] + " " + who.Attributes["lastName"]; err != nil || got != want {
			t.Errorf("sign-in %d: got name %q, %v; want %q", i, got, err, want)
		}
		if who.Attributes["email"] != "ada@example.com" {
			t.Errorf("sign-in %d: the address comes each time, got %q", i, who.Attributes["email"])
		}
	}
}
