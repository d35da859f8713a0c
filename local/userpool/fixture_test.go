package userpool

import (
	"github.com/securecart/identity/internal/deployed"
)

func allowed(function string, pool deployed.UserPool) deployed.Permission {
	return deployed.Permission{
		Action: "lambda:InvokeFunction", FunctionName: function, Principal: "cognito-idp.amazonaws.com", SourceArn: pool.ARN,
	}
}

// wide is a stage whose clients and providers may write what those of Dev may not, and that takes a phone number
// unverified. What the emulator does about it holds for every stage.
func wide(s *deployed.Stage) {
	s.UserPool.AutoVerifiedAttributes = []string{"email"}
	s.UserPool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = []string{"email"}
	s.UserPool.Schema = append(s.UserPool.Schema,
		deployed.Attribute{AttributeDataType: "String", Name: "email", Mutable: true, Required: true})
	web, stepUp := s.Clients[webID], s.Clients[stepUpID]
	web.WriteAttributes = []string{"email", "name", "picture", "phone_number"}
	stepUp.WriteAttributes = []string{"email", "name"}
	s.Clients[webID], s.Clients[stepUpID] = web, stepUp
	google := s.Providers["Google"]
	google.AttributeMapping = map[string]string{
		"email":          "email",
		"email_verified": "email_verified",
		"name":           "name",
		"picture":        "picture",
	}
	s.Providers["Google"] = google
}

// client changes an app client of the stage.
func client(id string, change func(c *deployed.UserPoolClient)) func(*deployed.Stage) {
	return func(s *deployed.Stage) {
		c := s.Clients[id]
		change(&c)
		s.Clients[id] = c
	}
}

// devStage is what the stage Dev provisions, as far as a user pool goes.
func devStage() *deployed.Stage {
	pool := deployed.UserPool{
		ID:                       poolID,
		ARN:                      "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/" + poolID,
		AutoVerifiedAttributes:   []string{"email", "phone_number"},
		EnabledMfas:              []string{totpMFA, smsMFA},
		MfaConfiguration:         "OPTIONAL",
		SmsAuthenticationMessage: "SecureCart: your code is {####}.",
		UserPoolTier:             "ESSENTIALS",
		UsernameAttributes:       []string{"email"},
	}
	pool.AccountRecoverySetting.RecoveryMechanisms = []deployed.RecoveryMechanism{{Name: "verified_email", Priority: 1}}
	pool.Policies.PasswordPolicy = deployed.PasswordPolicy{
		MinimumLength: 12, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true,
		PasswordHistorySize: 3, TemporaryPasswordValidityDays: 1,
	}
	pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn = function
	pool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = "V2_0"
	pool.LambdaConfig.PreSignUp, pool.LambdaConfig.PostConfirmation = registration, registration
	pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = []string{"email", "phone_number"}
	pool.AdminCreateUserConfig.InviteMessageTemplate = deployed.Message{
		EmailSubject: "Invitation", EmailMessage: "Sign in as <b>{username}</b> with <b>{####}</b>.",
	}
	pool.VerificationMessageTemplate.EmailMessage = "Your code is <b>{####}</b>."
	pool.VerificationMessageTemplate.EmailSubject = "Confirm"
	pool.Schema = []deployed.Attribute{{AttributeDataType: "String", Name: "provider_email", Mutable: true}}
	web := deployed.UserPoolClient{
		ID:                              webID,
		ClientName:                      "Web",
		UserPoolID:                      poolID,
		AccessTokenValidity:             60,
		IdTokenValidity:                 60,
		RefreshTokenValidity:            10080,
		AllowedOAuthFlows:               []string{"code"},
		AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthScopes:              []string{"openid", "email", "profile", "securecart/orders.read"},
		AuthSessionValidity:             3,
		EnableTokenRevocation:           true,
		ExplicitAuthFlows:               []string{"ALLOW_USER_SRP_AUTH"},
		PreventUserExistenceErrors:      "ENABLED",
		ReadAttributes: []string{
			"email", "email_verified", "name", "picture", "phone_number", "phone_number_verified", "address",
			"custom:provider_email",
		},
		WriteAttributes: []string{"email", "name", "given_name", "family_name", "picture",
			"custom:provider_email"},
		SupportedIdentityProviders: []string{"COGNITO", "Google"},
	}
	web.RefreshTokenRotation.Feature, web.RefreshTokenRotation.RetryGracePeriodSeconds = "ENABLED", 60
	units := &web.TokenValidityUnits
	units.AccessToken, units.IdToken, units.RefreshToken = "minutes", "minutes", "minutes"
	stepUp := deployed.UserPoolClient{
		ID:                         stepUpID,
		ClientName:                 "StepUp",
		UserPoolID:                 poolID,
		AccessTokenValidity:        5,
		IdTokenValidity:            5,
		RefreshTokenValidity:       60,
		AuthSessionValidity:        3,
		EnableTokenRevocation:      true,
		ExplicitAuthFlows:          []string{"ALLOW_USER_SRP_AUTH"},
		PreventUserExistenceErrors: "ENABLED",
		ReadAttributes:             []string{"email", "email_verified", "name"},
		WriteAttributes:            []string{"locale"},
		SupportedIdentityProviders: []string{"COGNITO"},
		TokenValidityUnits:         web.TokenValidityUnits,
	}
	// It lists no refresh flow, and so may rotate.
	stepUp.RefreshTokenRotation.Feature = "ENABLED"
	account := stepUp
	account.ID, account.ClientName, account.WriteAttributes = accountID, "Account", []string{"phone_number", "locale"}
	account.ReadAttributes = []string{"email", "email_verified", "phone_number", "phone_number_verified"}
	return &deployed.Stage{
		ID: "SecureCart-Dev", Region: "eu-central-1", Account: "111122223333", UserPool: pool,
		Clients: map[string]deployed.UserPoolClient{
			webID:     web,
			stepUpID:  stepUp,
			accountID: account,
		},
		Providers: map[string]deployed.IdentityProvider{"Google": {
			ProviderName: "Google", ProviderType: "Google", UserPoolID: poolID,
			AttributeMapping: map[string]string{"custom:provider_email": "email", "name": "name", "picture": "picture"},
		}},
		ResourceServers: []deployed.ResourceServer{
			{
				Identifier: "securecart",
				Scopes:     []struct{ ScopeName, ScopeDescription string }{{"orders.read", ""}, {"orders.write", ""}},
			},
		},
		Permissions: []deployed.Permission{allowed(function, pool), allowed(registration, pool)},
	}
}
