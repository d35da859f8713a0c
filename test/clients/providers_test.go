package clients_test

import (
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"maps"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

// TestProvidersAreJudgedByClientsOfOthers signs in at the local stage's identity providers with openid-client and
// node-saml, in the place of the user pool.
func TestProvidersAreJudgedByClientsOfOthers(t *testing.T) {
	t.Parallel()
	const login, reference = "https://127.0.0.1:8703", "{{resolve:secretsmanager:judged:SecretString:::}}"
	openID := map[string]string{
		"client_id": "judge", "client_secret": reference, "authorize_scopes": "openid email profile",
	}
	okta := maps.Clone(openID)
	okta["oidc_issuer"] = "https://securecart.okta.com"
	s := &deployed.Stage{ID: "SecureCart-Judged", Providers: map[string]deployed.IdentityProvider{
		"Google": {ProviderName: "Google", ProviderType: "Google", ProviderDetails: openID},
		"Okta": {
			ProviderName: "Okta", ProviderType: "OIDC", ProviderDetails: okta,
			AttributeMapping: map[string]string{"email": "email"},
		},
		"Partner": {
			ProviderName: "Partner", ProviderType: "SAML", AttributeMapping: map[string]string{"email": "mail"},
			ProviderDetails: map[string]string{"MetadataURL": "https://idp.partner.example/metadata.xml"},
		},
	}}
	key, certificate, err := identityprovider.Certificate("judge")
	if err != nil {
		t.Fatal(err)
	}
	judge := &saml.ServiceProvider{
		EntityID: "urn:amazon:cognito:sp:judge", AcsURL: *must.Get(url.Parse(login + "/saml2/idpresponse"))(t),
		Key: key, Certificate: certificate, SignatureMethod: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
		AssertionConsumerServiceBindings: []string{saml.HTTPPostBinding},
	}
	secrets := &identityprovider.Secrets{}
	server := httptest.NewUnstartedServer(nil)
	pages := "http://" + server.Listener.Addr().String()
	peers := must.Get(identityprovider.New(identityprovider.Options{
		Stage: s, Pages: pages, Login: login, Secrets: secrets, Logger: slog.New(slog.DiscardHandler),
		ServiceProvider: func(string) (*saml.EntityDescriptor, error) { return judge.Metadata(), nil },
	}))(t)
	defer func() { _ = peers.Close() }()
	server.Config.Handler = peers.Handler()
	server.Start()
	defer server.Close()

	run(t, tests(t, "providers/openid.*.mjs", "providers/saml.*.mjs"), "PROVIDERS_URL="+pages, "LOGIN_URL="+login,
		"CLIENT_SECRET="+must.Get(secrets.Text("client_secret", reference))(t),
		"PRIVATE_KEY="+string(pem.EncodeToMemory(&pem.Block{
			Type: "PRIVATE KEY", Bytes: must.Get(x509.MarshalPKCS8PrivateKey(key))(t),
		})))
}
