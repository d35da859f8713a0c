package config

import (
	"strings"
	"testing"
)

// okta and partner are providers that keep every rule, but for what spoil changes.
func okta(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{
		Kind: OIDC, Name: "Okta", ClientID: "0oa1", SecretName: "okta",
		OIDC: OIDCSettings{Issuer: "https://securecart.okta.com"},
	}, spoil)
}

func partner(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{Kind: SAML, Name: "Partner", SAML: SAMLSettings{MetadataURL: "https://idp.test/m"}}, spoil)
}

func apple(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{
		Kind: Apple, ClientID: "web", SecretName: "apple", Apple: AppleSettings{TeamID: "TEAM123456", KeyID: "KEY1234567"},
	}, spoil)
}

func google(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{Kind: Google, ClientID: "id", SecretName: "google"}, spoil)
}

func facebook(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{Kind: Facebook, ClientID: "1", SecretName: "facebook"}, spoil)
}

func amazon(spoil func(*Provider)) func(*Stage) {
	return provider(Provider{Kind: Amazon, ClientID: "amzn1.application-oa2-client.1", SecretName: "amazon"}, spoil)
}

// provider leaves a stage with the spoiled provider only.
func provider(p Provider, spoil func(*Provider)) func(*Stage) {
	return func(s *Stage) {
		spoil(&p)
		s.Providers = []Provider{p}
	}
}

