package federation

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/securecart/identity/local/localtest/must"
)

// What the app is told stands in its URL and in the browser's history.
func TestWhatTheAppIsToldIsBounded(t *testing.T) {
	p := newOIDCPeer(t)
	for name, test := range map[string]struct{ code, description, wantCode, want string }{
		"a registered code":     {"login_required", "Sign in", "login_required", "Okta Error - login_required Sign in"},
		"a code of 200,000":     {strings.Repeat("a", 200_000), "", "server_error", ""},
		"a code of two lines":   {"login_required\r\nX: y", "", "server_error", "Okta Error - login_required  X: y"},
		"a long description":    {"access_denied", strings.Repeat("ü", 1000), "access_denied", ""},
		"another long one":      {"access_denied", "x" + strings.Repeat("ü", 1000), "access_denied", ""},
		"a bidi mark in a text": {"access_denied", "a\u202eb", "access_denied", "Okta Error - access_denied a b"},
	} {
		_, err := p.finish("error", test.code, "error_description", test.description)
		var told *Error
		if !errors.As(err, &told) || told.Code != test.wantCode || len(told.Description) > maxDescription+len("…") ||
			!utf8.ValidString(told.Description) || test.want != "" && told.Description != test.want {
			t.Errorf("%s: got %.400q", name, err)
		}
	}
}

// An endpoint may repeat what it was sent: secrets reach neither the app's URL nor the log.
func TestNoSecretIsTold(t *testing.T) {
	secret := func(p *oidcPeer) string {
		reference := p.client.options.Stage.Providers["Okta"].ProviderDetails["client_secret"]
		return must.Get(p.client.options.Secrets.Text("client_secret", reference))(p.T)
	}
	const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."
	for name, answer := range map[string]struct {
		path  string
		value func(*oidcPeer) any
		want  string
	}{
		"the token endpoint's error": {"/token", func(p *oidcPeer) any {
			return map[string]any{"error": "invalid_request", "error_description": secret(p) + " a/code+1 " + jwt}
		}, "Okta Error - 400 invalid_request (withheld) (withheld) (withheld)"},
		"the token endpoint's code": {"/token", func(p *oidcPeer) any {
			return map[string]any{"error": secret(p)}
		}, "Okta Error - 400 (withheld)"},
		"what is no OAuth error": {"/token", func(p *oidcPeer) any {
			return []string{"client_secret=" + secret(p) + "&code=a%2Fcode%2B1", jwt}
		}, "Okta Error - 400 from its token endpoint"},
		"user info": {"/userinfo", func(*oidcPeer) any {
			return "Bearer access"
		}, "Okta Error - its answer is refused; the log says why"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newOIDCPeer(t)
			p.site["shop.okta.example"+answer.path] = func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				always(answer.value(p))(w, r)
			}
			_, err := p.finish("code", "a/code+1")
			var told *Error
			if !errors.As(err, &told) || told.Description != answer.want {
				t.Fatalf("got %v; want %q", err, answer.want)
			}
			for _, withheld := range []string{secret(p), "a/code+1", "a%2Fcode%2B1", jwt, "Bearer access"} {
				if strings.Contains(err.Error(), withheld) {
					t.Errorf("%q is told: %v", withheld, err)
				}
			}
			if answer.path == "/userinfo" && !strings.Contains(told.Cause.Error(), "400 Bad Request") {
				t.Errorf("the log has %v; want the status", told.Cause)
			}
		})
	}
}

func TestAProviderNobodyConfiguredIsAnError(t *testing.T) {
	c := client(t, site{})
	if _, err := c.Begin(t.Context(), &Round{Provider: "Nobody"}); err == nil {
		t.Error("Begin takes it")
	}
	if _, err := c.Finish(t.Context(), Round{Provider: "Nobody"}, Answer{}); err == nil {
		t.Error("Finish takes it")
	}
}
