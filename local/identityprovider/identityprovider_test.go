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

func (b *bench) finish(r federation.Round, values url.Values) (federation.Identity, error) {
	return b.client.Finish(b.Context(), r, federation.Answer{SAML: values.Has("SAMLResponse"), Values: values})
}

func TestEveryKindOfProviderSignsIn(t *testing.T) {
	b := newBench(t, partner)
	for provider, subject := range map[string]string{
		"Google": "sub", "Facebook": "id", "SignInWithApple": "sub", "LoginWithAmazon": "user_id", "Okta": "sub",
		"Partner": "NameID",
	} {
		round, page := b.begin(provider)
		if !strings.Contains(page.body, "This page stands in for "+provider+". It is not "+provider) {
			t.Errorf("%s: the page does not say whose it is not: %s", provider, page.body)
		}
		answer := page.submit(subject, "who: 1")
		if state := answer.Get("state") + answer.Get("RelayState"); state != "state-1" {
			t.Errorf("%s: state %q", provider, state)
		}
		if who, err := b.finish(round, answer); err != nil || who.Subject != "who: 1" {
			t.Errorf("%s: got %+v, %v", provider, who, err)
		}
	}
}

func TestACodeIsWorthTokensOnceWithTheSecretOnly(t *testing.T) {
	for _, provider := range []string{"Google", "Facebook", "SignInWithApple", "LoginWithAmazon", "Okta"} {
		b := newBench(t)
		round, page := b.begin(provider)
		answer := page.submit()
		b.connect(&identityprovider.Secrets{})
		if _, err := b.finish(round, answer); err == nil || !strings.Contains(err.Error(), provider+" Error - 40") {
			t.Errorf("%s: another secret: got %v", provider, err)
		}
		b = newBench(t)
		round, page = b.begin(provider)
		answer = page.submit()
		if _, err := b.finish(round, answer); err != nil {
			t.Errorf("%s: %v", provider, err)
		}
		if _, err := b.finish(round, answer); err == nil || !strings.Contains(err.Error(), provider+" Error - 40") {
			t.Errorf("%s: a used code: got %v", provider, err)
		}
	}
}

// Each answers the code of another provider as any unknown one.
func TestACodeIsWorthNothingElsewhere(t *testing.T) {
	b := newBench(t)
	providers := []string{"Google", "Facebook", "SignInWithApple", "LoginWithAmazon", "Okta"}
	for i, asked := range providers {
		round, _ := b.begin(asked)
		_, page := b.begin(providers[(i+1)%len(providers)])
		if who, err := b.finish(round, page.submit()); err == nil {
			t.Errorf("%s signs in %s with another's code", asked, who.Subject)
		}
	}
}

func TestScopesDecideWhatIsTold(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		s.Providers["Google"].ProviderDetails["authorize_scopes"] = "openid profile"
		s.Providers["Facebook"].ProviderDetails["authorize_scopes"] = "public_profile"
		s.Providers["Facebook"].AttributeMapping["email"] = "email"
		s.Providers["LoginWithAmazon"].ProviderDetails["authorize_scopes"] = "postal_code"
		s.Providers["Okta"].ProviderDetails["authorize_scopes"] = "openid"
		s.Providers["SignInWithApple"].ProviderDetails["authorize_scopes"] = "name"
	})
	for _, provider := range []string{"Google", "Facebook", "LoginWithAmazon", "Okta", "SignInWithApple"} {
		round, page := b.begin(provider)
		who, err := b.finish(round, page.submit())
		if err != nil || who.Attributes["email"] != "" || who.Attributes["email_verified"] != "" {
			t.Errorf("%s: got %v, %v; want no address", provider, who.Attributes, err)
		}
	}
}

func TestFacebookRefusesAFieldThatItDoesNotHave(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		s.Providers["Facebook"].AttributeMapping["given_name"] = "given_name"
	})
	round, page := b.begin("Facebook")
	_, err := b.finish(round, page.submit())
	if err == nil || !strings.Contains(err.Error(), "Tried accessing nonexisting field (given_name)") {
		t.Errorf("got %v; want Facebook's refusal", err)
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

func TestWhoeverTurnsBackIsSentBack(t *testing.T) {
	b := newBench(t, partner)
	for provider, want := range map[string]string{
		"Google": "access_denied", "Facebook": "access_denied", "SignInWithApple": "access_denied",
		"LoginWithAmazon": "access_denied", "Okta": "access_denied", "Partner": "status:Responder",
	} {
		round, page := b.begin(provider)
		target := action.FindStringSubmatch(page.body)[1]
		page.body = strings.Replace(page.body, target, target+"&amp;cancel=true", 1)
		_, err := b.finish(round, page.submit())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", provider, err, want)
		}
	}
}

func TestNobodySignsInWithoutASubject(t *testing.T) {
	b := newBench(t, partner)
	for provider, subject := range map[string]string{"Google": "sub", "Facebook": "id", "Partner": "NameID"} {
		_, page := b.begin(provider)
		target := action.FindStringSubmatch(page.body)[1]
		next := b.visit(http.MethodPost, strings.ReplaceAll(target, "&amp;", "&"), url.Values{subject: {" "}})
		if !strings.Contains(next.body, "Without "+subject+" nobody is signed in.") {
			t.Errorf("%s: got %s", provider, next.body)
		}
	}
}

