package login

import "github.com/securecart/identity/internal/deployed"

const (
	ada      = "ada@example.com"
	password = "Correct-Horse-9"
	callback = "http://localhost:5173/signed-in"
	leaving  = "http://localhost:5173/"
	poolID   = "eu-central-1_Test12345"

	tokenFunction = "arn:aws:lambda:eu-central-1:111122223333:function:tokens"
	registration  = "arn:aws:lambda:eu-central-1:111122223333:function:registration"
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
		ExplicitAuthFlows:               []string{"ALLOW_USER_SRP_AUTH"},
		PreventUserExistenceErrors:      "ENABLED",
		ReadAttributes:                  []string{"email", "email_verified", "given_name", "name", "custom:provider_email"},
		WriteAttributes: []string{
			"email", "given_name", "family_name", "name", "picture", "phone_number", "custom:provider_email",
		},
		AccessTokenValidity: 60, IdTokenValidity: 60, RefreshTokenValidity: 600,
		UserPoolID: poolID,
	}
	units := &web.TokenValidityUnits
	units.AccessToken, units.IdToken, units.RefreshToken = "minutes", "minutes", "minutes"
	web.RefreshTokenRotation.Feature, web.RefreshTokenRotation.RetryGracePeriodSeconds = "ENABLED", 10
	stepUp := web
	stepUp.ID, stepUp.ClientName, stepUp.AllowedOAuthFlowsUserPoolClient = "stepup", "StepUp", false
	social := web
	social.ID, social.ClientName, social.SupportedIdentityProviders = "social", "Social", []string{"Google"}
	social.EnableTokenRevocation = false
	s := &deployed.Stage{
		ID: "SecureCart-Test", Region: "eu-central-1",
		Clients: map[string]deployed.UserPoolClient{
			"web":    web,
			"social": social,
			"stepup": stepUp,
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
	s.UserPool = testPool()
	for _, function := range []string{tokenFunction, registration} {
		s.Permissions = append(s.Permissions, deployed.Permission{
			Action: "lambda:InvokeFunction", FunctionName: function, Principal: "cognito-idp.amazonaws.com",
			SourceArn: s.UserPool.ARN,
		})
	}
	return s
}

func testPool() deployed.UserPool {
	pool := deployed.UserPool{
		ID: poolID, ARN: "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/" + poolID, UserPoolTier: "ESSENTIALS",
		UsernameAttributes: []string{"email"}, AutoVerifiedAttributes: []string{"email"},
		EnabledMfas: []string{softwareToken, smsCode},
		Schema:      []deployed.Attribute{{Name: "provider_email", AttributeDataType: "String", Mutable: true}},
	}
	pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = []string{"email"}
	pool.AccountRecoverySetting.RecoveryMechanisms = []deployed.RecoveryMechanism{{Name: "verified_email", Priority: 1}}
	pool.Policies.PasswordPolicy = deployed.PasswordPolicy{MinimumLength: 12, RequireNumbers: true}
	pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn = tokenFunction
	pool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = "V2_0"
	pool.LambdaConfig.PreSignUp, pool.LambdaConfig.PostConfirmation = registration, registration
	return pool
}

// withMFA requires a second factor.
func withMFA(s *deployed.Stage) { s.UserPool.MfaConfiguration = "ON" }

// withProviders gives the Web client other providers.
func withProviders(names ...string) func(*deployed.Stage) {
	return func(s *deployed.Stage) {
		web := s.Clients["web"]
		web.SupportedIdentityProviders = names
		s.Clients["web"] = web
	}
}

// withPartner adds a SAML provider, whose keys take their time.
func withPartner(s *deployed.Stage) {
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
