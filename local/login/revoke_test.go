package login

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRevokingAnswersAsDocumented(t *testing.T) {
	b := newBench(t)
	signedIn := b.redeem(b.browser().signIn())
	for name, test := range map[string]struct {
		form   []string
		status int
		want   string
	}{
		"a refresh token":  {[]string{"client_id", "web", "token", signedIn.Refresh}, http.StatusOK, ""},
		"an unknown token": {[]string{"client_id", "web", "token", "whatever"}, http.StatusOK, ""},
		"no token":         {[]string{"client_id", "web"}, http.StatusBadRequest, "invalid_request"},
		"an access token": {[]string{"client_id", "web", "token", signedIn.Access}, http.StatusBadRequest,
			"unsupported_token_type"},
		"a client without revocation": {[]string{"client_id", "social", "token", "refresh-1"}, http.StatusBadRequest,
			"invalid_request"},
		"an unknown client": {[]string{"client_id", "x", "token", "refresh-1"}, http.StatusUnauthorized, "invalid_client"},
	} {
		if got := b.post("/oauth2/revoke", test.form...); got.status != test.status || got.Error != test.want {
			t.Errorf("%s: got %+v; want %d %s", name, got, test.status, test.want)
		}
	}
}

func TestRefreshingAndRevoking(t *testing.T) {
	b := newBench(t)
	signedIn := float64(b.clock.Now().Unix())
	first := b.redeem(b.browser().signIn())
	b.checkAccess(first.Access, http.StatusOK)
	b.clock.Advance(2 * time.Minute)
	refresh := func(token string) reply {
		return b.post("/oauth2/token", "grant_type", "refresh_token", "client_id", "web", "refresh_token", token)
	}
	second := refresh(first.Refresh)
	if second.status != http.StatusOK || second.Refresh == first.Refresh || second.ID == "" ||
		claims(t, second.Access)["auth_time"] != signedIn {
		t.Fatalf("got %+v; want new tokens of the same sign-in", second)
	}
	for _, by := range []struct{ client, want string }{{"stepup", "unauthorized_client"}, {"web", ""}} {
		if got := b.post("/oauth2/revoke", "client_id", by.client, "token", second.Refresh); got.Error != by.want {
			t.Errorf("revoking by client %s: got %+v", by.client, got)
		}
	}
	if got := refresh(second.Refresh); got.status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("refreshing after revoking: got %+v; want 400 invalid_grant", got)
	}
	b.checkAccess(second.Access, http.StatusUnauthorized)
}

func (b *bench) checkAccess(token string, want int) {
	b.Helper()
	browser := b.browser()
	browser.header.Set("Authorization", "Bearer "+token)
	got := browser.get("/oauth2/userInfo")
	if got.status != want || want == http.StatusOK && !strings.Contains(got.body, `"email":"`+ada+`"`) {
		b.Errorf("userInfo: %d %s; want %d", got.status, got.body, want)
	}
}
