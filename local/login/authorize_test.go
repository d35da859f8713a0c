package login

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
)

func TestTheBrowserGoesNowhereWithoutARegisteredRedirectURI(t *testing.T) {
	browser := newBench(t).browser()
	browser.signIn()
	for name, query := range map[string]string{
		"another site":                    request("redirect_uri", "https://evil.example/"),
		"a longer path":                   request("redirect_uri", callback+"/more"),
		"a query behind it":               request("redirect_uri", callback+"?next=https://evil.example"),
		"a fragment behind it":            request("redirect_uri", callback+"#x"),
		"user info in front of a host":    request("redirect_uri", "http://localhost:5173@evil.example/signed-in"),
		"another scheme":                  request("redirect_uri", "https://localhost:5173/signed-in"),
		"another case":                    request("redirect_uri", "http://LOCALHOST:5173/signed-in"),
		"dots in the path":                request("redirect_uri", "http://localhost:5173/x/../signed-in"),
		"no scheme":                       request("redirect_uri", "//localhost:5173/signed-in"),
		"javascript":                      request("redirect_uri", "javascript:alert(1)"),
		"a line break":                    request("redirect_uri", callback+"\r\nSet-Cookie: a=b"),
		"a space in front":                request("redirect_uri", " "+callback),
		"a sign-out URL":                  request("redirect_uri", leaving),
		"none":                            request("redirect_uri", ""),
		"two":                             request() + "&redirect_uri=" + url.QueryEscape(callback),
		"two clients":                     request() + "&client_id=web",
		"no client":                       request("client_id", ""),
		"an unknown client":               request("client_id", "unknown"),
		"a client without managed login":  request("client_id", "stepup"),
		"a query that cannot be read":     request() + "&a=%zz",
		"a query that is far too long":    request("state", strings.Repeat("s", maxQuery)),
		"a semicolon that hides the rest": "client_id=web;redirect_uri=" + callback,
	} {
		for _, path := range []string{"/oauth2/authorize", "/login", "/signup", "/forgotPassword"} {
			got := browser.get(path + "?" + query)
			if got.status != http.StatusBadRequest || got.header.Get("Location") != "" ||
				got.title() != "This page cannot be shown" {
				t.Errorf("%s: %s answered %d, Location %q; want an error page", name, path, got.status,
					got.header.Get("Location"))
			}
			if links := got.all("a"); len(links) > 0 {
				t.Errorf("%s: %s leads to %v; want no link", name, path, links)
			}
		}
	}
}

func TestWhyARequestIsRefusedGoesToTheClient(t *testing.T) {
	browser := newBench(t).browser()
	browser.signIn() // A session must not make up for what is wrong.
	for name, test := range map[string]struct {
		query, want string
	}{
		"no response type":            {request("response_type", ""), "invalid_request"},
		"implicit grant":              {request("response_type", "token"), "unauthorized_client"},
		"unknown response type":       {request("response_type", "code id_token"), "unsupported_response_type"},
		"response type twice":         {request() + "&response_type=code", "invalid_request"},
		"state twice":                 {request() + "&state=other", "invalid_request"},
		"unknown scope":               {request("scope", "openid nonsense"), "invalid_scope"},
		"scope of stepped-up tokens":  {request("scope", "openid securecart/payment.write"), "invalid_scope"},
		"scope of the user pool":      {request("scope", "aws.cognito.signin.user.admin"), "invalid_scope"},
		"e-mail without openid":       {request("scope", "email"), "invalid_scope"},
		"challenge without method":    {request("code_challenge_method", ""), "invalid_request"},
		"method without challenge":    {request("code_challenge", ""), "invalid_request"},
		"method plain":                {request("code_challenge_method", "plain"), "invalid_request"},
		"challenge of another length": {request("code_challenge", challenge+"a"), "invalid_request"},
		"empty challenge":             {request("code_challenge", "") + "&code_challenge=", "invalid_request"},
		"challenge in base64": {request("code_challenge", strings.Replace(challenge, "-", "+", 1)),
			"invalid_request"},
		"unknown prompt":              {request("prompt", "nonsense"), "invalid_request"},
		"prompt none with another":    {request("prompt", "none login"), "invalid_request"},
		"unknown provider":            {request("identity_provider", "Nobody"), "invalid_request"},
		"provider of others":          {request("identity_provider", "Okta"), "invalid_request"},
		"unknown provider identifier": {request("idp_identifier", "nobody.example"), "invalid_request"},
		"identifier of others":        {request("idp_identifier", "staff.example"), "invalid_request"},
		"provider and identifier":     {request("identity_provider", "Google", "idp_identifier", "x"), "invalid_request"},
		"audience of a resource":      {request("resource", "https://api.example"), "invalid_request"},
		"authentication level":        {request("acr_values", "2"), "invalid_request"},
		"age of the sign-in":          {request("max_age", "60"), "invalid_request"},
	} {
		got := browser.get("/oauth2/authorize?" + test.query).returned()
		if got.Get("error") != test.want || got.Get("state") != "s-1" || got.Has("code") {
			t.Errorf("%s: got %v; want error %s with the state", name, got, test.want)
		}
	}
}

