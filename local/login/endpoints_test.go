package login

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestTheTokenEndpointNamesWhatIsWrong(t *testing.T) {
	b := newBench(t)
	for name, test := range map[string]struct {
		form []string
		want string
	}{
		"nothing": {nil, "invalid_request"},
		"no client": {[]string{"grant_type", "authorization_code", "code", "x", "redirect_uri", callback},
			"invalid_request"},
		"no grant type": {[]string{"client_id", "web"}, "invalid_request"},
		"no code": {
			[]string{"client_id", "web", "grant_type", "authorization_code", "redirect_uri", callback}, "invalid_request"},
		"no redirect URI": {[]string{"client_id", "web", "grant_type", "authorization_code", "code", "x"},
			"invalid_request"},
		"no refresh token": {[]string{"client_id", "web", "grant_type", "refresh_token"}, "invalid_request"},
		"a parameter twice": {
			[]string{"client_id", "web", "grant_type", "refresh_token", "refresh_token", "x", "refresh_token", "x"},
			"invalid_request"},
		"an unknown client": {[]string{"client_id", "x", "grant_type", "refresh_token", "refresh_token", "x"},
			"invalid_client"},
		"a secret": {[]string{"client_id", "web", "client_secret", "x", "grant_type", "refresh_token"},
			"invalid_client"},
		"an unknown grant":   {[]string{"client_id", "web", "grant_type", "password"}, "unsupported_grant_type"},
		"client credentials": {[]string{"client_id", "web", "grant_type", "client_credentials"}, "unauthorized_client"},
		"a client without OAuth": {[]string{"client_id", "stepup", "grant_type", "refresh_token", "refresh_token", "x"},
			"unauthorized_client"},
		"a refresh token of somebody": {[]string{"client_id", "web", "grant_type", "refresh_token", "refresh_token", "x"},
			"invalid_grant"},
	} {
		if got := b.post("/oauth2/token", test.form...); got.status != http.StatusBadRequest || got.Error != test.want {
			t.Errorf("%s: got %d %s (%s); want 400 %s", name, got.status, got.Error, got.Description, test.want)
		}
	}
}

func TestTheTokenEndpointTakesFormsOnly(t *testing.T) {
	b := newBench(t)
	code := b.browser().signIn()
	query := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"web"}, "code": {code}, "redirect_uri": {callback},
		"code_verifier": {verifier},
	}
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain", ""} {
		if got := b.postAs(kind, query.Encode()); got.Code != http.StatusBadRequest ||
			!strings.Contains(got.Body.String(), "the content type must be") {
			t.Errorf("content type %q: got %d %s; want to be told", kind, got.Code, got.Body)
		}
	}
	long := query.Encode() + "&x=" + strings.Repeat("x", maxForm)
	if got := b.postAs("application/x-www-form-urlencoded", long); got.Code != http.StatusBadRequest ||
		!strings.Contains(got.Body.String(), "cannot be read") {
		t.Errorf("a form that is too long: got %d %s; want to be told", got.Code, got.Body)
	}
	body := url.Values{"client_id": {"web"}}
	inQuery := b.browser().send(http.MethodPost, "/oauth2/token?"+query.Encode(), body).reply()
	if got := inQuery; got.Error != "invalid_request" {
		t.Errorf("parameters in the URL: got %+v; want invalid_request", got)
	}
	if got := b.browser().get("/oauth2/token?" + query.Encode()); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d; want 405", got.status)
	}
	basic := b.browser()
	basic.header.Set("Authorization", "Basic d2ViOnNlY3JldA==")
	if got := basic.send(http.MethodPost, "/oauth2/token", query).reply(); got.Error != "invalid_client" {
		t.Errorf("a client with a secret: got %+v; want invalid_client", got)
	}
	if got := b.redeem(code); got.status != http.StatusOK {
		t.Errorf("after all that the code is worth %+v; want tokens", got)
	}
}

// postAs posts to the token endpoint without a server, which would wait for the rest of a body that nobody reads.
func (b *bench) postAs(kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/oauth2/token", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	b.login.Handler().ServeHTTP(w, r)
	return w
}

