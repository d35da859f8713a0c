package login

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
)

func withProviders(names ...string) func(*deployed.Stage) {
	return func(s *deployed.Stage) {
		web := s.Clients["web"]
		web.SupportedIdentityProviders = names
		s.Clients["web"] = web
	}
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
			"name": "Ada Lovelace", "picture": "https://platform-lookaside.fbsbx.com/ada",
		}},
		"Okta":    {"ada", map[string]string{"sub": "ada", "mail": ada, "display_name": "Ada Lovelace"}},
		"Partner": {"ada", map[string]string{"NameID": "ada", "urn:mail": ada}},
	} {
		t.Run(provider, func(t *testing.T) {
			b := newBench(t, withProviders(cognito, provider))
			page := b.browser().authorize().follow("Continue with " + provider)
			page.shows("This page stands in for " + provider + ". It is not " + provider)
			signedIn := b.clock.Now()
			code := page.submit(0).code()
			b.clock.pass(time.Minute)
			if got := b.redeem(code); got.status != http.StatusOK {
				t.Fatalf("got %+v; want tokens", got)
			}
			request := b.pool.issued[0]
			if diff := cmp.Diff(want.attributes, b.pool.users[request.Username].attributes); diff != "" {
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
		"sub":            "7",
		"email":          bob,
		"email_verified": "false",
		"given_name":     "Ada",
		"family_name":    "Lovelace",
		"name":           "Ada Lovelace",
	}
	if diff := cmp.Diff(want, b.pool.users["google_7"].attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

func TestWithoutASubjectNobodySignsIn(t *testing.T) {
	b := newBench(t)
	got := b.browser().authorize("identity_provider", "Facebook").submit(0, "id", " ")
	got.shows("Without id nobody is signed in.")
	if len(b.pool.calls) > 0 {
		t.Errorf("the pool was asked %q", b.pool.calls)
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
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := b.browser().send(method, "/local/"+provider+"?"+request("client_id", "social"),
				map[string][]string{"sub": {"1"}, "id": {"1"}})
			if got.status != http.StatusNotFound {
				t.Errorf("%s %s: %d; want 404", method, provider, got.status)
			}
		}
	}
	if len(b.pool.calls) > 0 {
		t.Errorf("the pool was asked %q", b.pool.calls)
	}
}

func TestARefusedProviderSignInSaysWhy(t *testing.T) {
	b := newBench(t)
	page := b.browser().authorize("identity_provider", "Google")
	b.pool.broken = refused("InvalidParameterException", "Attributes required: [email]")
	page.submit(0).shows("Attributes required: [email]")
}
