package login

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func withProviders(names ...string) func(*deployed.Stage) {
	return func(s *deployed.Stage) {
		web := s.Clients["web"]
		web.SupportedIdentityProviders = names
		s.Clients["web"] = web
	}
}

// aboutThePerson leaves out what an ID token says about itself.
func aboutThePerson(attributes map[string]string) map[string]string {
	said := maps.Clone(attributes)
	for _, name := range []string{
		"iss", "aud", "azp", "client_id", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash",
	} {
		delete(said, name)
	}
	return said
}

func TestProvidersReturnTheirOwnAttributes(t *testing.T) {
	for provider, want := range map[string]struct {
		subject    string
		attributes map[string]string
	}{
		"Google": {"100000000000000000001", map[string]string{
			"sub": "100000000000000000001", "email": ada, "email_verified": "true", "given_name": "Ada",
			"family_name": "Lovelace", "name": "Ada Lovelace", "picture": "https://lh3.googleusercontent.com/a/ada",
		}},
		"Facebook": {"10000000000000001", map[string]string{
			"id": "10000000000000001", "email": ada, "first_name": "Ada", "last_name": "Lovelace",
			"name": "Ada Lovelace",
			"picture": `{"data":{"height":50,"is_silhouette":false,` +
				`"url":"https://platform-lookaside.fbsbx.com/ada","width":50}}`,
		}},
		"Okta": {"ada", map[string]string{"sub": "ada", "mail": ada, "display_name": "Ada Lovelace"}},
		"Apple": {"000001.ada.0001", map[string]string{
			"sub": "000001.ada.0001", "email": ada, "email_verified": "true", "firstName": "Ada", "lastName": "Lovelace",
		}},
		"Amazon": {"amzn1.account.ADA", map[string]string{
			"user_id": "amzn1.account.ADA", "email": ada, "name": "Ada Lovelace",
		}},
		"Partner": {"ada", map[string]string{"NameID": "ada", "urn:mail": ada}},
	} {
		t.Run(provider, func(t *testing.T) {
			b := newBench(t, withPartner, withProviders(cognito, provider))
			page := b.browser().authorize().follow("Continue with " + provider)
			page.shows("This page stands in for " + provider + ". It is not " + provider)
			signedIn := b.clock.Now()
			code := page.submit(0).code()
			b.clock.pass(time.Minute)
			if got := b.redeem(code); got.status != http.StatusOK {
				t.Fatalf("got %+v; want tokens", got)
			}
			request := b.pool.issued[0]
			if diff := cmp.Diff(want.attributes, aboutThePerson(b.pool.users[request.Username].attributes)); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
			if !request.AuthTime.Equal(signedIn) || request.Source != "TokenGeneration_HostedAuth" {
				t.Errorf("token request is %+v", request)
			}
			if got := b.pool.calls[0]; got != "SignInFederated web "+provider+" "+want.subject {
				t.Errorf("the pool was asked %q", got)
			}
		})
	}
}

