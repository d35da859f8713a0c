package federation

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

func TestAProviderThatKeepsToTheProtocolSignsIn(t *testing.T) {
	p := newOIDCPeer(t)
	p.claims["aud"] = []string{"pool"}
	p.claims["azp"] = "pool"
	who, err := p.finish("iss", issuer)
	if err != nil || who.Subject != "ada" || who.Attributes["email"] != "ada@example.com" {
		t.Errorf("got %+v, %v", who, err)
	}
}

func TestAnAnswerOfAnotherIssuerIsRefused(t *testing.T) {
	p := newOIDCPeer(t)
	refuses(t, "the answer is one of https://evil.example")(p.finish("iss", "https://evil.example"))
}

func TestAnAnswerAtTheEndpointOfAnotherProtocolIsRefused(t *testing.T) {
	p := newOIDCPeer(t)
	refuses(t, "another protocol")(
		p.client.Finish(t.Context(), p.round, Answer{SAML: true, Values: url.Values{"SAMLResponse": {"x"}}}))
	refuses(t, "another protocol")(
		p.client.Finish(t.Context(), Round{Provider: "Partner"}, Answer{Values: url.Values{"code": {"x"}}}))
	refuses(t, "code is there 2 times")(
		p.client.Finish(t.Context(), p.round, Answer{Values: url.Values{"code": {"a", "b"}}}))
	refuses(t, "no code")(p.finish("code", ""))
}

func TestWhatAProviderRefusesIsToldToTheApp(t *testing.T) {
	p := newOIDCPeer(t)
	refuses(t, "Okta Error - temporarily_unavailable Come back later")(
		p.finish("error", "temporarily_unavailable", "error_description", "Come back later"))
	p.site["shop.okta.example/token"] = func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		always(map[string]any{"error": "invalid_client", "error_description": "The secret is wrong"})(w, r)
	}
	refuses(t, "invalid_client: Okta Error - 401 invalid_client The secret is wrong")(p.finish())
}

func TestUserInfoIsAboutWhomTheIDTokenIs(t *testing.T) {
	p := newOIDCPeer(t)
	p.site["shop.okta.example/userinfo"] = always(map[string]any{"sub": "eve", "email": "ada@example.com"})
	refuses(t, `user info is about "eve"`)(p.finish())
}

func TestNobodyAnswersMoreThanItsShare(t *testing.T) {
	long := always(map[string]any{"sub": "ada", "padding": strings.Repeat("x", maxAnswer)})
	for _, path := range []string{"/userinfo", "/token", "/keys", "/.well-known/openid-configuration"} {
		p := newOIDCPeer(t)
		if strings.HasPrefix(path, "/.well") {
			p.client = client(t, p.site)
		}
		p.site["shop.okta.example"+path] = long
		refuses(t, "longer than 100000 bytes")(p.finish())
	}
}

func TestADiscoveryDocumentOfAnotherIssuerIsRefused(t *testing.T) {
	p := newOIDCPeer(t)
	p.site["shop.okta.example/.well-known/openid-configuration"] = always(map[string]any{
		"issuer": "https://evil.example", "authorization_endpoint": "https://evil.example/",
	})
	refuses(t, "issuer")(client(t, p.site).Begin(t.Context(), &Round{Provider: "Okta"}))
	p.site["shop.okta.example/.well-known/openid-configuration"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://evil.example/", http.StatusFound)
	}
	refuses(t, "302")(client(t, p.site).Begin(t.Context(), &Round{Provider: "Okta"}))
}

// The customer is led on within 5 seconds, whatever the provider does.
func TestAProviderThatDoesNotAnswerIsGivenUp(t *testing.T) {
	for _, path := range []string{"/.well-known/openid-configuration", "/token", "/userinfo", "/keys"} {
		synctest.Test(t, func(t *testing.T) {
			over := make(chan struct{})
			defer close(over)
			p := newOIDCPeer(t)
			c := p.client
			if strings.HasPrefix(path, "/.well") {
				c = client(t, p.site)
			}
			p.site["shop.okta.example"+path] = func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-r.Context().Done():
				case <-over: // go-oidc goes on asking for keys
				}
			}
			began := time.Now()
			refuses(t, "did not answer in time")(c.Finish(t.Context(), p.round, Answer{Values: url.Values{"code": {"code"}}}))
			if took := time.Since(began); took != Patience || took >= 5*time.Second {
				t.Errorf("%s: given up after %s", path, took)
			}
			if c == p.client {
				return // which has discovered the provider
			}
			began = time.Now()
			refuses(t, "did not answer in time")(c.Begin(t.Context(), &Round{Provider: "Okta"}))
			if took := time.Since(began); took != Patience {
				t.Errorf("%s: a sign-in begins after %s", path, took)
			}
		})
	}
	down := client(t, site{})
	refuses(t, "nobody answers")(down.Begin(t.Context(), &Round{Provider: "Okta"}))
}

