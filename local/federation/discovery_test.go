package federation

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/local/localtest/must"
)

const configuration = "shop.okta.example/.well-known/openid-configuration"

func discovered(changes map[string]any) http.HandlerFunc {
	said := map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/keys",
	}
	maps.Copy(said, changes)
	return always(said)
}

// A browser resolves an address that is not absolute to managed login itself.
func TestOnlyAbsoluteAddressesAreFollowed(t *testing.T) {
	for _, endpoint := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"} {
		for _, address := range []string{
			"http://evil.example/", "javascript:alert(1)", "//evil.example", "data:text/html,x", "/oauth2/authorize",
			"https:///x", "https://user@evil.example/", "",
		} {
			if endpoint == "userinfo_endpoint" && address == "" {
				continue // It is optional.
			}
			c := client(t, site{configuration: discovered(map[string]any{endpoint: address})})
			target, err := c.Begin(t.Context(), &Round{Provider: "Okta"})
			refuses(t, endpoint+" is ")(nil, err)
			if target != "" {
				t.Errorf("%s %q: the browser is sent to %q", endpoint, address, target)
			}
		}
	}
	p := newSAMLPeer(t)
	signOn := &p.metadata.IDPSSODescriptors[0].SingleSignOnServices
	all := slices.Clone(*signOn)
	for i := range *signOn {
		(*signOn)[i].Location = "http://evil.example/"
	}
	p.publish(p.metadata)
	refuses(t, `SingleSignOnService is "http://evil.example/"`)(p.client.Begin(t.Context(), &Round{Provider: "Partner"}))
	*signOn = slices.DeleteFunc(all, func(e saml.Endpoint) bool { return e.Binding == saml.HTTPRedirectBinding })
	p.publish(p.metadata)
	refuses(t, "no endpoint with the binding HTTP-Redirect")(p.client.Begin(t.Context(), &Round{Provider: "Partner"}))
}

func TestMetadataOfAnotherEntityAreRefused(t *testing.T) {
	p := newSAMLPeer(t)
	p.metadata.EntityID = "https://evil.example/"
	p.publish(p.metadata)
	refuses(t, `those of "https://evil.example/"`)(p.client.Begin(t.Context(), &Round{Provider: "Partner"}))
}

func TestMetadataThatAreOverCountNoMore(t *testing.T) {
	p := newSAMLPeer(t)
	p.metadata.ValidUntil = time.Now().Add(-time.Minute)
	p.publish(p.metadata)
	p.begin()
	refuses(t, "xpired")(p.finish(p.response(said{})))
	p.metadata.ValidUntil = time.Now().Add(48 * time.Hour)
	p.published = must.Get(xml.Marshal(p.metadata))(t)
	if _, err := p.finish(p.response(said{})); err != nil {
		t.Errorf("metadata that were published since: %v", err)
	}
}

func TestProvidersAreReadAnewAfterSixHours(t *testing.T) {
	// Its certificate, which all tests share, would end in synctest's year 2000 if it were made inside.
	p, asked := newSAMLPeer(t), 0
	synctest.Test(t, func(t *testing.T) {
		okta := client(t, site{configuration: func(w http.ResponseWriter, r *http.Request) {
			asked++
			discovered(nil)(w, r)
		}})
		p.publish(p.metadata)
		p.asked = 0
		for i, passes := range []time.Duration{0, 6*time.Hour - time.Second, time.Second} {
			time.Sleep(passes)
			must.Get(okta.Begin(t.Context(), &Round{Provider: "Okta"}))(t)
			must.Get(p.client.Begin(t.Context(), &Round{Provider: "Partner"}))(t)
			if want := 1 + i/2; asked != want || p.asked != want {
				t.Errorf("after another %v: discovery was read %d times, metadata %d times; want %d", passes, asked, p.asked, want)
			}
		}
	})
}

// RFC 9207, section 2.4: clients "MUST reject authorization responses without the iss parameter" where it is announced.
func TestAnAnnouncedIssuerIsWantedBack(t *testing.T) {
	p := newOIDCPeer(t)
	p.site[configuration] = discovered(map[string]any{"authorization_response_iss_parameter_supported": true})
	p.client = client(t, p.site)
	p.begin()
	refuses(t, "names no issuer")(p.finish())
	refuses(t, "the answer is one of")(p.finish("iss", ""))
	if _, err := p.finish("iss", issuer); err != nil {
		t.Error(err)
	}
}
