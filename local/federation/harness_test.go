package federation

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	issuer = "https://shop.okta.example"
	login  = "https://127.0.0.1:8703"
)

// site answers whatever a provider may send, without a network.
type site map[string]http.HandlerFunc

// RoundTrip implements http.RoundTripper.
func (s site) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, ok := s[r.URL.Host+r.URL.Path]
	if !ok {
		return nil, errors.New("nobody answers at " + r.URL.Host + r.URL.Path)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	answer(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func always(value any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(value)
	}
}

// stage has a provider of each kind that these tests forge.
func stage() *deployed.Stage {
	s := &deployed.Stage{Providers: map[string]deployed.IdentityProvider{
		"Okta": {ProviderName: "Okta", ProviderType: "OIDC", ProviderDetails: map[string]string{
			"client_id": "pool", "client_secret": "{{resolve:secretsmanager:okta:SecretString:::}}",
			"authorize_scopes": "openid email", "oidc_issuer": issuer, "attributes_request_method": "GET",
		}},
		"Facebook": {ProviderName: "Facebook", ProviderType: "Facebook", ProviderDetails: map[string]string{
			"client_id": "pool", "client_secret": "{{resolve:secretsmanager:facebook:SecretString:::}}",
			"authorize_scopes": "public_profile", "api_version": "v26.0",
		}, AttributeMapping: map[string]string{"name": "name"}},
		"Partner": {ProviderName: "Partner", ProviderType: "SAML", ProviderDetails: map[string]string{
			"MetadataURL": "https://idp.partner.example/metadata.xml",
		}},
	}}
	s.UserPool.ID = "eu-central-1_Test12345"
	return s
}

func client(t *testing.T, transport http.RoundTripper, changes ...func(*deployed.Stage)) *Client {
	t.Helper()
	s := stage()
	for _, change := range changes {
		change(s)
	}
	return must.Get(New(Options{Stage: s, Login: login, Transport: transport, Secrets: &identityprovider.Secrets{}}))(t)
}

// oidcPeer is an OpenID Provider that says what a test wants.
type oidcPeer struct {
	*testing.T
	site   site
	client *Client
	key    *ecdsa.PrivateKey
	round  Round
	// header and claims are those of the next ID token, which sign signs.
	header map[jose.HeaderKey]any
	claims map[string]any
	sign   func(payload []byte) string
	// answer is the token endpoint's, without the ID token.
	answer map[string]any
}

func newOIDCPeer(t *testing.T) *oidcPeer {
	t.Helper()
	key := must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	p := &oidcPeer{T: t, key: key, header: map[jose.HeaderKey]any{"kid": "k1"}}
	p.sign = func(payload []byte) string { return signed(t, jose.ES256, key, p.header, payload) }
	p.answer = map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 600}
	p.site = site{
		"shop.okta.example/.well-known/openid-configuration": always(map[string]any{
			"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
			"userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256", "RS256", "HS256", "none"},
		}),
		"shop.okta.example/keys": always(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
			{Key: key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"},
		}}),
		"shop.okta.example/userinfo": always(map[string]any{"sub": "ada", "email": "ada@example.com"}),
		"shop.okta.example/token": func(w http.ResponseWriter, r *http.Request) {
			answer := maps.Clone(p.answer)
			if p.claims != nil {
				answer["id_token"] = p.sign(must.Get(json.Marshal(p.claims))(t))
			}
			always(answer)(w, r)
		},
	}
	p.client = client(t, p.site)
	p.begin()
	return p
}

// begin starts a round, and fills in the claims that answer it.
func (p *oidcPeer) begin() {
	p.Helper()
	p.round = Round{Provider: "Okta", State: "state"}
	target := must.Get(url.Parse(must.Get(p.client.Begin(p.Context(), &p.round))(p.T)))(p.T)
	now := time.Now().Unix()
	p.claims = map[string]any{
		"iss": issuer, "sub": "ada", "aud": "pool", "exp": now + 600, "iat": now, "nonce": target.Query().Get("nonce"),
	}
}

func (p *oidcPeer) finish(pairs ...string) (Identity, error) {
	p.Helper()
	values := url.Values{"code": {"code"}, "state": {"state"}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return p.client.Finish(p.Context(), p.round, Answer{Values: values})
}

func signed(
	t *testing.T, algorithm jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any, payload []byte,
) string {
	t.Helper()
	signer := must.Get(jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key},
		&jose.SignerOptions{ExtraHeaders: header}))(t)
	return must.Get(must.Get(signer.Sign(payload))(t).CompactSerialize())(t)
}

// refuses fails unless the error of a call is told to the app, names the provider and says what is wrong, there or for
// the log: refuses(t, "nonce")(p.finish()). A refusal signs nobody in.
func refuses(t *testing.T, want string) func(any, error) {
	t.Helper()
	return func(value any, err error) {
		t.Helper()
		var told *Error
		if !errors.As(err, &told) || !strings.Contains(told.Description, " Error - ") ||
			!strings.Contains(told.Error(), want) {
			t.Errorf("got %v; want an error that says %q", err, want)
		}
		if who, ok := value.(Identity); ok && who.Subject != "" {
			t.Errorf("%q is signed in", who.Subject)
		}
	}
}
