package login

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/userpool"
)

func TestSigningInYieldsTokensForExactlyWhatWasAskedFor(t *testing.T) {
	b := newBench(t)
	signedIn := b.clock.Now()
	code := b.browser().signIn("scope", "openid securecart/orders.read")
	b.clock.pass(time.Minute)
	got := b.redeem(code)
	if got.status != http.StatusOK || got.Access == "" || got.ID == "" || got.Refresh == "" || got.Type != "Bearer" ||
		got.Expires != 3600 {
		t.Errorf("want a full set of tokens for an hour, got %+v", got)
	}
	want := []userpool.TokenRequest{{
		ClientID: "web", Username: ada, Source: "TokenGeneration_HostedAuth",
		Scopes: []string{"openid", "securecart/orders.read"}, AuthTime: signedIn, Nonce: "n-1",
	}}
	if diff := cmp.Diff(want, b.pool.issued); diff != "" {
		t.Errorf("token requests (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q; want %q", name, got.header.Get(name), want)
		}
	}
}

func TestWithoutScopeTheClientGetsAllOfItsScopes(t *testing.T) {
	b := newBench(t)
	b.redeem(b.browser().signIn())
	if diff := cmp.Diff(b.login.stage.Clients["web"].AllowedOAuthScopes, b.pool.issued[0].Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestTheCookieIssuesCodesForAnHourAndKeepsTheTimeOfSignIn(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	signedIn := b.clock.Now()
	b.redeem(browser.signIn())
	b.clock.pass(59 * time.Minute)
	if got := b.redeem(browser.authorize().code()); got.status != http.StatusOK {
		t.Errorf("a code by cookie is worth %+v; want tokens", got)
	}
	for _, r := range b.pool.issued {
		if !r.AuthTime.Equal(signedIn) {
			t.Errorf("auth time is %v; want that of the sign-in, %v", r.AuthTime, signedIn)
		}
	}
	b.clock.pass(time.Minute)
	if got := browser.authorize(); got.at.Path != "/login" {
		t.Errorf("an hour after the sign-in the browser got %s; want /login", got.at)
	}
	if len(b.pool.issued) != 2 {
		t.Errorf("%d token requests; want 2", len(b.pool.issued))
	}
}

func TestTheCookieIsForThisServerOverTLSOnly(t *testing.T) {
	answer := newBench(t).browser().authorize().submit(0, "username", ada, "password", password)
	cookies := (&http.Response{Header: answer.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("want one cookie, got %v", cookies)
	}
	cookie := cookies[0]
	if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly ||
		cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 3600 {
		t.Errorf("the cookie is %v", cookie)
	}
}

func TestEverySignInHasANewSessionAndEndsTheOldOne(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	browser.signIn()
	first := browser.client.Jar.Cookies(browser.authorize().at)[0].Value
	browser.signIn("prompt", "login")
	if second := browser.client.Jar.Cookies(browser.get("/login").at)[0].Value; second == first {
		t.Error("the second sign-in kept the session's name")
	}
	stolen := b.browser()
	stolen.header.Set("Cookie", sessionCookie+"="+first)
	if got := stolen.authorize(); got.at.Path != "/login" {
		t.Errorf("the old session still got %s; want /login", got.at)
	}
}

func TestPromptDecidesWhetherToAskAgain(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	if got := browser.authorize("prompt", "none").returned(); got.Get("error") != "login_required" ||
		got.Get("state") != "s-1" {
		t.Errorf("prompt none without a session: got %v", got)
	}
	browser.signIn()
	browser.authorize("prompt", "none").code()
	browser.authorize("prompt", "select_account consent").code()
	if got := browser.authorize("prompt", "login"); got.at.Path != "/login" || len(got.forms) != 1 {
		t.Errorf("prompt login: got %s; want the page to sign in on", got.at)
	}
	browser.authorize().code() // Asking did not end the session.
}

func TestACodeIsWorthTokensOnce(t *testing.T) {
	b := newBench(t)
	code := b.browser().signIn()
	var wait sync.WaitGroup
	results := make(chan reply, 20)
	for range cap(results) {
		wait.Go(func() { results <- b.redeem(code) })
	}
	wait.Wait()
	close(results)
	worth := 0
	for got := range results {
		if got.status == http.StatusOK {
			worth++
		} else if got.status != http.StatusBadRequest || got.Error != "invalid_grant" {
			t.Errorf("a used code: got %+v; want 400 invalid_grant", got)
		}
	}
	if worth != 1 {
		t.Errorf("the code was worth tokens %d times; want once", worth)
	}
}

func TestACodeWorksForFiveMinutes(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	early, late := browser.signIn(), browser.authorize().code()
	b.clock.pass(5*time.Minute - time.Second)
	if got := b.redeem(early); got.status != http.StatusOK {
		t.Errorf("just before the end: got %+v", got)
	}
	b.clock.pass(time.Second)
	if got := b.redeem(late); got.Error != "invalid_grant" {
		t.Errorf("after five minutes: got %+v; want invalid_grant", got)
	}
}

func TestACodeIsBoundToItsRequest(t *testing.T) {
	short, long := strings.Repeat("a", 42), strings.Repeat("a", 129)
	for name, test := range map[string]struct{ asked, posted []string }{
		"another client":            {posted: []string{"client_id", "social"}},
		"a wrong verifier":          {posted: []string{"code_verifier", strings.Repeat("a", 43)}},
		"no verifier":               {posted: []string{"code_verifier", ""}},
		"the challenge as verifier": {posted: []string{"code_verifier", challenge}},
		"a verifier that is too long": {
			asked: []string{"code_challenge", challengeOf(long)}, posted: []string{"code_verifier", long},
		},
		"a verifier that is too short": {
			asked: []string{"code_challenge", challengeOf(short)}, posted: []string{"code_verifier", short},
		},
		"an unknown code":                     {posted: []string{"code", "AAAAAAAAAAAAAAAAAAAAAAAAAA"}},
		"a verifier where no challenge was":   {asked: []string{"code_challenge", "", "code_challenge_method", ""}},
		"another redirect URI":                {posted: []string{"redirect_uri", "myapp://signed-in"}},
		"a redirect URI that is a bit longer": {posted: []string{"redirect_uri", callback + "/"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			code := b.browser().signIn(test.asked...)
			want := "invalid_grant"
			if strings.Contains(name, "redirect URI") {
				want = "unauthorized_client"
			}
			if got := b.redeem(code, test.posted...); got.status != http.StatusBadRequest || got.Error != want {
				t.Errorf("got %+v; want 400 %s", got, want)
			}
			if got := b.redeem(code); name != "an unknown code" && got.Error != "invalid_grant" {
				t.Errorf("after a wrong attempt the code is still worth %+v", got)
			}
			if issued := len(b.pool.issued); issued > 0 && name != "an unknown code" {
				t.Errorf("%d sets of tokens were issued", issued)
			}
		})
	}
}

func challengeOf(verifier string) string {
	hash := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func TestPKCEIsTheClientsChoice(t *testing.T) {
	b := newBench(t)
	code := b.browser().signIn("code_challenge", "", "code_challenge_method", "")
	if got := b.redeem(code, "code_verifier", ""); got.status != http.StatusOK {
		t.Errorf("a code without PKCE: got %+v; want tokens, as Cognito has no setting that demands it", got)
	}
}

func TestRefreshingReturnsTheNextRefreshToken(t *testing.T) {
	b := newBench(t)
	first := b.redeem(b.browser().signIn())
	refresh := func(token string) reply {
		return b.post("/oauth2/token", "grant_type", "refresh_token", "client_id", "web", "refresh_token", token)
	}
	second := refresh(first.Refresh)
	if second.status != http.StatusOK || second.Refresh == "" || second.Refresh == first.Refresh || second.Access == "" ||
		second.ID == "" {
		t.Fatalf("got %+v; want new tokens", second)
	}
	if got := refresh(first.Refresh); got.status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("the old refresh token: got %+v; want 400 invalid_grant", got)
	}
	if got := refresh(second.Refresh); got.status != http.StatusOK {
		t.Errorf("the new refresh token: got %+v", got)
	}
}

func TestSignInsAtOnceDoNotMixUp(t *testing.T) {
	b := newBench(t)
	for i := range 40 {
		b.pool.users[fmt.Sprint(i)] = &customer{password: password, confirmed: true}
	}
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			code := b.browser().authorize().submit(0, "username", fmt.Sprint(i), "password", password).code()
			if got := b.redeem(code); got.status != http.StatusOK {
				t.Errorf("customer %d: got %+v", i, got)
			}
		})
	}
	wait.Wait()
	served := map[string]int{}
	for _, r := range b.pool.issued {
		served[r.Username]++
	}
	if len(served) != 40 {
		t.Errorf("tokens for %d customers; want 40", len(served))
	}
}
