package login

import (
	"bytes"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	ada      = "ada@example.com"
	password = "Correct-Horse-9"
	callback = "http://localhost:5173/signed-in"
	leaving  = "http://localhost:5173/"
	// verifier and challenge are the example of RFC 7636, appendix B.
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// testStage is a stage with a Web client, one for Google's users only, and one without managed login.
func testStage() *deployed.Stage {
	web := deployed.UserPoolClient{
		ID:                              "web",
		ClientName:                      "Web",
		AllowedOAuthFlows:               []string{"code"},
		AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthScopes:              []string{"openid", "email", "profile", "securecart/orders.read"},
		CallbackURLs:                    []string{callback, "https://shop.example/in?from=login", "myapp://signed-in"},
		LogoutURLs:                      []string{leaving},
		EnableTokenRevocation:           true,
		SupportedIdentityProviders:      []string{cognito, "Google", "Facebook"},
	}
	social := web
	social.ID, social.ClientName, social.SupportedIdentityProviders = "social", "Social", []string{"Google"}
	social.EnableTokenRevocation = false
	s := &deployed.Stage{
		ID: "SecureCart-Test",
		Clients: map[string]deployed.UserPoolClient{
			"web":    web,
			"social": social,
			"stepup": {
				ID: "stepup", ClientName: "StepUp", CallbackURLs: []string{callback}, SupportedIdentityProviders: []string{cognito},
			},
		},
		Providers: map[string]deployed.IdentityProvider{
			"Google": {
				ProviderName: "Google", ProviderType: "Google", AttributeMapping: map[string]string{"email": "email"},
				ProviderDetails: details("google", "openid email profile"),
			},
			"Facebook": {
				ProviderName: "Facebook", ProviderType: "Facebook", AttributeMapping: map[string]string{
					"email": "email", "given_name": "first_name", "family_name": "last_name", "name": "name", "picture": "picture",
				},
				ProviderDetails: details("facebook", "public_profile,email", "api_version", "v26.0"),
			},
			"Okta": {
				ProviderName: "Okta", ProviderType: "OIDC", IdpIdentifiers: []string{"staff.example"},
				AttributeMapping: map[string]string{"email": "mail", "name": "display_name", "username": "sub"},
				ProviderDetails:  details("okta", "openid profile", "oidc_issuer", "https://shop.okta.example"),
			},
			"Apple": {
				ProviderName: "Apple", ProviderType: "SignInWithApple", AttributeMapping: map[string]string{"email": "email"},
				ProviderDetails: details("apple", "email name", "team_id", "TEAM000001", "key_id", "KEY0000001",
					"private_key", "{{resolve:secretsmanager:test/apple:SecretString:::}}"),
			},
			"Amazon": {
				ProviderName: "Amazon", ProviderType: "LoginWithAmazon", AttributeMapping: map[string]string{"email": "email"},
				ProviderDetails: details("amazon", "profile"),
			},
		},
	}
	s.UserPool.UsernameAttributes = []string{"email"}
	s.UserPool.Schema = []deployed.Attribute{{Name: "provider_email", AttributeDataType: "String", Mutable: true}}
	s.UserPool.Policies.PasswordPolicy = deployed.PasswordPolicy{MinimumLength: 12, RequireNumbers: true}
	return s
}

// withPartner adds a SAML provider, whose keys take their time.
func withPartner(s *deployed.Stage) {
	s.UserPool.ID = "eu-central-1_Test12345"
	s.Providers["Partner"] = deployed.IdentityProvider{
		ProviderName: "Partner", ProviderType: "SAML", AttributeMapping: map[string]string{"email": "urn:mail"},
		ProviderDetails: map[string]string{
			"MetadataURL": "https://idp.partner.example/metadata.xml", "RequestSigningAlgorithm": "rsa-sha256",
		},
	}
}

// details are those of a provider with OAuth, with pairs of name and value.
func details(name, scopes string, pairs ...string) map[string]string {
	d := map[string]string{
		"client_id": name + "-client", "client_secret": "{{resolve:secretsmanager:test/" + name + ":SecretString:::}}",
		"authorize_scopes": scopes,
	}
	for i := 0; i < len(pairs); i += 2 {
		d[pairs[i]] = pairs[i+1]
	}
	return d
}

// bench is managed login on a test server, with one customer.
type bench struct {
	*testing.T
	clock  *clock
	pool   *fakePool
	login  *Login
	server *httptest.Server
	// pages is where the stage's identity providers have theirs.
	pages string
	// disconnect lets no provider answer the user pool any more.
	disconnect func() error
	log        bytes.Buffer
}

func newBench(t *testing.T, changes ...func(*deployed.Stage)) *bench {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	b := &bench{T: t, clock: c, pool: newFakePool(c)}
	b.pool.users[ada] = &customer{password: password, confirmed: true}
	s := testStage()
	for _, change := range changes {
		change(s)
	}
	b.serve(b.pool, s)
	return b
}

func (b *bench) serve(pool Pool, s *deployed.Stage) {
	b.Helper()
	b.server = httptest.NewUnstartedServer(nil)
	// Connections that a browser opened ahead and closed unused are no news.
	b.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	logger := slog.New(slog.NewTextHandler(&b.log, nil))
	client, pages, peers := federate(b, s, "https://"+b.server.Listener.Addr().String(), logger)
	b.pages, b.disconnect = pages, peers.Close
	login := must.Get(New(Options{Pool: pool, Stage: s, Now: b.clock.Now, Logger: logger, Federation: client}))(b.T)
	b.login, b.server.Config.Handler = login, login.Handler()
	b.server.StartTLS()
	b.Cleanup(b.server.Close)
}

// federate serves the stage's identity providers, and returns a client of them, and where their pages are. Their clock
// is this machine's.
func federate(
	t testing.TB, s *deployed.Stage, login string, logger *slog.Logger,
) (client *federation.Client, pages string, peers *identityprovider.Peers) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	pages = strings.Replace("http://"+server.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	secrets := &identityprovider.Secrets{}
	peers, err := identityprovider.New(identityprovider.Options{
		Stage: s, Pages: pages, Login: login, Secrets: secrets, Logger: logger,
		ServiceProvider: func(name string) (*saml.EntityDescriptor, error) { return client.ServiceProvider(name) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = peers.Handler()
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = peers.Close() })
	client, err = federation.New(federation.Options{
		Stage: s, Login: login, Transport: peers.Transport(), Page: peers.Page, Secrets: secrets,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, pages, peers
}

// browser keeps cookies, and follows redirects as long as they stay with managed login and the providers.
type browser struct {
	*bench
	client *http.Client
	header http.Header
}

func (b *bench) browser() *browser {
	b.Helper()
	jar := must.Get(cookiejar.New(nil))(b.T)
	here := []string{strings.TrimPrefix(b.server.URL, "https://"), strings.TrimPrefix(b.pages, "http://")}
	return &browser{bench: b, header: http.Header{}, client: &http.Client{
		Transport: b.server.Client().Transport, Jar: jar,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if !slices.Contains(here, r.URL.Host) {
				return http.ErrUseLastResponse
			}
			if len(via) > 5 {
				return errors.New("redirects in a circle")
			}
			return nil
		},
	}}
}

func (b *browser) get(target string) *view {
	b.Helper()
	return b.send(http.MethodGet, target, nil)
}

func (b *browser) send(method, target string, form url.Values) *view {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	if strings.HasPrefix(target, "/") {
		target = b.server.URL + target
	}
	r := must.Get(http.NewRequestWithContext(b.Context(), method, target, body))(b.T)
	r.Header = b.header.Clone()
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer := must.Get(b.client.Do(r))(b.T)
	defer func() { _ = answer.Body.Close() }()
	text := must.Get(io.ReadAll(answer.Body))(b.T)
	v := &view{browser: b, status: answer.StatusCode, header: answer.Header, at: answer.Request.URL, body: string(text)}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") && answer.Header.Get("Location") == "" {
		v.read()
	}
	return v
}
