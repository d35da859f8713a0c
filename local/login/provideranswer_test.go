package login

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/local/localtest/must"
)

// What a provider returns counts once, and only in the browser that was sent to it.
func TestAnAnswerBelongsToTheBrowserThatAsked(t *testing.T) {
	b := newBench(t)
	back := func(browser *browser) string { return "/oauth2/idpresponse?" + browser.answerOf("Google").Encode() }
	attacker, victim := b.browser(), b.browser()
	planted := back(attacker)
	back(victim) // The victim has a cookie of her own.
	if got := victim.get(planted); got.status != http.StatusForbidden || !strings.Contains(got.body, "another browser") {
		t.Errorf("an answer of another browser: got %d\n%s", got.status, got.body)
	}
	attacker.get(planted).code() // Another browser ends nobody's sign-in.
	own := back(victim)
	// A link scanner asks for the head only.
	if got := victim.send(http.MethodHead, own, nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: got %d; want 405", got.status)
	}
	victim.get(own).code()
	if got := victim.get(own); got.status != http.StatusBadRequest || !strings.Contains(got.body, "over") {
		t.Errorf("an answer for the second time: got %d\n%s", got.status, got.body)
	}
	for _, query := range []string{"", "?code=x", "?code=x&state=guess"} {
		if got := victim.get("/oauth2/idpresponse" + query); got.status != http.StatusBadRequest {
			t.Errorf("%q: got %d; want 400", query, got.status)
		}
	}
	// A posted answer is in the form. What stands in the URL beside it was not posted by the provider.
	beside := back(victim)
	if got := victim.send(http.MethodPost, beside, url.Values{"x": {"y"}}); got.status != http.StatusBadRequest {
		t.Errorf("an answer in the URL of a form: got %d; want 400", got.status)
	}
	late := back(victim)
	b.clock.Advance(5 * time.Minute)
	if got := victim.get(late); got.status != http.StatusBadRequest {
		t.Errorf("after five minutes: got %d; want 400", got.status)
	}
}

// Every provider answers at the same address: Google refuses what Facebook says in answer to what Google was asked.
func TestTheAnswerOfOneProviderIsNotThatOfAnother(t *testing.T) {
	b := newBench(t, withPartner, withProviders(cognito, "Google", "Facebook", "Apple", "Partner"))
	b.login.pool = unasked{}
	browser := b.browser()
	answers := map[string]url.Values{}
	for _, provider := range []string{"Google", "Facebook", "Apple", "Partner"} {
		answers[provider] = browser.answerOf(provider)
	}
	for asked, answer := range answers {
		for other := range answers {
			if asked == other {
				continue
			}
			mixed := browser.answerOf(other)
			for _, name := range []string{"code", "SAMLResponse"} {
				mixed.Del(name)
				if answer.Has(name) {
					mixed.Set(name, answer.Get(name))
				}
			}
			path := "/oauth2/idpresponse"
			if mixed.Has("SAMLResponse") {
				path = "/saml2/idpresponse"
				mixed.Set("RelayState", mixed.Get("RelayState")+mixed.Get("state"))
			} else if mixed.Has("RelayState") {
				mixed.Set("state", mixed.Get("RelayState"))
			}
			got := browser.send(http.MethodPost, path, mixed)
			if location := got.header.Get("Location"); !strings.Contains(location, other+"+Error+-+") {
				t.Errorf("%s answers %s: got %d %s", asked, other, got.status, location)
			}
		}
	}
}

// answerOf signs in at a provider, and returns what it sends to managed login, without going there.
func (b *browser) answerOf(provider string) url.Values {
	b.Helper()
	page := b.authorize("identity_provider", provider, "prompt", "login")
	follow := b.client.CheckRedirect
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.client.CheckRedirect = follow }()
	form := page.forms[0]
	next := b.send(http.MethodPost, form.action, form.values)
	if len(next.forms) > 0 {
		return next.forms[0].values
	}
	back := must.Get(url.Parse(next.header.Get("Location")))(b.T)
	return back.Query()
}