func TestStateComesBackUnchangedWhateverItIs(t *testing.T) {
	b := newBench(t)
	for _, state := range []string{
		"plain", "a&code=stolen", "a#fragment", "a?b=c", "a\r\nSet-Cookie: evil=1\r\n\r\n<script>", "%0d%0aX: y", "ü €",
		"\x00\xff", `{"a":"b"}`, "+ +",
	} {
		for _, got := range []*view{
			b.browser().authorize("state", state).submit(0, "username", ada, "password", password),
			b.browser().authorize("state", state, "scope", "nonsense"), b.browser().authorize("state", state, "prompt", "none"),
		} {
			if values := got.returned(); values.Get("state") != state || len(values["code"])+len(values["error"]) != 1 {
				t.Errorf("state %q came back in %v", state, values)
			}
			if got.header.Get("X") != "" ||
				slices.ContainsFunc(got.header.Values("Set-Cookie"), func(c string) bool { return strings.HasPrefix(c, "evil") }) {
				t.Errorf("state %q became a header: %v", state, got.header)
			}
		}
	}
}

func TestAnAbsentStateStaysAbsent(t *testing.T) {
	got := newBench(t).browser().authorize("state", "").submit(0, "username", ada, "password", password).returned()
	if got.Has("state") || !got.Has("code") {
		t.Errorf("got %v; want a code and no state", got)
	}
}

func TestCallbackURLsKeepTheirOwnForm(t *testing.T) {
	b := newBench(t)
	for redirect, prefix := range map[string]string{
		"https://shop.example/in?from=login": "https://shop.example/in?from=login&code=",
		"myapp://signed-in":                  "myapp://signed-in?code=",
	} {
		form := b.browser().authorize("redirect_uri", redirect)
		got := form.submit(0, "username", ada, "password", password).header.Get("Location")
		if !strings.HasPrefix(got, prefix) {
			t.Errorf("%s: went to %s; want %s…", redirect, got, prefix)
		}
	}
}

// googlePage is where one signs in at Google.
const googlePage = "/accounts.google.com/o/oauth2/v2/auth/sign-in"

func TestTheProviderOfTheRequestDecidesThePage(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		web := s.Clients["web"]
		web.SupportedIdentityProviders = append(slices.Clone(web.SupportedIdentityProviders), "Okta")
		s.Clients["web"] = web
	})
	for path, pairs := range map[string][]string{
		"/login":   {},
		"/login#":  {"identity_provider", "COGNITO"},
		googlePage: {"identity_provider", "Google"},
		"/shop.okta.example/oauth2/v1/authorize/sign-in": {"idp_identifier", "staff.example"},
		"/www.facebook.com/v26.0/dialog/oauth":           {"identity_provider", "Facebook", "prompt", "select_account"},
	} {
		if got := b.browser().authorize(pairs...); got.at.Path != strings.TrimSuffix(path, "#") ||
			got.status != http.StatusOK {
			t.Errorf("%v: got %s; want %s", pairs, got.at.Path, path)
		}
	}
}

func TestThePageGetsTheRequestsParametersAndNoOthers(t *testing.T) {
	page := newBench(t).browser().authorize("login_hint", "a@b.example", "lang", "de", "note", "changed", "utm", "x")
	got := page.at.Query()
	want := url.Values{
		"response_type": {"code"}, "client_id": {"web"}, "redirect_uri": {callback}, "state": {"s-1"}, "nonce": {"n-1"},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "login_hint": {"a@b.example"}, "lang": {"de"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters of the page (-want +got):\n%s", diff)
	}
}

func TestSessionsCountWhereTheUserCouldSignIn(t *testing.T) {
	b := newBench(t)
	own := b.browser()
	own.signIn()
	own.authorize("client_id", "social").code() // As documented: for all app clients of the user pool.
	own.authorize("identity_provider", "COGNITO").code()
	if got := own.authorize("identity_provider", "Google"); got.at.Path != googlePage {
		t.Errorf("a session of the pool's own user answered for Google: %s", got.at)
	}
	facebook := b.browser()
	facebook.authorize("identity_provider", "Facebook").submit(0).code()
	facebook.authorize().code()
	if got := facebook.authorize("client_id", "social"); got.at.Path != "/login" {
		t.Errorf("a session from Facebook answered for a client that does not support it: %s", got.at)
	}
	got := facebook.authorize("identity_provider", "COGNITO", "prompt", "none").returned()
	if got.Get("error") != "login_required" {
		t.Errorf("a session from Facebook answered for COGNITO: %v", got)
	}
}
