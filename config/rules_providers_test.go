package config

import (
	"slices"
	"strings"
	"testing"
	"time"
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
		s := own()
		offer(func(*Provider) {})(&s)
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestProviderMaySayMore(t *testing.T) {
	s := own()
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

// both leaves a stage with the providers of one and other.
func both(one, other func(*Stage)) func(*Stage) {
	return func(s *Stage) {
		one(s)
		before := s.Providers
		other(s)
		s.Providers = append(slices.Clone(before), s.Providers...)
	}
}

func TestRefusesProvidersThatCannotWorkOrCannotBeTrusted(t *testing.T) {
	metadata := metadataOf(t, time.Now().AddDate(1, 0, 0))
	embedded := func(name string) func(*Stage) {
		return partner(func(p *Provider) { p.Name, p.SAML = name, SAMLSettings{Metadata: metadata} })
	}
	for _, r := range []refusal{
		{"unknown kind", own(), provider(Provider{Kind: "Myspace"}, func(*Provider) {}),
			`Providers[0].Kind: must be one of ["Google" "Facebook" "SignInWithApple" "LoginWithAmazon" ` +
				`"OIDC" "SAML"], got "Myspace"; choose one`},
		{"a name for Google", own(), google(func(p *Provider) { p.Name = "G" }),
			`Providers[0].Name: Google is named by Cognito, got "G"; remove Name`},
		{"a reserved name", own(), okta(func(p *Provider) { p.Name = "Google" }),
			`Providers[0].Name: must be 3 to 32 letters, digits and hyphens and none of ["COGNITO" "Google" ` +
				`"Facebook" "LoginWithAmazon" "SignInWithApple"] in any case, got "Google"; name the provider`},
		{"a reserved name in another case", own(), okta(func(p *Provider) { p.Name = "Cognito" }),
			`Providers[0].Name: must be 3 to 32 letters, digits and hyphens and none of ["COGNITO" "Google" ` +
				`"Facebook" "LoginWithAmazon" "SignInWithApple"] in any case, got "Cognito"; name the provider`},
		{"a label for Apple", own(), apple(func(p *Provider) { p.Label = "iPhone" }),
			`Providers[0].Label: SignInWithApple prescribes what its button says, got "iPhone"; remove Label`},
		{"a label of two lines", own(), okta(func(p *Provider) { p.Label = "a\nb" }),
			`Providers[0].Label: must be at most 40 printable characters, got "a\nb"; shorten it`},
		{"a long label", own(), okta(func(p *Provider) { p.Label = strings.Repeat("ü", 41) }),
			`Providers[0].Label: must be at most 40 printable characters, got "` + strings.Repeat("ü", 41) + `"; shorten it`},
		{"one provider twice", own(), func(s *Stage) { s.Providers = append(s.Providers[:2:2], s.Providers[0]) },
			`Providers[2]: must differ from the providers before it in more than case, got "Google" twice ` +
				`(also Providers[0]); remove or rename one`},
		{"names that differ in case", own(), both(okta(func(*Provider) {}), okta(func(p *Provider) {
			p.Name, p.OIDC.Issuer = "okta", "https://shop.okta.com"
		})),
			`Providers[1]: must differ from the providers before it in more than case, got "okta" twice ` +
				`(also Providers[0]); remove or rename one`},
		{"issuers that differ in case and port", own(), both(okta(func(*Provider) {}), okta(func(p *Provider) {
			p.Name, p.OIDC.Issuer = "Okta2", "https://SecureCart.okta.com:443"
		})),
			`Providers[1].OIDC.Issuer: must differ from the providers before it, got "https://SecureCart.okta.com:443" ` +
				`twice (also Providers[0].OIDC.Issuer): one customer would be two; remove one`},
		{"Apple twice", own(), both(apple(func(*Provider) {}), okta(func(p *Provider) {
			p.OIDC.Issuer = "https://appleid.apple.com"
		})),
			`Providers[1].OIDC.Issuer: must differ from the providers before it, got "https://appleid.apple.com" twice ` +
				`(also Providers[0].Kind): one customer would be two; remove one`},
		{"one metadata URL twice", own(), both(partner(func(*Provider) {}), partner(func(p *Provider) { p.Name = "Other" })),
			`Providers[1].SAML.MetadataURL: must differ from the providers before it, got "https://idp.test/m" twice ` +
				`(also Providers[0].SAML.MetadataURL): one customer would be two; remove one`},
		{"one SAML provider twice", own(), both(embedded("Partner"), embedded("Other")),
			`Providers[1].SAML.Metadata: must differ from the providers before it, got "https://idp.partner.example" twice ` +
				`(also Providers[0].SAML.Metadata): one customer would be two; remove one`},
		{"one issuer twice", own(), func(s *Stage) {
			okta(func(p *Provider) { p.OIDC.Issuer = "https://accounts.google.com" })(s)
			s.Providers = append(own().Providers[:1:1], s.Providers...)
		},
			`Providers[1].OIDC.Issuer: must differ from the providers before it, got "https://accounts.google.com" twice ` +
				`(also Providers[0].Kind): one customer would be two; remove one`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesProvidersByTheirCredentials(t *testing.T) {
	const itself = `must be the name of the secret and never the secret itself, got "%s"; revoke that secret at %s, ` +
		`store a new one in Secrets Manager and enter its name`
	secret := func(short, place string) string {
		return "Providers[0].SecretName: " + strings.NewReplacer(`"%s"`, `"`+short+`"`, "%s", place).Replace(itself)
	}
	for _, r := range []refusal{
		{"12 no secret", own(), google(func(p *Provider) { p.SecretName = "" }),
			`Providers[0].SecretName: Google needs the name of its secret in Secrets Manager, got ""; ` +
				`create the secret and enter its name`},
		{"12 Google's secret instead of its name", own(),
			google(func(p *Provider) { p.SecretName = "GOCSPX-" + "0123456789abcdef" }), secret("GOCS…", "Google")},
		{"Amazon's", own(), amazon(func(p *Provider) { p.SecretName = "amzn1.oa2-cs." + "v1.0" }),
			secret("amzn…", "LoginWithAmazon")},
		{"Okta's", own(), okta(func(p *Provider) { p.SecretName = strings.Repeat("a", 64) }), secret("aaaa…", "Okta")},
		{"Apple's private key", own(), apple(func(p *Provider) { p.SecretName = "-----BEGIN" + " PRIVATE KEY-----" }),
			`Providers[0].SecretName: SignInWithApple needs the name of its secret in Secrets Manager, got "----…"; ` +
				`create the secret and enter its name`},
		{"a version that is none", own(), okta(func(p *Provider) { p.SecretVersion = "v2" }),
			`Providers[0].SecretVersion: must be a version id of 32 to 64 letters, digits and hyphens, ` +
				`got "v2"; enter the VersionId that put-secret-value printed`},
		{"no client id", own(), facebook(func(p *Provider) { p.ClientID = "" }),
			`Providers[0].ClientID: Facebook needs the client id of the shop's application, got ""; enter it`},
		{"a client id that a page shortened", own(), google(func(p *Provider) { p.ClientID = "12…googleusercontent.com" }),
			`Providers[0].ClientID: must be the whole client id, got the shortened "12…googleusercontent.com"; copy all of it`},
		{"a client id that a person shortened", own(), facebook(func(p *Provider) { p.ClientID = "1000...1" }),
			`Providers[0].ClientID: must be the whole client id, got the shortened "1000...1"; copy all of it`},
		{"a client id with spaces", own(), google(func(p *Provider) { p.ClientID = " id " }),
			`Providers[0].ClientID: must be the client id itself, without spaces and braces, got " id "; ` +
				`copy it from the provider`},
		{"a client id that CloudFormation would resolve", own(),
			google(func(p *Provider) { p.ClientID = "{{resolve:ssm:/x}}" }),
			`Providers[0].ClientID: must be the client id itself, without spaces and braces, got "{{resolve:ssm:/x}}"; ` +
				`copy it from the provider`},
		{"secret of a SAML provider", own(), partner(func(p *Provider) { p.SecretName = "partner" }),
			`Providers[0]: SAML has neither client id nor secret, got ClientID "" and SecretName "partner"; remove them`},
		{"Apple without a team", own(), apple(func(p *Provider) { p.Apple.TeamID = "" }),
			`Providers[0].Apple.TeamID: must be the team's id, 10 capital letters and digits, got ""; ` +
				`copy it from Apple's developer account`},
		{"Apple with the key's file in place of its id", own(),
			apple(func(p *Provider) { p.Apple.KeyID = "AuthKey_ABCDE12345" }),
			`Providers[0].Apple.KeyID: must be the private key's id, 10 capital letters and digits, ` +
				`got "AuthKey_ABCDE12345"; copy it from Apple's developer account`},
	} {
		t.Run(r.name, r.check)
	}
}