// A provider sends codes and assertions nowhere but to managed login.
func TestRequestsThatNobodyRegisteredAreRefused(t *testing.T) {
	b := newBench(t, partner)
	const google = "http://localhost:8705/accounts.google.com/o/oauth2/v2/auth?"
	const facebook = "http://localhost:8705/www.facebook.com/v26.0/dialog/oauth?"
	const apple = "http://localhost:8705/appleid.apple.com/auth/authorize?"
	right := func(pairs ...string) string {
		values := url.Values{
			"response_type": {"code"}, "redirect_uri": {login + "/oauth2/idpresponse"}, "scope": {"openid email"},
		}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return values.Encode()
	}
	for name, address := range map[string]string{
		"an unknown client":              google + right("client_id", "facebook"),
		"another redirect URI":           google + right("client_id", "google", "redirect_uri", "https://evil.example/"),
		"Facebook's client elsewhere":    facebook + right("client_id", "google"),
		"another redirect URI, Facebook": facebook + right("client_id", "facebook", "redirect_uri", "https://evil.example/"),
		"a token, Facebook":              facebook + right("client_id", "facebook", "response_type", "token"),
		"no SAML request":                "http://localhost:8705/idp.partner.example/metadata.xml/sign-on",
		"a sign-in that is over":         "http://localhost:8705/accounts.google.com/o/oauth2/v2/auth/sign-in?id=x",
		"an unknown host":                "http://localhost:8705/evil.example/",
		"an unknown path":                "http://localhost:8705/accounts.google.com/",
	} {
		if got := b.visit(http.MethodGet, address, nil); got.status < 400 || got.location != "" {
			t.Errorf("%s: got %d, %s", name, got.status, got.location)
		}
	}
	got := b.visit(http.MethodGet, apple+right("client_id", "apple"), nil)
	if !strings.Contains(got.location, "error=invalid_request") || !strings.Contains(got.location, "response_mode") {
		t.Errorf("an answer of Apple in the address: got %d, %s", got.status, got.location)
	}
}

func TestAnUnsignedSAMLRequestIsRefusedWhereTheTemplateSigns(t *testing.T) {
	b := newBench(t, partner)
	round := federation.Round{Provider: "Partner", State: "state-1"}
	signed := must.Get(url.Parse(must.Get(b.client.Begin(t.Context(), &round))(t)))(t)
	query := signed.Query()
	query.Del("Signature")
	query.Del("SigAlg")
	signed.RawQuery = query.Encode()
	if got := b.visit(http.MethodGet, signed.String(), nil); got.status != http.StatusBadRequest {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// Metadata in the template name the endpoint and the entity: the peer takes both, and signs with a key of its own.
func TestMetadataInTheTemplate(t *testing.T) {
	b := newBench(t, partner, func(s *deployed.Stage) {
		s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true"
		delete(s.Providers["Partner"].ProviderDetails, "MetadataURL")
		s.Providers["Partner"].ProviderDetails["MetadataFile"] = `<EntityDescriptor
			xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1"><IDPSSODescriptor
			protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService
			Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://securecart.okta.com/app/1/sso/saml"/>
			</IDPSSODescriptor></EntityDescriptor>`
	})
	round, page := b.begin("Partner")
	if page.at.Path != "/securecart.okta.com/app/1/sso/saml" {
		t.Errorf("the browser is at %s", page.at)
	}
	who, err := b.finish(round, page.submit("NameID", "ada"))
	if err != nil || who.Subject != "ada" || who.Attributes["urn:mail"] != "ada@example.com" {
		t.Errorf("got %+v, %v", who, err)
	}
}

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
	_, err := identityprovider.New(identityprovider.Options{
		Stage: s, Login: login, Secrets: &identityprovider.Secrets{},
	})
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

func TestACodeOfFacebookIsBoundToTheRedirectURI(t *testing.T) {
	b := newBench(t)
	_, page := b.begin("Facebook")
	status, answer := b.call(http.MethodPost, "https://graph.facebook.com/v26.0/oauth/access_token", url.Values{
		"client_id": {"facebook"}, "client_secret": {must.Get(b.secrets.Text("client_secret", secret("facebook")))(t)},
		"code": {page.submit().Get("code")}, "redirect_uri": {login + "/oauth2/idpresponse/"},
	})
	if status != http.StatusBadRequest || !strings.Contains(fmt.Sprint(answer), "Error validating verification code.") {
		t.Errorf("got %d %v", status, answer)
	}
}

func TestASAMLProviderKnowsTheUserPoolOnly(t *testing.T) {
	b := newBench(t, partner)
	stranger := must.Get(federation.New(federation.Options{
		Stage: func() *deployed.Stage {
			other := stage()
			partner(other)
			other.UserPool.ID = "eu-central-1_Other"
			return other
		}(),
		Login: "https://evil.example", Transport: b.peers.Transport(), Page: b.peers.Page, Secrets: b.secrets,
	}))(t)
	round := federation.Round{Provider: "Partner", State: "state-1"}
	got := b.visit(http.MethodGet, must.Get(stranger.Begin(t.Context(), &round))(t), nil)
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, "unknown service provider") {
		t.Errorf("got %d %s", got.status, got.body)
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