func TestUsersWhoMayNotSignInAnyMoreGetNoTokens(t *testing.T) {
	b := newBench(t)
	code := b.browser().signIn()
	b.administer("AdminDeleteUser", `"Username":"`+ada+`"`)
	if got := b.redeem(code); got.Error != "invalid_grant" || got.Access != "" {
		t.Errorf("got %+v; want invalid_grant", got)
	}
}

func TestInternalErrorsAreLoggedAndNotTold(t *testing.T) {
	b := newBench(t)
	code := b.browser().signIn()
	b.login.pool = brokenPool{err: errors.New("the pool is down")}
	bearer := b.browser()
	bearer.header.Set("Authorization", "Bearer access-1")
	refresh := []string{"client_id", "web", "grant_type", "refresh_token", "refresh_token", "refresh-1"}
	for path, got := range map[string]reply{
		"token": b.redeem(code), "token again": b.post("/oauth2/token", refresh...),
		"revoke":   b.post("/oauth2/revoke", "client_id", "web", "token", "refresh-1"),
		"userInfo": bearer.get("/oauth2/userInfo").reply(),
	} {
		if got.status != http.StatusInternalServerError || got.Error != "server_error" || got.Description != "" {
			t.Errorf("%s: got %+v; want 500 and no detail", path, got)
		}
	}
	b.password()
	log := b.log.String()
	for _, path := range []string{"/login", "/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"} {
		if !strings.Contains(log, "path="+path+" error=\"the pool is down\"") {
			t.Errorf("the log does not tell what broke at %s:\n%s", path, log)
		}
	}
	for _, secret := range []string{password, code, verifier, "refresh-1", "access-1", ada} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestUserInfoWantsAnAccessToken(t *testing.T) {
	b := newBench(t)
	access := b.redeem(b.browser().signIn()).Access
	for _, test := range []struct {
		header string
		status int
		error  string
	}{
		{"Bearer " + access, http.StatusOK, ""},
		{"bearer " + access, http.StatusOK, ""},
		{"Bearer nonsense", http.StatusUnauthorized, "invalid_token"},
		{"Bearer ", http.StatusBadRequest, "invalid_request"},
		{"Basic " + access, http.StatusBadRequest, "invalid_request"},
		{access, http.StatusBadRequest, "invalid_request"},
		{"", http.StatusBadRequest, "invalid_request"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			browser := b.browser()
			browser.header.Set("Authorization", test.header)
			v := browser.send(method, "/oauth2/userInfo?access_token="+access, nil)
			challenged := strings.HasPrefix(v.header.Get("WWW-Authenticate"),
				`Bearer error="`+test.error+`", error_description="`)
			if v.status != test.status || (test.error != "") != challenged {
				t.Errorf("%s with %q: got %d, challenge %q", method, test.header, v.status, v.header.Get("WWW-Authenticate"))
			}
			if test.error == "" && !strings.Contains(v.body, `"email":"`+ada+`"`) {
				t.Errorf("%s: claims are %s", method, v.body)
			}
		}
	}
}

func TestFrontEndsOnAnyOriginMayCallTheEndpoints(t *testing.T) {
	b := newBench(t)
	for pattern := range b.login.endpoints() {
		method, path, _ := strings.Cut(pattern, " ")
		browser := b.browser()
		browser.header = http.Header{
			"Origin": {"http://localhost:5173"}, "Sec-Fetch-Site": {"cross-site"}, "Access-Control-Request-Method": {method},
		}
		got := browser.send(method, path, nil)
		if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: headers %v; want any origin without credentials", pattern, got.header)
		}
		if method != http.MethodOptions {
			continue
		}
		allowed := strings.ToLower(got.header.Get("Access-Control-Allow-Headers"))
		for _, name := range []string{"authorization", "content-type", "x-amz-user-agent"} {
			if !strings.Contains(allowed, name) || got.status != http.StatusNoContent {
				t.Errorf("%s: %d, allows %q; want %s", pattern, got.status, allowed, name)
			}
		}
	}
	for pattern := range b.login.pages() {
		method, path, _ := strings.Cut(pattern, " ")
		got := b.browser().send(method, path+"?"+request(), url.Values{})
		if got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may be read by another origin", pattern)
		}
	}
}
