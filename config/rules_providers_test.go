package config

import "testing"

func TestRefusesProvidersThatCannotWorkOrCannotBeTrusted(t *testing.T) {
	with := func(p Provider) func(*Stage) { return func(s *Stage) { s.Providers = []Provider{p} } }
	okta := Provider{
		Kind: OIDC, Name: "Okta", ClientID: "0oa1", SecretName: "okta",
		OIDC: OIDCSettings{Issuer: "https://securecart.okta.com"},
	}
	partner := func(spoil func(*Provider)) Provider {
		p := Provider{Kind: SAML, Name: "Partner", SAML: SAMLSettings{MetadataURL: "https://idp.test/m"}}
		spoil(&p)
		return p
	}
	noIssuer, localIssuer, badName, badVersion := okta, okta, okta, okta
	localIssuer.OIDC.Issuer = "http://localhost:9000"
	noIssuer.OIDC.Issuer, badName.Name, badVersion.SecretVersion = "http://okta.test", "Google", "v2"
	for _, r := range []refusal{
		{"12 no secret", dev(), with(Provider{Kind: Google, ClientID: "id"}),
			`SecureCart-Dev: Providers[0].SecretName: Google needs the name of its secret in Secrets Manager, got ""; ` +
				`create the secret and enter its name`},
		{"12 the secret instead of its name", dev(),
			with(Provider{Kind: Google, ClientID: "id", SecretName: "GOCSPX-" + "0123456789abcdef"}),
			`SecureCart-Dev: Providers[0].SecretName: must be the name of the secret and never the secret itself, ` +
				`got "GOCS…"; revoke that secret at Google, store a new one in Secrets Manager and enter its name`},
		{"no client id", dev(), with(Provider{Kind: Facebook, SecretName: "facebook"}),
			`SecureCart-Dev: Providers[0].ClientID: Facebook needs the client id of the shop's application, got ""; enter it`},
		{"a client id that a page shortened", dev(),
			with(Provider{Kind: Google, ClientID: "1234…apps.googleusercontent.com", SecretName: "google"}),
			`SecureCart-Dev: Providers[0].ClientID: must be the whole client id, ` +
				`got the shortened "1234…apps.googleusercontent.com"; copy all of it`},
		{"a client id that a person shortened", dev(),
			with(Provider{Kind: Facebook, ClientID: "1000...1", SecretName: "facebook"}),
			`SecureCart-Dev: Providers[0].ClientID: must be the whole client id, got the shortened "1000...1"; copy all of it`},
		{"unknown kind", dev(), with(Provider{Kind: "Myspace"}),
			`SecureCart-Dev: Providers[0].Kind: must be one of ["Google" "Facebook" "SignInWithApple" "LoginWithAmazon" ` +
				`"OIDC" "SAML"], got "Myspace"; choose one`},
		{"a name for Google", dev(), with(Provider{Kind: Google, Name: "G", ClientID: "id", SecretName: "google"}),
			`SecureCart-Dev: Providers[0].Name: Google is named by Cognito, got "G"; remove Name`},
		{"a reserved name", dev(), with(badName),
			`SecureCart-Dev: Providers[0].Name: must be 3 to 32 letters, digits and hyphens and none of ["COGNITO" "Google" ` +
				`"Facebook" "LoginWithAmazon" "SignInWithApple"], got "Google"; name the provider`},
		{"a version that is none", dev(), with(badVersion),
			`SecureCart-Dev: Providers[0].SecretVersion: must be a version id of 32 to 64 letters, digits and hyphens, ` +
				`got "v2"; enter the VersionId that put-secret-value printed`},
		{"issuer without https", dev(), with(noIssuer),
			`SecureCart-Dev: Providers[0].OIDC.Issuer: must use https (http only for localhost), got "http://okta.test"; ` +
				`write "https://okta.test"`},
		{"issuer on one's own machine without https", dev(), with(localIssuer),
			`SecureCart-Dev: Providers[0].OIDC.Issuer: must use https, got "http://localhost:9000"; ` +
				`enter the provider's https URL`},
		{"issuer of a SAML provider", dev(),
			with(partner(func(p *Provider) { p.OIDC.Issuer = "https://idp.test" })),
			`SecureCart-Dev: Providers[0].OIDC: does not belong to SAML; remove it`},
		{"secret of a SAML provider", dev(),
			with(partner(func(p *Provider) { p.SecretName = "partner" })),
			`SecureCart-Dev: Providers[0]: SAML has neither client id nor secret, ` +
				`got ClientID "" and SecretName "partner"; remove them`},
		{"Apple without a team", dev(),
			with(Provider{Kind: Apple, ClientID: "web", SecretName: "apple", Apple: AppleSettings{KeyID: "ABCDE12345"}}),
			`SecureCart-Dev: Providers[0].Apple.TeamID: must be the team's id, 10 capital letters and digits, got ""; ` +
				`copy it from Apple's developer account`},
		{"Apple with the key's file in place of its id", dev(), with(Provider{
			Kind: Apple, ClientID: "web", SecretName: "apple",
			Apple: AppleSettings{TeamID: "ABCDE12345", KeyID: "AuthKey_ABCDE12345"},
		}),
			`SecureCart-Dev: Providers[0].Apple.KeyID: must be the private key's id, 10 capital letters and digits, ` +
				`got "AuthKey_ABCDE12345"; copy it from Apple's developer account`},
		{"one provider twice", dev(), func(s *Stage) { s.Providers = append(s.Providers, s.Providers[0]) },
			`SecureCart-Dev: Providers[2]: must differ from the providers before it, got "Google" twice; remove or rename one`},
	} {
		t.Run(r.name, r.check)
	}
}
