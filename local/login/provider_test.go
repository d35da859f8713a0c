package login

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/localtest/must"
)

func TestEveryKindOfProviderSignsIn(t *testing.T) {
	for provider, subject := range map[string]string{
		"Google": "100000000000000000001", "Facebook": "10000000000000001", "Okta": "ada", "Apple": "000001.ada.0001",
		"Amazon": "amzn1.account.ADA", "Partner": "ada",
	} {
		t.Run(provider, func(t *testing.T) {
			b := newBench(t, withPartner, withProviders(cognito, provider))
			page := b.browser().authorize().follow("Continue with " + provider)
			page.shows("This page stands in for " + provider + ". It is not " + provider)
			signedIn := b.clock.Now()
			code := page.submit(0).code()
			b.clock.Advance(time.Minute)
			id := claims(t, b.redeem(code).ID)
			username := strings.ToLower(provider + "_" + subject)
			if id["cognito:username"] != username || id["email"] != ada && provider != "Okta" ||
				id["auth_time"] != float64(signedIn.Unix()) {
				t.Errorf("claims are %v; want those of %s, who signed in at %v", id, username, signedIn)
			}
		})
	}
}

func TestCustomersOfProvidersGetWhatIsMapped(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		google := s.Providers["Google"]
		google.AttributeMapping = map[string]string{"custom:provider_email": "email", "given_name": "given_name"}
		s.Providers["Google"] = google
	})
	for _, name := range []string{"Ada", "Augusta"} { // The provider's page has the same subject each time.
		code := b.browser().authorize("identity_provider", "Google").submit(0, "given_name", name).code()
		id := claims(t, b.redeem(code).ID)
		if id["custom:provider_email"] != ada || id["given_name"] != name || id["email"] != nil || id["name"] != nil {
			t.Errorf("claims are %v; want what is mapped, as Google returned it last", id)
		}
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
	b.login.pool = unasked{}
	for _, provider := range []string{"Okta", "Facebook", "Nobody", "COGNITO"} {
		got := b.browser().authorize("client_id", "social", "identity_provider", provider).returned()
		if got.Get("error") != "invalid_request" {
			t.Errorf("%s: got %v; want invalid_request", provider, got)
		}
	}
}

func TestARefusedProviderSignInTellsTheAppWhy(t *testing.T) {
	b := newBench(t)
	b.refusal = &functions.FunctionError{Type: "errorString", Message: "Sign up in <the> shop"}
	got := b.browser().authorize("identity_provider", "Google").submit(0).returned()
	if got.Get("error") != "invalid_request" ||
		got.Get("error_description") != "PreSignUp failed with error Sign up in <the> shop." {
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
