package identityprovider_test

import (
	"fmt"
	"maps"
	"net/http"
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

func TestEveryKindOfProviderSignsIn(t *testing.T) {
	b := newBench(t, partner, func(s *deployed.Stage) {
		facebook := s.Providers["Facebook"]
		facebook.AttributeMapping = map[string]string{
			"email": "email", "given_name": "first_name", "family_name": "last_name", "name": "name", "picture": "picture",
		}
		s.Providers["Facebook"] = facebook
	})
	const ada = "ada@example.com"
	for provider, test := range map[string]struct {
		subject string
		want    map[string]string
	}{
		"Google": {"sub", map[string]string{
			"sub": "who: 1", "email": ada, "email_verified": "true", "given_name": "Ada", "family_name": "Lovelace",
			"name": "Ada Lovelace", "picture": "https://lh3.googleusercontent.com/a/ada",
		}},
		"Facebook": {"id", map[string]string{
			"id": "who: 1", "email": ada, "first_name": "Ada", "last_name": "Lovelace", "name": "Ada Lovelace",
			"picture": `{"data":{"height":50,"is_silhouette":false,` +
				`"url":"https://platform-lookaside.fbsbx.com/ada","width":50}}`,
		}},
		"SignInWithApple": {"sub", map[string]string{
			"sub": "who: 1", "email": ada, "email_verified": "true", "firstName": "Ada", "lastName": "Lovelace",
		}},
		"LoginWithAmazon": {"user_id", map[string]string{"user_id": "who: 1", "email": ada, "name": "Ada Lovelace"}},
		"Okta":            {"sub", map[string]string{"sub": "who: 1", "email": ada}},
		"Partner":         {"NameID", map[string]string{"NameID": "who: 1", "urn:mail": ada}},
	} {
		round, page := b.begin(provider)
		if !strings.Contains(page.body, "This page stands in for "+provider+". It is not "+provider) {
			t.Errorf("%s: the page does not say whose it is not: %s", provider, page.body)
		}
		answer := page.submit(test.subject, "who: 1")
		if state := answer.Get("state") + answer.Get("RelayState"); state != "state-1" {
			t.Errorf("%s: state %q", provider, state)
		}
		who, err := b.finish(round, answer)
		if err != nil || who.Subject != "who: 1" {
			t.Errorf("%s: got %+v, %v", provider, who, err)
		}
		if diff := cmp.Diff(test.want, aboutThePerson(who.Attributes)); diff != "" {
			t.Errorf("%s: attributes (-want +got):\n%s", provider, diff)
		}
	}
}

func TestAProviderReturnsWhatIsEnteredAndNothingEmpty(t *testing.T) {
	b := newBench(t)
	round, page := b.begin("Google")
	page.body = strings.ReplaceAll(page.body, `name="email_verified"`, "") // A box that is not ticked.
	answer := page.submit("email", " bob@example.com ", "picture", "", "cognito:groups", "admin")
	who := must.Get(b.finish(round, answer))(t)
	want := map[string]string{
		"sub": who.Subject, "email": "bob@example.com", "email_verified": "false", "given_name": "Ada",
		"family_name": "Lovelace", "name": "Ada Lovelace",
	}
	if diff := cmp.Diff(want, aboutThePerson(who.Attributes)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
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

func TestACustomerWhoTurnsBackIsSentBack(t *testing.T) {
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
