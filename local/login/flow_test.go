package login

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scopes are those of an access token, sorted.
func (r reply) scopes(t *testing.T) []string {
	t.Helper()
	return slices.Sorted(strings.FieldsSeq(claims(t, r.Access)["scope"].(string)))
}

func TestSigningInYieldsTokensForExactlyWhatWasAskedFor(t *testing.T) {
	b := newBench(t)
	signedIn := b.clock.Now()
	code := b.browser().signIn("scope", "openid securecart/orders.read")
	b.clock.Advance(time.Minute)
	got := b.redeem(code)
	if got.status != http.StatusOK || got.Refresh == "" || got.Type != "Bearer" || got.Expires != 3600 {
		t.Errorf("want a full set of tokens for an hour, got %+v", got)
	}
	if diff := cmp.Diff([]string{"openid", "securecart/orders.read"}, got.scopes(t)); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	access, id := claims(t, got.Access), claims(t, got.ID)
	since := float64(signedIn.Unix())
	for claim, test := range map[string]struct{ got, want any }{
		"client_id": {access["client_id"], "web"}, "aud": {id["aud"], "web"}, "email": {id["email"], ada},
		"nonce": {id["nonce"], "n-1"}, "sub": {access["sub"], id["sub"]},
		"auth_time": {access["auth_time"], since}, "auth_time of the ID token": {id["auth_time"], since},
	} {
		if test.got != test.want {
			t.Errorf("%s is %v; want %v", claim, test.got, test.want)
		}
	}
	if len(b.events) != 1 || b.events[0]["triggerSource"] != "TokenGeneration_HostedAuth" {
		t.Errorf("the trigger was told %v; want one event of managed login", b.events)
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
	want := slices.Sorted(slices.Values(b.login.stage.Clients["web"].AllowedOAuthScopes))
	if diff := cmp.Diff(want, b.redeem(b.browser().signIn()).scopes(t)); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestTheCookieIssuesCodesForAnHourAndKeepsTheTimeOfSignIn(t *testing.T) {
	b := newBench(t)
	browser := b.browser()
	signedIn := b.clock.Now()
	first := b.redeem(browser.signIn())
	b.clock.Advance(59 * time.Minute)
	for _, got := range []reply{first, b.redeem(browser.authorize().code())} {
		if since := claims(t, got.Access)["auth_time"]; since != float64(signedIn.Unix()) {
			t.Errorf("auth time is %v; want that of the sign-in, %v", since, signedIn)
		}
	}
	b.clock.Advance(time.Minute)
	if got := browser.authorize(); got.at.Path != "/login" {
		t.Errorf("an hour after the sign-in the browser got %s; want /login", got.at)
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
	b.clock.Advance(5*time.Minute - time.Second)
	if got := b.redeem(early); got.status != http.StatusOK {
		t.Errorf("just before the end: got %+v", got)
	}
	b.clock.Advance(time.Second)
	if got := b.redeem(late); got.Error != "invalid_grant" {
		t.Errorf("after five minutes: got %+v; want invalid_grant", got)
	}
}

func TestACodeIsBoundToItsRequest(t *testing.T) {
	b := newBench(t)
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
		code := b.browser().signIn(test.asked...)
		want := "invalid_grant"
		if strings.Contains(name, "redirect URI") {
			want = "unauthorized_client"
		}
		if got := b.redeem(code, test.posted...); got.status != http.StatusBadRequest || got.Error != want {
			t.Errorf("%s: got %+v; want 400 %s", name, got, want)
		}
		if name == "an unknown code" {
			continue
		}
		if got := b.redeem(code); got.Error != "invalid_grant" {
			t.Errorf("%s: after a wrong attempt the code is still worth %+v", name, got)
		}
	}
	if len(b.events) > 0 {
		t.Errorf("the trigger of tokens was told %v", b.events)
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

func TestSignInsAtOnceDoNotMixUp(t *testing.T) {
	b := newBench(t)
	var wait sync.WaitGroup
	for i := range 20 {
		email := fmt.Sprintf("customer%d@example.com", i)
		b.register(email)
		wait.Go(func() {
			code := b.browser().authorize().submit(0, "username", email, "password", password).code()
			if got := claims(t, b.redeem(code).ID)["email"]; got != email {
				t.Errorf("%s got tokens of %v", email, got)
			}
		})
	}
	wait.Wait()
}
