package identityprovider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

func TestNothingLeavesThisMachine(t *testing.T) {
	b := newBench(t)
	for _, address := range []string{
		"https://example.com/", "https://evil.google.com/", "http://accounts.google.com/",
		"https://accounts.google.com:8443/", "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data",
	} {
		r := must.Get(http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))(t)
		response, err := b.peers.Transport().RoundTrip(r)
		if err == nil {
			_ = response.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "is no identity provider of the stage") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestTheDiscoveryDocumentIsTheTemplates(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		s.Providers["Okta"].ProviderDetails["jwks_uri"] = "https://keys.okta.example/shop"
		s.Providers["Okta"].ProviderDetails["oidc_issuer"] = "https://shop.okta.example/oauth2/default"
	})
	for address, want := range map[string]map[string]any{
		"https://accounts.google.com": {
			"authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
			"token_endpoint":         "https://oauth2.googleapis.com/token",
			"userinfo_endpoint":      "https://openidconnect.googleapis.com/v1/userinfo",
			"jwks_uri":               "https://www.googleapis.com/oauth2/v3/certs",
		},
		"https://shop.okta.example/oauth2/default": {
			"authorization_endpoint": "https://shop.okta.example/oauth2/default/oauth2/v1/authorize",
			"jwks_uri":               "https://keys.okta.example/shop",
		},
	} {
		status, got := b.call(http.MethodGet, address+"/.well-known/openid-configuration", nil)
		want["issuer"] = address
		for name, value := range want {
			if status != http.StatusOK || got[name] != value {
				t.Errorf("%s: got %d, %s %v; want %v", address, status, name, got[name], value)
			}
		}
		if status, keys := b.call(http.MethodGet, fmt.Sprint(got["jwks_uri"]), nil); status != 200 || keys["keys"] == nil {
			t.Errorf("keys of %s: got %d %v", address, status, keys)
		}
	}
}

func TestWhatCannotBeServedIsNamed(t *testing.T) {
	s := stage()
	s.Providers["Okta"].ProviderDetails["oidc_issuer"] = "http://shop.okta.example"
	s.Providers["Facebook"].ProviderDetails["api_version"] = ""
	s.Providers["LoginWithAmazon"].ProviderDetails["client_secret"] = "literal"
	s.Providers["Again"] = deployed.IdentityProvider{
		ProviderName: "Again", ProviderType: "Google", ProviderDetails: s.Providers["Google"].ProviderDetails,
	}
	s.Providers["Unknown"] = deployed.IdentityProvider{ProviderName: "Unknown", ProviderType: "LinkedIn"}
	_, err := identityprovider.New(identityprovider.Options{Stage: s, Login: login, Secrets: &identityprovider.Secrets{}})
	for _, want := range []string{
		"issuer must be `https`", "Facebook: api_version is missing",
		"LoginWithAmazon: client_secret is no dynamic reference",
		`client_id "google" is not its own: provider "Again"`, `Unknown: type "LinkedIn" is not served`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %q among it", err, want)
		}
	}
}

func TestASecretIsTheSameForBothSidesAndNobodyElses(t *testing.T) {
	var one, other identityprovider.Secrets
	a := must.Get(one.Text("client_secret", secret("a")))(t)
	if diff := cmp.Diff(a, must.Get(one.Text("client_secret", secret("a")))(t)); diff != "" {
		t.Error(diff)
	}
	if a == must.Get(one.Text("client_secret", secret("b")))(t) ||
		a == must.Get(other.Text("client_secret", secret("a")))(t) {
		t.Error("two secrets are one")
	}
	for _, value := range []string{"", "GOCSPX-x", "{{resolve:ssm:x}}", secret("a") + "x"} {
		if _, err := one.Key("private_key", value); err == nil || strings.Contains(err.Error(), "GOCSPX") {
			t.Errorf("%q: got %v", value, err)
		}
	}
}

// The back button and a double click make no second code.
func TestAFormCountsOnce(t *testing.T) {
	b := newBench(t, partner)
	for _, provider := range []string{"Google", "Partner"} {
		_, page := b.begin(provider)
		page.submit()
		target := strings.ReplaceAll(action.FindStringSubmatch(page.body)[1], "&amp;", "&")
		again := b.visit(http.MethodPost, target, url.Values{"sub": {"1"}, "NameID": {"1"}})
		if again.status != http.StatusBadRequest || again.location != "" {
			t.Errorf("%s: got %d %s", provider, again.status, again.location)
		}
	}
}

func TestNobodyIsSignedInSilently(t *testing.T) {
	b := newBench(t)
	round := federation.Round{Provider: "Google", State: "state-1"}
	address := must.Get(b.client.Begin(t.Context(), &round))(t)
	got := b.visit(http.MethodGet, address+"&prompt=none", nil)
	if !strings.Contains(got.location, "error=login_required") {
		t.Errorf("got %d %s", got.status, got.location)
	}
}

// A page elsewhere cannot sign somebody in to an account of its choice: forms are those of the provider's own pages.
func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	b := newBench(t)
	_, page := b.begin("Google")
	target := strings.ReplaceAll(action.FindStringSubmatch(page.body)[1], "&amp;", "&")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader("sub=eve"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	b.peers.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("got %d; want 403", w.Code)
	}
	w = httptest.NewRecorder()
	b.peers.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") ||
		w.Header().Get("X-Frame-Options") != "DENY" {
		t.Errorf("headers are %v; want no scripts and no frames", w.Header())
	}
}
