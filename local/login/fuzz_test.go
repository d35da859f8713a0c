package login

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/securecart/identity/local/localtest/must"
)

// FuzzAuthorize sends any query, with and without a session: the browser goes to a page of this server or to a
// registered callback URL with one answer, or stays on an error page; and no byte of the query becomes a header.
func FuzzAuthorize(f *testing.F) {
	for _, seed := range []string{
		"", request(), request("prompt", "none"), request("prompt", "login"), request("redirect_uri", "myapp://signed-in"),
		request("redirect_uri", "https://shop.example/in?from=login"), request("redirect_uri", "//evil.example"),
		request("state", evil), request("identity_provider", "Google"), request("idp_identifier", "staff.example"),
		request("client_id", "stepup"), request("scope", "openid email"), request("scope", "email"),
		request("response_type", "token"), request("code_challenge", "x"), request() + "&state=2",
		request() + "&client_id=web", "client_id=web;redirect_uri=x", "%zz=%", "state=%0d%0aX:1&" + request("state", ""),
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	providers, pages, _ := federate(f, testStage(), "https://127.0.0.1:8703", slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, query string, signedIn bool) {
		c := clockwork.NewFakeClockAt(time.Unix(1_800_000_000, 0))
		l := must.Get(New(Options{Pool: unasked{}, Stage: testStage(), Now: c.Now, Federation: providers}))(t)
		r := httptest.NewRequest(http.MethodGet, "/oauth2/authorize", nil)
		r.URL.RawQuery = query
		if signedIn {
			r.AddCookie(
				&http.Cookie{
					Name:  sessionCookie,
					Value: l.sessions.Add(session{username: ada, provider: cognito, authTime: c.Now()}),
				},
			)
		}
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, r)
		checkAnswer(t, w.Result(), signedIn, pages)
	})
}

func checkAnswer(t *testing.T, answer *http.Response, signedIn bool, pages string) {
	t.Helper()
	location := answer.Header.Get("Location")
	atProvider := strings.HasPrefix(location, pages+"/")
	if strings.ContainsAny(location, "\r\n") || len(answer.Header) > 9 ||
		answer.Header.Get("Set-Cookie") != "" && !atProvider {
		t.Errorf("headers are %q", answer.Header)
	}
	switch {
	case answer.StatusCode == http.StatusBadRequest && location == "":
	case answer.StatusCode == http.StatusFound && (strings.HasPrefix(location, "/login?") || atProvider):
		if !strings.Contains(location, "client_id=") {
			t.Errorf("the page %q lost the request", location)
		}
	case answer.StatusCode == http.StatusFound:
		checkCallback(t, location, signedIn)
	default:
		t.Errorf("answered %d, Location %q", answer.StatusCode, location)
	}
}

func checkCallback(t *testing.T, location string, signedIn bool) {
	t.Helper()
	for _, redirect := range testStage().Clients["web"].CallbackURLs {
		for _, separator := range []string{"?", "&"} {
			rest, ok := strings.CutPrefix(location, redirect+separator)
			if !ok {
				continue
			}
			values, err := url.ParseQuery(rest)
			if err != nil || len(values["code"])+len(values["error"]) != 1 || len(values["state"]) > 1 {
				t.Errorf("the client got %q", rest)
			}
			if values.Has("code") && !signedIn {
				t.Error("a code without a session")
			}
			return
		}
	}
	t.Errorf("the browser went to %q, which is not registered", location)
}