func TestProviderOfEachKindMayBeAsItIs(t *testing.T) {
	for _, offer := range []func(func(*Provider)) func(*Stage){okta, partner, apple, google, facebook, amazon} {
		s := dev()
		offer(func(*Provider) {})(&s)
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestProviderMaySayMore(t *testing.T) {
	s := dev()
	okta(func(p *Provider) {
		p.Label, p.SecretVersion = "Mitarbeiter:innen", "a1b2c3d4-5678-90ab-cdef-000000000001"
		p.Scopes = []string{"openid", "urn:example:profile"}
		p.Claims = Claims{Email: "https://shop.example/mail", Picture: Unmapped}
		p.Identifiers = []string{"shop.example", "mail.shop.example"}
		p.OIDC.Endpoints = OIDCEndpoints{"https://a.test/a", "https://a.test:443/t", "https://a.test/u", "https://a.test/j"}
		p.OIDC.PostUserInfo = true
	})(&s)
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}

func TestRefusesProvidersThatCannotWorkOrCannotBeTrusted(t *testing.T) {
	for _, r := range []refusal{
		{"unknown kind", dev(), provider(Provider{Kind: "Myspace"}, func(*Provider) {}),
			`Providers[0].Kind: must be one of ["Google" "Facebook" "SignInWithApple" "LoginWithAmazon" ` +
				`"OIDC" "SAML"], got "Myspace"; choose one`},
		{"a name for Google", dev(), google(func(p *Provider) { p.Name = "G" }),
			`Providers[0].Name: Google is named by Cognito, got "G"; remove Name`},
		{"a reserved name", dev(), okta(func(p *Provider) { p.Name = "Google" }),
			`Providers[0].Name: must be 3 to 32 letters, digits and hyphens and none of ["COGNITO" "Google" ` +
				`"Facebook" "LoginWithAmazon" "SignInWithApple"], got "Google"; name the provider`},
		{"a label for Apple", dev(), apple(func(p *Provider) { p.Label = "iPhone" }),
			`Providers[0].Label: SignInWithApple prescribes what its button says, got "iPhone"; remove Label`},
		{"a label of two lines", dev(), okta(func(p *Provider) { p.Label = "a\nb" }),
			`Providers[0].Label: must be at most 40 printable characters, got "a\nb"; shorten it`},
		{"a long label", dev(), okta(func(p *Provider) { p.Label = strings.Repeat("ü", 41) }),
			`Providers[0].Label: must be at most 40 printable characters, got "` + strings.Repeat("ü", 41) + `"; shorten it`},
		{"one provider twice", dev(), func(s *Stage) { s.Providers = append(s.Providers[:2:2], s.Providers[0]) },
			`Providers[2]: must differ from the providers before it, got "Google" twice (also Providers[0]); ` +
				`remove or rename one`},
		{"one issuer twice", dev(), func(s *Stage) {
			okta(func(p *Provider) { p.OIDC.Issuer = "https://accounts.google.com" })(s)
			s.Providers = append(dev().Providers[:1:1], s.Providers...)
		},
			`Providers[1].OIDC.Issuer: must differ from the providers before it, got "https://accounts.google.com" twice ` +
				`(also Providers[0].Kind): one customer would be two; remove one`},
	} {
		t.Run(r.name, r.prefixed().check)
	}
}

// prefixed is a refusal whose wanted message leaves out the stage.
func (r refusal) prefixed() refusal {
	r.want = "SecureCart-" + r.stage.Name + ": " + r.want
	return r
}

func TestRefusesProvidersByTheirCredentials(t *testing.T) {
	const itself = `must be the name of the secret and never the secret itself, got "%s"; revoke that secret at %s, ` +
		`store a new one in Secrets Manager and enter its name`
	secret := func(short, place string) string {
		return "Providers[0].SecretName: " + strings.NewReplacer(`"%s"`, `"`+short+`"`, "%s", place).Replace(itself)
	}
	for _, r := range []refusal{
		{"12 no secret", dev(), google(func(p *Provider) { p.SecretName = "" }),
			`Providers[0].SecretName: Google needs the name of its secret in Secrets Manager, got ""; ` +
				`create the secret and enter its name`},
		{"12 Google's secret instead of its name", dev(),
			google(func(p *Provider) { p.SecretName = "GOCSPX-" + "0123456789abcdef" }), secret("GOCS…", "Google")},
		{"Amazon's", dev(), amazon(func(p *Provider) { p.SecretName = "amzn1.oa2-cs." + "v1.0" }),
			secret("amzn…", "LoginWithAmazon")},
		{"Okta's", dev(), okta(func(p *Provider) { p.SecretName = strings.Repeat("a", 64) }), secret("aaaa…", "Okta")},
		{"Apple's private key", dev(), apple(func(p *Provider) { p.SecretName = "-----BEGIN" + " PRIVATE KEY-----" }),
			`Providers[0].SecretName: SignInWithApple needs the name of its secret in Secrets Manager, got "----…"; ` +
				`create the secret and enter its name`},
		{"a version that is none", dev(), okta(func(p *Provider) { p.SecretVersion = "v2" }),
			`Providers[0].SecretVersion: must be a version id of 32 to 64 letters, digits and hyphens, ` +
				`got "v2"; enter the VersionId that put-secret-value printed`},
		{"no client id", dev(), facebook(func(p *Provider) { p.ClientID = "" }),
			`Providers[0].ClientID: Facebook needs the client id of the shop's application, got ""; enter it`},
		{"a client id that a page shortened", dev(), google(func(p *Provider) { p.ClientID = "12…googleusercontent.com" }),
			`Providers[0].ClientID: must be the whole client id, got the shortened "12…googleusercontent.com"; copy all of it`},
		{"a client id that a person shortened", dev(), facebook(func(p *Provider) { p.ClientID = "1000...1" }),
			`Providers[0].ClientID: must be the whole client id, got the shortened "1000...1"; copy all of it`},
		{"secret of a SAML provider", dev(), partner(func(p *Provider) { p.SecretName = "partner" }),
			`Providers[0]: SAML has neither client id nor secret, ` +
				`got ClientID "" and SecretName "partner"; remove them`},
		{"Apple without a team", dev(), apple(func(p *Provider) { p.Apple.TeamID = "" }),
			`Providers[0].Apple.TeamID: must be the team's id, 10 capital letters and digits, got ""; ` +
				`copy it from Apple's developer account`},
		{"Apple with the key's file in place of its id", dev(),
			apple(func(p *Provider) { p.Apple.KeyID = "AuthKey_ABCDE12345" }),
			`Providers[0].Apple.KeyID: must be the private key's id, 10 capital letters and digits, ` +
				`got "AuthKey_ABCDE12345"; copy it from Apple's developer account`},
	} {
		t.Run(r.name, r.prefixed().check)
	}
}

func TestRefusesWhatProvidersAreAskedFor(t *testing.T) {
	for _, r := range []refusal{
		{"OIDC without openid", dev(), okta(func(p *Provider) { p.Scopes = []string{"email"} }),
			`Providers[0].Scopes: OIDC needs "openid", got ["email"]; add it`},
		{"an address that is not asked for", dev(), google(func(p *Provider) { p.Scopes = []string{"openid"} }),
			`Providers[0].Scopes: Google needs "email", got ["openid"]; add it`},
		{"scopes in one text", dev(), okta(func(p *Provider) { p.Scopes = []string{"openid", "email profile"} }),
			`Providers[0].Scopes: must be one scope each, without spaces and commas, got "email profile"; split it`},
		{"a comma in a scope", dev(),
			facebook(func(p *Provider) { p.Scopes = []string{"public_profile", "email", "a,b"} }),
			`Providers[0].Scopes: must be one scope each, without spaces and commas, got "a,b"; split it`},
		{"scopes of SAML", dev(), partner(func(p *Provider) { p.Scopes = []string{"openid"} }),
			`Providers[0].Scopes: SAML has none, got ["openid"]; remove them`},
		{"a claim with a space", dev(), okta(func(p *Provider) { p.Claims.Name = "display name" }),
			`Providers[0].Claims.Name: must be the name of a claim, at most 2048 characters without spaces, ` +
				`got "display name"; copy it from the provider's documentation`},
		{"a claim that Apple does not state", dev(), apple(func(p *Provider) { p.Claims.Picture = "picture" }),
			`Providers[0].Claims.Picture: must be a claim of SignInWithApple, one of ["email" "name" "firstName" ` +
				`"lastName"], got "picture"; choose one`},
		{"no address, unsaid", dev(), okta(func(p *Provider) { p.Claims.Email = Unmapped }),
			`Providers[0].Claims.Email: is what connects an account, got "-"; set EmailUntrusted: true instead`},
		{"an address both read and untrusted", dev(),
			okta(func(p *Provider) { p.Claims.Email, p.EmailUntrusted = "mail", true }),
			`Providers[0].Claims.Email: is not read while EmailUntrusted is set, got "mail"; remove one of them`},
		{"identifiers of Google", dev(), google(func(p *Provider) { p.Identifiers = []string{"gmail.com"} }),
			`Providers[0].Identifiers: Google signs in addresses of any domain, got ["gmail.com"]; remove them`},
		{"an identifier that is an address", dev(), okta(func(p *Provider) { p.Identifiers = []string{"@Shop.example"} }),
			`Providers[0].Identifiers[0]: must be a domain in lower case of at most 40 characters, got "@Shop.example"; ` +
				`write it as in shop.example`},
		{"a long identifier", dev(),
			okta(func(p *Provider) { p.Identifiers = []string{strings.Repeat("a", 33) + ".example"} }),
			`Providers[0].Identifiers[0]: must be a domain in lower case of at most 40 characters, ` +
				`got "` + strings.Repeat("a", 33) + `.example"; write it as in shop.example`},
		{"one identifier twice", dev(), okta(func(p *Provider) { p.Identifiers = []string{"a.test", "a.test"} }),
			`Providers[0].Identifiers[1]: must lead to one provider, got "a.test" twice (also Providers[0].Identifiers[0]); ` +
				`remove it from one`},
		{"51 identifiers", dev(), okta(func(p *Provider) {
			for range 51 {
				p.Identifiers = append(p.Identifiers, strings.Repeat("a", len(p.Identifiers)%30+1)+
					strings.Repeat("b", len(p.Identifiers)/30)+".test")
			}
		}),
			`Providers[0].Identifiers: Cognito takes at most 50, got 51; remove some`},
	} {
		t.Run(r.name, r.prefixed().check)
	}
}

func TestRefusesProvidersByTheirPlace(t *testing.T) {
	issuer := func(text string) func(*Stage) { return okta(func(p *Provider) { p.OIDC.Issuer = text }) }
	for _, r := range []refusal{
		{"issuer without https", dev(), issuer("http://okta.test"),
			`Providers[0].OIDC.Issuer: must use https (http only for localhost), got "http://okta.test"; ` +
				`write "https://okta.test"`},
		{"issuer on one's own machine without https", dev(), issuer("http://localhost:9000"),
			`Providers[0].OIDC.Issuer: must use https, got "http://localhost:9000"; enter the provider's https URL`},
		{"issuer at another port", dev(), issuer("https://okta.test:8443"),
			`Providers[0].OIDC.Issuer: must be at port 443, where Cognito asks, got "https://okta.test:8443"; ` +
				`enter the provider's public URL`},
		{"issuer with a slash at its end", dev(), issuer("https://shop.auth0.test/"),
			`Providers[0].OIDC.Issuer: must not end with a slash, got "https://shop.auth0.test/"; ` +
				`write "https://shop.auth0.test"`},
		{"issuer with a query", dev(), issuer("https://okta.test?a=b"),
			`Providers[0].OIDC.Issuer: must hold no query, got "https://okta.test?a=b"; write "https://okta.test"`},
		{"the discovery document", dev(), issuer("https://okta.test/t/.well-known/openid-configuration"),
			`Providers[0].OIDC.Issuer: must be the issuer and not its discovery document, ` +
				`got "https://okta.test/t/.well-known/openid-configuration"; write "https://okta.test/t"`},
		{"three endpoints", dev(), okta(func(p *Provider) {
			p.OIDC.Endpoints = OIDCEndpoints{Authorize: "https://a.test", Token: "https://a.test", UserInfo: "https://a.test"}
		}),
			`Providers[0].OIDC.Endpoints.JWKS: all four endpoints belong together, got none; enter it, or remove Endpoints ` +
				`to have them found at the issuer`},
		{"an endpoint in the clear", dev(), okta(func(p *Provider) {
			p.OIDC.Endpoints = OIDCEndpoints{"https://a.test", "http://localhost", "https://a.test", "https://a.test"}
		}),
			`Providers[0].OIDC.Endpoints.Token: must use https, got "http://localhost"; enter the provider's https URL`},
		{"settings of another kind", dev(), partner(func(p *Provider) { p.OIDC.Issuer = "https://idp.test" }),
			`Providers[0].OIDC: does not belong to SAML; remove it`},
		{"SAML nowhere", dev(), partner(func(p *Provider) { p.SAML.MetadataURL = "" }),
			`Providers[0].SAML: exactly one of MetadataURL and Metadata must be set, got none; enter where the provider ` +
				`publishes its metadata, or embed the file`},
		{"SAML twice", dev(), partner(func(p *Provider) { p.SAML.Metadata = "<a/>" }),
			`Providers[0].SAML: exactly one of MetadataURL and Metadata must be set, got both; enter where the provider ` +
				`publishes its metadata, or embed the file`},
	} {
		t.Run(r.name, r.prefixed().check)
	}
}
