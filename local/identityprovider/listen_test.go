package identityprovider_test

import (
	"log/slog"
	"testing"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
)

// A caller closes what it was given: a half-made one would panic, and hide the error.
func TestWhatCannotListenIsNotReturned(t *testing.T) {
	s := &deployed.Stage{Providers: map[string]deployed.IdentityProvider{"Okta": {
		ProviderName: "Okta", ProviderType: "OIDC", ProviderDetails: map[string]string{
			// No certificate can name this host.
			"client_id": "okta", "client_secret": secret("okta"), "oidc_issuer": "https://bücher.example",
		},
	}}}
	peers, err := identityprovider.New(identityprovider.Options{
		Stage: s, Pages: "http://localhost:8705", Login: login, Secrets: &identityprovider.Secrets{},
		Logger: slog.New(slog.DiscardHandler),
	})
	if err == nil || peers != nil {
		t.Errorf("got %v, %v; want an error only", peers, err)
	}
}
