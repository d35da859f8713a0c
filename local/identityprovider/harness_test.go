package identityprovider_test

import (
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

const login = "https://127.0.0.1:8703"

// bench serves the providers of a stage to a client of them, and to a browser.
type bench struct {
	*testing.T
	stage   *deployed.Stage
	secrets *identityprovider.Secrets
	peers   *identityprovider.Peers
	client  *federation.Client
}

func secret(name string) string { return "{{resolve:secretsmanager:" + name + ":SecretString:::}}" }

func stage() *deployed.Stage {
	oauth := func(name, scopes string, pairs ...string) map[string]string {
		details := map[string]string{"client_id": name, "client_secret": secret(name), "authorize_scopes": scopes}
		for i := 0; i < len(pairs); i += 2 {
			details[pairs[i]] = pairs[i+1]
		}
		return details
	}
	s := &deployed.Stage{ID: "SecureCart-Test", Providers: map[string]deployed.IdentityProvider{}}
	for _, p := range []deployed.IdentityProvider{
		{ProviderName: "Google", ProviderType: "Google", ProviderDetails: oauth("google", "openid email profile")},
		{
			ProviderName: "Facebook", ProviderType: "Facebook", AttributeMapping: map[string]string{"name": "name"},
			ProviderDetails: oauth("facebook", "public_profile,email", "api_version", "v26.0"),
		},
		{
			ProviderName: "SignInWithApple", ProviderType: "SignInWithApple",
			ProviderDetails: oauth("apple", "email name", "team_id", "TEAM000001", "key_id", "KEY0000001",
				"private_key", secret("apple")),
		},
		{ProviderName: "LoginWithAmazon", ProviderType: "LoginWithAmazon", ProviderDetails: oauth("amazon", "profile")},
		{
			ProviderName: "Okta", ProviderType: "OIDC", AttributeMapping: map[string]string{"email": "email"},
			ProviderDetails: oauth("okta", "openid email", "oidc_issuer", "https://shop.okta.example"),
		},
	} {
		s.Providers[p.ProviderName] = p
	}
	s.UserPool.ID = "eu-central-1_Test12345"
	return s
}

// partner adds a SAML provider, whose keys take their time.
func partner(s *deployed.Stage) {
	s.Providers["Partner"] = deployed.IdentityProvider{
		ProviderName: "Partner", ProviderType: "SAML", AttributeMapping: map[string]string{"email": "urn:mail"},
		ProviderDetails: map[string]string{
			"MetadataURL": "https://idp.partner.example/metadata.xml", "RequestSigningAlgorithm": "rsa-sha256",
		},
	}
}

func newBench(t *testing.T, changes ...func(*deployed.Stage)) *bench {
	t.Helper()
	b := &bench{T: t, stage: stage(), secrets: &identityprovider.Secrets{}}
	for _, change := range changes {
		change(b.stage)
	}
	b.peers = must.Get(identityprovider.New(identityprovider.Options{
		Stage: b.stage, Pages: "http://localhost:8705", Login: login, Secrets: b.secrets,
		Logger:          slog.New(slog.DiscardHandler),
		ServiceProvider: func(name string) (*saml.EntityDescriptor, error) { return b.client.ServiceProvider(name) },
	}))(t)
	t.Cleanup(func() { _ = b.peers.Close() })
	b.connect(b.secrets)
	return b
}

// connect makes the client, with secrets that may be others than the providers'.
func (b *bench) connect(secrets *identityprovider.Secrets) {
	b.Helper()
	b.client = must.Get(federation.New(federation.Options{
		Stage: b.stage, Login: login, Transport: b.peers.Transport(), Page: b.peers.Page, Secrets: secrets,
	}))(b.T)
}

// page is what a browser sees, and where it is.
type page struct {
	*bench
	at     *url.URL
	status int
	body   string
	// location is where the answer leads, outside of the providers.
	location string
}

func (b *bench) visit(method, address string, form url.Values) page {
	b.Helper()
	for range 5 {
		r := httptest.NewRequestWithContext(b.Context(), method, address, strings.NewReader(form.Encode()))
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		b.peers.Handler().ServeHTTP(w, r)
		location := w.Header().Get("Location")
		if location == "" || !strings.HasPrefix(location, "http://localhost:8705/") {
			return page{b, must.Get(url.Parse(address))(b.T), w.Code, w.Body.String(), location}
		}
		method, address, form = http.MethodGet, location, nil
	}
	b.Fatal("a circle")
	return page{}
}

// begin leads a browser to a provider.
func (b *bench) begin(provider string) (federation.Round, page) {
	b.Helper()
	r := federation.Round{Provider: provider, State: "state-1"}
	return r, b.visit(http.MethodGet, must.Get(b.client.Begin(b.Context(), &r))(b.T), nil)
}

var (
	action = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	input  = regexp.MustCompile(`<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"`)
)

// submit sends the page's form, changed by pairs, and returns what managed login is sent.
func (p page) submit(pairs ...string) url.Values {
	p.Helper()
	form := url.Values{}
	for _, field := range input.FindAllStringSubmatch(p.body, -1) {
		form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	target := action.FindStringSubmatch(p.body)
	if target == nil {
		p.Fatalf("no form at %s: %d %s", p.at, p.status, p.body)
	}
	next := p.visit(http.MethodPost, html.UnescapeString(target[1]), form)
	if next.location != "" {
		back := must.Get(url.Parse(next.location))(p.T)
		if !strings.HasPrefix(next.location, login+"/oauth2/idpresponse?") {
			p.Fatalf("the browser is sent to %s", next.location)
		}
		return back.Query()
	}
	posted := action.FindStringSubmatch(next.body)
	if posted == nil || !strings.HasPrefix(posted[1], login+"/") {
		p.Fatalf("no answer: %d %s", next.status, next.body)
	}
	values := url.Values{}
	for _, field := range input.FindAllStringSubmatch(next.body, -1) {
		values.Set(field[1], html.UnescapeString(field[2]))
	}
	return values
}

// call is a request of a program to a provider.
func (b *bench) call(method, address string, form url.Values) (int, map[string]any) {
	b.Helper()
	r := must.Get(http.NewRequestWithContext(b.Context(), method, address, strings.NewReader(form.Encode())))(b.T)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response := must.Get((&http.Client{Transport: b.peers.Transport()}).Do(r))(b.T)
	defer func() { _ = response.Body.Close() }()
	body := must.Get(io.ReadAll(response.Body))(b.T)
	answer := map[string]any{}
	if err := json.Unmarshal(body, &answer); err != nil {
		answer["text"] = string(body)
	}
	return response.StatusCode, answer
}
