package login

import (
	"net/http"
	"net/url"
	"testing"
)

func TestSigningOutEndsTheSessionAndGoesToARegisteredURL(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	browser.signIn()
	name := browser.client.Jar.Cookies(browser.get("/login").at)[0].Value
	got := browser.get(
		"/logout?client_id=web&logout_uri=" + url.QueryEscape(leaving) + "&redirect_uri=https://evil.example&state=x")
	if got.status != http.StatusFound || got.header.Get("Location") != leaving {
		t.Errorf("got %d to %q; want %s, unchanged", got.status, got.header.Get("Location"), leaving)
	}
	if browser.authorize().at.Path != "/login" {
		t.Error("the browser is still signed in")
	}
	thief := b.browser()
	thief.header.Set("Cookie", sessionCookie+"="+name)
	if thief.authorize().at.Path != "/login" {
		t.Error("the session still works for a thief of the cookie")
	}
}

func TestSigningOutMayLeadToSigningInAgain(t *testing.T) {
	browser := newBench(t).browser()
	browser.signIn()
	got := browser.get("/logout?" + request("scope", "openid", "identity_provider", "Google"))
	if got.at.Path != "/login" || got.at.Query().Get("scope") != "openid" || got.at.Query().Has("identity_provider") {
		t.Fatalf("got %s; want /login with the documented parameters", got.at)
	}
	if browser.authorize("prompt", "none").returned().Get("error") != "login_required" {
		t.Error("the browser is still signed in")
	}
	// The challenge is no parameter of /logout, so this code has none.
	got.submit(0, "username", ada, "password", password).code()
}

func TestSigningOutLeadsToNoOtherPlace(t *testing.T) {
	browser := newBench(t).browser()
	browser.signIn()
	for name, query := range map[string]string{
		"nowhere":                        "client_id=web",
		"another site":                   "client_id=web&logout_uri=https://evil.example/",
		"a longer URL":                   "client_id=web&logout_uri=" + leaving + "x",
		"a callback URL":                 "client_id=web&logout_uri=" + callback,
		"a sign-out URL as redirect URI": "client_id=web&response_type=code&redirect_uri=" + leaving,
		"two sign-out URLs":              "client_id=web&logout_uri=" + leaving + "&logout_uri=https://evil.example/",
		"an unknown client":              "client_id=x&logout_uri=" + leaving,
		"a client without managed login": "client_id=stepup&redirect_uri=" + callback,
		"an empty sign-out URL":          "client_id=web&logout_uri=&redirect_uri=" + callback,
		"no client":                      "logout_uri=" + leaving,
		"an unreadable query":            "client_id=web&logout_uri=%zz",
	} {
		got := browser.get("/logout?" + query)
		if got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
			t.Errorf("%s: got %d to %q; want an error page", name, got.status, got.header.Get("Location"))
		}
		browser.authorize().code() // Still signed in: nothing was done.
	}
}
