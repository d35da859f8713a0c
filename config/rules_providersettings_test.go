package config

import (
	"strings"
	"testing"
)

func TestRefusesWhatProvidersAreAskedFor(t *testing.T) {
	for _, r := range []refusal{
		{"OIDC without openid", own(), okta(func(p *Provider) { p.Scopes = []string{"email"} }),
			`Providers[0].Scopes: OIDC needs "openid", got ["email"]; add it`},
		{"an address that is not asked for", own(), google(func(p *Provider) { p.Scopes = []string{"openid"} }),
			`Providers[0].Scopes: Google needs "email", got ["openid"]; add it`},
		{"an address that OIDC is not asked for", own(), okta(func(p *Provider) { p.Scopes = []string{"openid"} }),
			`Providers[0].Scopes: OIDC needs "email", got ["openid"]; add it`},
		{"the usual claim, written out", own(), okta(func(p *Provider) {
			p.Scopes, p.Claims.Email = []string{"openid"}, "email"
		}),
			`Providers[0].Scopes: OIDC needs "email", got ["openid"]; add it`},
		{"an address that Apple is not asked for", own(), apple(func(p *Provider) { p.Scopes = []string{"name"} }),
			`Providers[0].Scopes: SignInWithApple needs "email", got ["name"]; add it`},
		{"a token in place of a name", own(), okta(func(p *Provider) { p.Claims.Name = "access_token" }),
			`Providers[0].Claims.Name: must be a claim and not a token, which the profile would show, got "access_token"; ` +
				`name the claim`},
		{"a token in place of a picture", own(), okta(func(p *Provider) { p.Claims.Picture = "id_token" }),
			`Providers[0].Claims.Picture: must be a claim and not a token, which the profile would show, got "id_token"; ` +
				`name the claim`},
		{"scopes in one text", own(), okta(func(p *Provider) { p.Scopes = []string{"openid", "email profile"} }),
			`Providers[0].Scopes: must be one scope each, without spaces and commas, got "email profile"; split it`},
		{"a comma in a scope", own(),
			facebook(func(p *Provider) { p.Scopes = []string{"public_profile", "email", "a,b"} }),
			`Providers[0].Scopes: must be one scope each, without spaces and commas, got "a,b"; split it`},
		{"scopes of SAML", own(), partner(func(p *Provider) { p.Scopes = []string{"openid"} }),
			`Providers[0].Scopes: SAML has none, got ["openid"]; remove them`},
		{"a claim with a space", own(), okta(func(p *Provider) { p.Claims.Name = "display name" }),
			`Providers[0].Claims.Name: must be the name of a claim, at most 2048 characters without spaces, ` +
				`got "display name"; copy it from the provider's documentation`},
		{"a claim that Apple does not state", own(), apple(func(p *Provider) { p.Claims.Picture = "picture" }),
			`Providers[0].Claims.Picture: must be a claim of SignInWithApple, one of ["email" "name" "firstName" ` +
				`"lastName"], got "picture"; choose one`},
		{"no address, unsaid", own(), okta(func(p *Provider) { p.Claims.Email = Unmapped }),
			`Providers[0].Claims.Email: is what connects an account, got "-"; set EmailUntrusted: true instead`},
		{"an address both read and untrusted", own(),
			okta(func(p *Provider) { p.Claims.Email, p.EmailUntrusted = "mail", true }),
			`Providers[0].Claims.Email: is not read while EmailUntrusted is set, got "mail"; remove one of them`},
		{"identifiers of Google", own(), google(func(p *Provider) { p.Identifiers = []string{"gmail.com"} }),
			`Providers[0].Identifiers: Google signs in addresses of any domain, got ["gmail.com"]; remove them`},
		{"an identifier that is an address", own(), okta(func(p *Provider) { p.Identifiers = []string{"@Shop.example"} }),
			`Providers[0].Identifiers[0]: must be a domain in lower case of at most 40 characters, got "@Shop.example"; ` +
				`write it as in shop.example`},
		{"a long identifier", own(),
			okta(func(p *Provider) { p.Identifiers = []string{strings.Repeat("a", 33) + ".example"} }),
			`Providers[0].Identifiers[0]: must be a domain in lower case of at most 40 characters, ` +
				`got "` + strings.Repeat("a", 33) + `.example"; write it as in shop.example`},
		{"one identifier twice", own(), okta(func(p *Provider) { p.Identifiers = []string{"a.test", "a.test"} }),
			`Providers[0].Identifiers[1]: must lead to one provider, got "a.test" twice (also Providers[0].Identifiers[0]); ` +
				`remove it from one`},
		{"51 identifiers", own(), okta(func(p *Provider) {
			for range 51 {
				p.Identifiers = append(p.Identifiers, strings.Repeat("a", len(p.Identifiers)%30+1)+
					strings.Repeat("b", len(p.Identifiers)/30)+".test")
			}
		}),
			`Providers[0].Identifiers: Cognito takes at most 50, got 51; remove some`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesProvidersByTheirPlace(t *testing.T) {
	issuer := func(text string) func(*Stage) { return okta(func(p *Provider) { p.OIDC.Issuer = text }) }
	for _, r := range []refusal{
		{"issuer without https", own(), issuer("http://okta.test"),
			`Providers[0].OIDC.Issuer: must use https (http only for localhost), got "http://okta.test"; ` +
				`write "https://okta.test"`},
		{"issuer on one's own machine without https", own(), issuer("http://localhost:9000"),
			`Providers[0].OIDC.Issuer: must use https, got "http://localhost:9000"; enter the provider's https URL`},
		{"issuer at another port", own(), issuer("https://okta.test:8443"),
			`Providers[0].OIDC.Issuer: must be at port 443, where Cognito asks, got "https://okta.test:8443"; ` +
				`enter the provider's public URL`},
		{"issuer at port 80", own(), issuer("https://okta.test:80"),
			`Providers[0].OIDC.Issuer: must be at port 443, where Cognito asks, got "https://okta.test:80"; ` +
				`enter the provider's public URL`},
		{"issuer on one's own machine", own(), issuer("https://idp.localhost"),
			`Providers[0].OIDC.Issuer: must be at a public host name, since Cognito asks from the internet, ` +
				`got "https://idp.localhost"; enter the provider's public URL`},
		{"issuer in one's own network", own(), issuer("https://keycloak/realms/shop"),
			`Providers[0].OIDC.Issuer: must be at a public host name, since Cognito asks from the internet, ` +
				`got "https://keycloak/realms/shop"; enter the provider's public URL`},
		{"issuer at an address", own(), issuer("https://169.254.169.254"),
			`Providers[0].OIDC.Issuer: must be at a public host name, since Cognito asks from the internet, ` +
				`got "https://169.254.169.254"; enter the provider's public URL`},
		{"issuer of everybody's tenants", own(), issuer("https://login.microsoftonline.com/common/v2.0"),
			`Providers[0].OIDC.Issuer: must name one tenant, whose id its tokens name, got ` +
				`"https://login.microsoftonline.com/common/v2.0"; write "https://login.microsoftonline.com/<tenant id>/v2.0"`},
		{"issuer of everybody's companies", own(), issuer("https://LOGIN.microsoftonline.com:443/Organizations/v2.0"),
			`Providers[0].OIDC.Issuer: must name one tenant, whose id its tokens name, ` +
				`got "https://LOGIN.microsoftonline.com:443/Organizations/v2.0"; ` +
				`write "https://login.microsoftonline.com/<tenant id>/v2.0"`},
		{"issuer with a slash at its end", own(), issuer("https://shop.auth0.test/"),
			`Providers[0].OIDC.Issuer: must not end with a slash, got "https://shop.auth0.test/"; ` +
				`write "https://shop.auth0.test"`},
		{"issuer with a query", own(), issuer("https://okta.test?a=b"),
			`Providers[0].OIDC.Issuer: must hold no query, got "https://okta.test?a=b"; write "https://okta.test"`},
		{"the discovery document", own(), issuer("https://okta.test/t/.well-known/openid-configuration"),
			`Providers[0].OIDC.Issuer: must be the issuer and not its discovery document, ` +
				`got "https://okta.test/t/.well-known/openid-configuration"; write "https://okta.test/t"`},
		{"three endpoints", own(), okta(func(p *Provider) {
			p.OIDC.Endpoints = OIDCEndpoints{
				Authorize: "https://a.test/a", Token: "https://a.test/t", UserInfo: "https://a.test/u",
			}
		}),
			`Providers[0].OIDC.Endpoints.JWKS: all four endpoints belong together, got none; enter it, or remove Endpoints ` +
				`to have them found at the issuer`},
		{"an endpoint in the clear", own(), okta(func(p *Provider) {
			p.OIDC.Endpoints = OIDCEndpoints{"https://a.test/a", "http://localhost", "https://a.test/u", "https://a.test/j"}
		}),
			`Providers[0].OIDC.Endpoints.Token: must use https, got "http://localhost"; enter the provider's https URL`},
		{"one endpoint for two", own(), okta(func(p *Provider) {
			p.OIDC.Endpoints = OIDCEndpoints{"https://a.test/a", "https://a.test/t", "https://A.test:443/t", "https://a.test/j"}
		}),
			`Providers[0].OIDC.Endpoints.UserInfo: must differ from the endpoints before it, got "https://A.test:443/t" ` +
				`twice (also Providers[0].OIDC.Endpoints.Token); enter the provider's own`},
		{"settings of another kind", own(), partner(func(p *Provider) { p.OIDC.Issuer = "https://idp.test" }),
			`Providers[0].OIDC: does not belong to SAML; remove it`},
		{"SAML nowhere", own(), partner(func(p *Provider) { p.SAML.MetadataURL = "" }),
			`Providers[0].SAML: exactly one of MetadataURL and Metadata must be set, got none; enter where the provider ` +
				`publishes its metadata, or embed the file`},
		{"SAML twice", own(), partner(func(p *Provider) { p.SAML.Metadata = "<a/>" }),
			`Providers[0].SAML: exactly one of MetadataURL and Metadata must be set, got both; enter where the provider ` +
				`publishes its metadata, or embed the file`},
	} {
		t.Run(r.name, r.check)
	}
}