func TestAProviderReturnsWhatIsEnteredAndNothingEmpty(t *testing.T) {
	b := newBench(t)
	page := b.browser().authorize("identity_provider", "Google")
	form := page.forms[0]
	form.values.Del("email_verified") // As a browser does with a box that is not ticked.
	form.values.Set("email", " bob@example.com ")
	form.values.Set("sub", "7")
	form.values.Set("picture", "")
	form.values.Set("cognito:groups", "admin")
	page.send(http.MethodPost, form.action, form.values).code()
	want := map[string]string{
		"sub": "7", "email": bob, "email_verified": "false", "given_name": "Ada", "family_name": "Lovelace",
		"name": "Ada Lovelace",
	}
	if diff := cmp.Diff(want, aboutThePerson(b.pool.users["google_7"].attributes)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

func TestTheLoginHintReachesGoogleAndNotFacebook(t *testing.T) {
	b := newBench(t)
	for provider, want := range map[string]string{"Google": bob, "Facebook": ada} {
		got := b.browser().authorize("identity_provider", provider, "login_hint", bob).forms[0].values.Get("email")
		if got != want {
			t.Errorf("%s: e-mail %q; want %q", provider, got, want)
		}
	}
}

func TestOnlyTheClientsProvidersSignIn(t *testing.T) {
	b := newBench(t)
	for _, provider := range []string{"Okta", "Facebook", "Nobody", "COGNITO"} {
		got := b.browser().authorize("client_id", "social", "identity_provider", provider).returned()
		if got.Get("error") != "invalid_request" {
			t.Errorf("%s: got %v; want invalid_request", provider, got)
		}
	}
	if len(b.pool.calls) > 0 {
		t.Errorf("the pool was asked %q", b.pool.calls)
	}
}

func TestARefusedProviderSignInTellsTheAppWhy(t *testing.T) {
	b := newBench(t)
	page := b.browser().authorize("identity_provider", "Google")
	b.pool.broken = refused("InvalidParameterException", "Attributes required: [email]")
	got := page.submit(0).returned()
	if got.Get("error") != "invalid_request" || got.Get("error_description") != "Attributes required: [email]" {
		t.Errorf("got %v; want invalid_request with the reason", got)
	}
}

func TestSomebodyWhoTurnsBackAtTheProviderIsLedToTheApp(t *testing.T) {
	for provider, want := range map[string]string{
		"Google": "Google Error - access_denied", "Facebook": "Facebook Error - access_denied Permissions error",
	} {
		browser := newBench(t).browser()
		cancel := browser.authorize("identity_provider", provider).forms[0].buttons[1].attributes["formaction"]
		got := browser.send(http.MethodPost, cancel, nil).returned()
		if got.Get("error") != "access_denied" || got.Get("error_description") != want || got.Get("state") != "s-1" {
			t.Errorf("%s: got %v; want %s", provider, got, want)
		}
	}
}

func TestWhileAProviderIsDownAPasswordSignsIn(t *testing.T) {
	b := newBench(t)
	must.Do(t, b.disconnect())
	browser := b.browser()
	got := browser.authorize("identity_provider", "Google").returned()
	if got.Get("error") != "server_error" || !strings.HasPrefix(got.Get("error_description"), "Google Error - ") {
		t.Errorf("got %v; want the app to be told", got)
	}
	// The cause, which names an address, is for the developer only.
	const cause = "https://accounts.google.com/.well-known/openid-configuration"
	if strings.Contains(got.Get("error_description"), cause) || !strings.Contains(b.log.String(), cause) {
		t.Errorf("the app is told %q, and the log has %q", got.Get("error_description"), b.log.String())
	}
	browser.signIn()
}

// The cookie binds a sign-in to a browser, also where a provider answers by a form on its own site.
func TestTheCookieOfASignInIsSentFromOtherSites(t *testing.T) {
	b := newBench(t)
	r := httptest.NewRequest(http.MethodGet, "/oauth2/authorize?"+request("identity_provider", "Google"), nil)
	w := httptest.NewRecorder()
	b.login.Handler().ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got cookies %v; want one", cookies)
	}
	c := cookies[0]
	if c.Name != "__Host-csrf-state" || len(c.Value) != 26 || !c.Secure || !c.HttpOnly || c.Path != "/" ||
		c.SameSite != http.SameSiteNoneMode || c.MaxAge != 300 {
		t.Errorf("got %s", c)
	}
}

func TestAProvidersAnswerIsBounded(t *testing.T) {
	got := newBench(t).browser().send(http.MethodPost, "/saml2/idpresponse", url.Values{
		"SAMLResponse": {strings.Repeat("A", maxResponse)}, "RelayState": {"x"},
	})
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, "cannot be read") {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestTheSignInPageLeadsOnFromAnIdentifier(t *testing.T) {
	b := newBench(t, withProviders(cognito, "Google", "Okta"))
	page := b.browser().get("/login?" + request("idp_identifier", "staff.example")).follow("Continue with Google")
	if page.at.Path != googlePage {
		t.Errorf("got %s", page.at)
	}
}