// The template may name the endpoints: then nothing is discovered, and everything is checked as ever.
func TestExplicitEndpointsNeedNoDiscovery(t *testing.T) {
	p := newOIDCPeer(t)
	delete(p.site, "shop.okta.example/.well-known/openid-configuration")
	asked := ""
	info := p.site["shop.okta.example/userinfo"]
	p.site["shop.okta.example/userinfo"] = func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.Header.Get("Authorization")
		info(w, r)
	}
	p.client = client(t, p.site, func(s *deployed.Stage) {
		details := s.Providers["Okta"].ProviderDetails
		details["authorize_url"], details["token_url"] = issuer+"/authorize", issuer+"/token"
		details["attributes_url"], details["jwks_uri"] = issuer+"/userinfo", issuer+"/keys"
		details["attributes_request_method"] = "POST"
	})
	p.begin()
	if who, err := p.finish(); err != nil || who.Subject != "ada" || asked != "POST Bearer access" {
		t.Errorf("got %+v, %v; user info was asked by %q", who, err, asked)
	}
	p.begin()
	p.claims["iss"] = "https://evil.example"
	refuses(t, "issued by a different provider")(p.finish())
}

// A provider's new key counts at once, and a key that it has withdrawn no more.
func TestKeysRotate(t *testing.T) {
	p := newOIDCPeer(t)
	must.Get(p.finish())(t)
	next := must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	p.site["shop.okta.example/keys"] = always(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: next.Public(), KeyID: "k2", Algorithm: "ES256", Use: "sig"},
	}})
	p.begin()
	refuses(t, "failed to verify signature")(p.finish())
	p.header["kid"], p.sign = "k2", p.by(jose.ES256, next)
	if _, err := p.finish(); err != nil {
		t.Errorf("the new key: %v", err)
	}
}

func TestWhatIsNoTextIsItsJSON(t *testing.T) {
	got := must.Get(texts([]byte(`{"a":"x","b":true,"c":12345678901234567890,"d":{"e":[1]},"f":null}`)))(t)
	want := map[string]string{"a": "x", "b": "true", "c": "12345678901234567890", "d": `{"e":[1]}`}
	if g, w := must.Get(json.Marshal(got))(t), must.Get(json.Marshal(want))(t); string(g) != string(w) {
		t.Errorf("got %s; want %s", g, w)
	}
}

func TestWhatTheTemplateDoesNotSayIsRefusedAtTheStart(t *testing.T) {
	s := stage()
	for name, provider := range s.Providers {
		for _, detail := range []string{"client_id", "authorize_scopes", "oidc_issuer", "MetadataURL"} {
			delete(provider.ProviderDetails, detail)
		}
		if name == "Okta" {
			provider.ProviderDetails["client_secret"] = "GOCSPX-a-literal-secret"
		}
	}
	s.Providers["Unknown"] = deployed.IdentityProvider{ProviderName: "Unknown", ProviderType: "LinkedIn"}
	_, err := New(Options{Stage: s, Login: login, Secrets: &identityprovider.Secrets{}})
	for _, want := range []string{
		"Okta: client_secret is no dynamic reference", "client_id is missing", "oidc_issuer is missing",
		"Partner: both MetadataURL and MetadataFile are missing", `Unknown: type "LinkedIn" is not served`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %q among it", err, want)
		}
	}
	if strings.Contains(err.Error(), "GOCSPX") {
		t.Error("the error tells the secret")
	}
}

// Nobody has signed what Apple posts beside the code: the name is taken from it, and no address.
func TestAppleTellsANameAndNothingElseBesideTheToken(t *testing.T) {
	claims := map[string]string{"sub": "ada", "email": "ada@example.com"}
	must.Do(t, addAppleName(
		`{"name":{"firstName":"Ada","lastName":""},"email":"eve@example.com","sub":"eve","cognito:groups":"admin"}`, claims))
	want := map[string]string{"sub": "ada", "email": "ada@example.com", "firstName": "Ada"}
	if !maps.Equal(claims, want) {
		t.Errorf("got %v; want %v", claims, want)
	}
	if addAppleName("{", claims) == nil {
		t.Error("what cannot be read is taken for no name")
	}
	must.Do(t, addAppleName("", claims))
}
