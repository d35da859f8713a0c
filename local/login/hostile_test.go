package login

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/securecart/identity/local/userpool"
)

const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'` +
	"`{{.}}</title></form><form action=https://evil.example>"

func TestInputNeverBecomesMarkup(t *testing.T) {
	b := newBench(t, withMFA)
	pages := 0
	look := func(name string, v *view) {
		pages++
		v.checkMarkup(name)
	}
	for _, parameter := range []string{"state", "nonce", "login_hint", "lang", "note"} {
		b.every(func(name string, v *view) { look(name+" with "+parameter, v) }, parameter, evil)
	}
	for _, parameter := range []string{"client_id", "redirect_uri", "logout_uri", evil} {
		for pattern := range b.login.pages() {
			if method, path, _ := strings.Cut(pattern, " "); method == http.MethodGet {
				look(pattern+" with "+parameter, b.browser().get(path+"?"+request(parameter, evil)))
			}
		}
	}
	look("unknown state", b.browser().get("/oauth2/idpresponse?state="+url.QueryEscape(evil)))
	if pages < 70 {
		t.Errorf("only %d pages were looked at", pages)
	}
}

func TestWhatThePoolSaysNeverBecomesMarkup(t *testing.T) {
	b := newBench(t)
	asked := b.challenged(asks(smsCode, "CODE_DELIVERY_DESTINATION", evil))
	asked.checkMarkup("SMS challenge")
	b.login.pool = brokenPool{err: &userpool.Error{Code: "InvalidParameterException", Message: evil}}
	asked.submit(0, "code", "1").checkMarkup("SMS challenge after an error")
	posts := 0
	for pattern := range b.login.pages() {
		if method, path, _ := strings.Cut(pattern, " "); method == http.MethodPost && path != "/challenge" {
			posts++
			got := b.browser().send(method, path+"?"+request(), url.Values{
				"username": {evil}, "password": {evil}, "code": {evil}, "sub": {evil}, "email": {evil}, "given_name": {evil},
			})
			got.checkMarkup(pattern)
			if !strings.Contains(got.body, "alert(1)") {
				t.Errorf("%s does not show the message, so this proves nothing:\n%s", pattern, got.body)
			}
		}
	}
	if posts < 6 {
		t.Errorf("only %d forms were posted", posts)
	}
}

func TestClientsWithoutPasswordsTakeNone(t *testing.T) {
	b := newBench(t)
	b.login.pool = unasked{}
	for pattern := range b.login.pages() {
		method, path, _ := strings.Cut(pattern, " ")
		if strings.HasPrefix(path, "/oauth2") || method == http.MethodGet && !strings.HasPrefix(path, "/signup") {
			continue
		}
		got := b.browser().send(method, path+"?"+request("client_id", "social"),
			url.Values{"username": {ada}, "password": {password}})
		if got.status != http.StatusForbidden {
			t.Errorf("%s: %d; want 403", pattern, got.status)
		}
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	b := newBench(t)
	b.login.pool = unasked{}
	posts := 0
	for pattern := range b.login.pages() {
		method, path, _ := strings.Cut(pattern, " ")
		if method != http.MethodPost {
			continue
		}
		for _, header := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}},
			{"Sec-Fetch-Site": {"same-site"}},
			{"Origin": {"https://evil.example"}},
			{"Origin": {"null"}},
			{"Sec-Fetch-Site": {"cross-site"}, "Origin": {b.server.URL}},
		} {
			posts++
			browser := b.browser()
			browser.header = header
			got := browser.send(method, path+"?"+request(), url.Values{
				"username": {ada}, "password": {password}, "code": {"123456"}, "sub": {"1"},
			})
			if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s with %v: %d; want 403 and no cookie", pattern, header, got.status)
			}
		}
	}
	if posts < 35 {
		t.Errorf("only %d forms were posted", posts)
	}
	b.login.pool = b.users
	for _, header := range []http.Header{{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"null"}},
		{"Origin": {b.server.URL}}} {
		browser := b.browser()
		page := browser.authorize()
		browser.header = header
		page.submit(0, "username", ada, "password", password).code()
	}
}
