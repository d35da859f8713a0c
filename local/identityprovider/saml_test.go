package identityprovider_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/localtest/must"
)

func TestAnUnsignedSAMLRequestIsRefusedWhereTheTemplateSigns(t *testing.T) {
	b := newBench(t, partner)
	round := federation.Round{Provider: "Partner", State: "state-1"}
	signed := must.Get(url.Parse(must.Get(b.client.Begin(t.Context(), &round))(t)))(t)
	query := signed.Query()
	query.Del("Signature")
	query.Del("SigAlg")
	signed.RawQuery = query.Encode()
	if got := b.visit(http.MethodGet, signed.String(), nil); got.status != http.StatusBadRequest {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// Metadata in the template name the endpoint and the entity: the peer takes both, and signs with a key of its own.
func TestMetadataInTheTemplate(t *testing.T) {
	b := newBench(t, partner, func(s *deployed.Stage) {
		s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true"
		delete(s.Providers["Partner"].ProviderDetails, "MetadataURL")
		s.Providers["Partner"].ProviderDetails["MetadataFile"] = `<EntityDescriptor
			xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1"><IDPSSODescriptor
			protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService
			Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://securecart.okta.com/app/1/sso/saml"/>
			</IDPSSODescriptor></EntityDescriptor>`
	})
	round, page := b.begin("Partner")
	if page.at.Path != "/securecart.okta.com/app/1/sso/saml" {
		t.Errorf("the browser is at %s", page.at)
	}
	who, err := b.finish(round, page.submit("NameID", "ada"))
	if err != nil || who.Subject != "ada" || who.Attributes["urn:mail"] != "ada@example.com" {
		t.Errorf("got %+v, %v", who, err)
	}
}

func TestASAMLProviderKnowsTheUserPoolOnly(t *testing.T) {
	b := newBench(t, partner)
	stranger := must.Get(federation.New(federation.Options{
		Stage: func() *deployed.Stage {
			other := stage()
			partner(other)
			other.UserPool.ID = "eu-central-1_Other"
			return other
		}(),
		Login: "https://evil.example", Transport: b.peers.Transport(), Page: b.peers.Page, Secrets: b.secrets,
	}))(t)
	round := federation.Round{Provider: "Partner", State: "state-1"}
	got := b.visit(http.MethodGet, must.Get(stranger.Begin(t.Context(), &round))(t), nil)
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, "unknown service provider") {
		t.Errorf("got %d %s", got.status, got.body)
	}
}
