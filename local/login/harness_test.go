package login

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// request is the query of an authorization request, changed by pairs of name and value. An empty value takes the
// parameter out.
func request(pairs ...string) string {
	values := url.Values{
		"response_type": {"code"}, "client_id": {"web"}, "redirect_uri": {callback}, "state": {"s-1"}, "nonce": {"n-1"},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(pairs); i += 2 {
		if values.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			values.Del(pairs[i])
		}
	}
	return values.Encode()
}

func (b *browser) authorize(pairs ...string) *view {
	b.Helper()
	return b.get("/oauth2/authorize?" + request(pairs...))
}

// returned is the answer that the client gets by redirect. It fails if the browser did not go to the callback URL.
func (v *view) returned() url.Values {
	v.Helper()
	target, query, _ := strings.Cut(v.header.Get("Location"), "?")
	values, err := url.ParseQuery(query)
	if err != nil || target != callback {
		v.Fatalf("%s answered %d, Location %q; want the callback URL\n%s", v.at.Path, v.status, v.header.Get("Location"),
			v.body)
	}
	return values
}

// signIn signs in with the password and returns the code.
func (b *browser) signIn(pairs ...string) string {
	b.Helper()
	return b.authorize(pairs...).submit(0, "username", ada, "password", password).code()
}

func (v *view) code() string {
	v.Helper()
	values := v.returned()
	if values.Get("code") == "" || values.Get("state") != "s-1" {
		v.Fatalf("want a code and the state, got %v", values)
	}
	return values.Get("code")
}

// reply is the answer of an endpoint.
type reply struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	ID          string `json:"id_token"`
	Access      string `json:"access_token"`
	Refresh     string `json:"refresh_token"`
	Type        string `json:"token_type"`
	Expires     int    `json:"expires_in"`

	status int
	header http.Header
}

// post calls an endpoint as a program does, with pairs of name and value.
func (b *bench) post(path string, pairs ...string) reply {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.browser().send(http.MethodPost, path, form).reply()
}

func (v *view) reply() reply {
	v.Helper()
	r := reply{status: v.status, header: v.header}
	if v.body != "" {
		if err := json.Unmarshal([]byte(v.body), &r); err != nil {
			v.Fatalf("%s answered %d and no JSON: %v\n%s", v.at.Path, v.status, err, v.body)
		}
	}
	return r
}

// redeem posts a code, with pairs of name and value that differ from what is right.
func (b *bench) redeem(code string, pairs ...string) reply {
	b.Helper()
	values := map[string]string{
		"grant_type": "authorization_code", "client_id": "web", "redirect_uri": callback, "code": code,
		"code_verifier": verifier,
	}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	var form []string
	for name, value := range values {
		if value != "" {
			form = append(form, name, value)
		}
	}
	return b.post("/oauth2/token", form...)
}
