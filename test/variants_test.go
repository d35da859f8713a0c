package test

import (
	_ "embed"
	"slices"
	"time"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
)

// variants are stages that are never deployed: they use settings that the committed stages do not, so that these are
// tested, too.
func variants() []config.Stage {
	local := config.LocalStages()[len(config.Stages()):]
	return append([]config.Stage{everything(), codes(), bare(), config.Own("Jane")}, local...)
}

//go:embed testdata/partner-metadata.xml
var partnerMetadata string

// everything uses every optional setting at once.
func everything() config.Stage {
	s := configtest.Stage("Prod")
	s.Name = "ProdEverything"
	s.Replica = "eu-west-1"
	s.Domain.Custom = "everything.securecart.example"
	s.Users.MFA = config.Required
	s.Users.SecondFactors = []config.SecondFactor{config.TOTP, config.SMS}
	s.Users.RequireACR = true
	s.Alarms.SMSSpendUSD = 1
	s.Delivery.Qualifier = "sceverythi"
	s.Support.Agents = []string{"user/support/jane", s.Support.Agents[0]}
	s.Users.FirstFactors = []config.FirstFactor{config.Passkey}
	s.Users.Passkeys = config.UserVerified
	s.Providers = append(slices.Clone(s.Providers),
		config.Provider{
			Kind: config.OIDC, Name: "Okta", Label: "your company", ClientID: "0oa1",
			SecretName: "securecart/prod/okta", SecretVersion: "a1b2c3d4-5678-90ab-cdef-000000000001",
			Scopes:      []string{"openid", "shop"},
			Claims:      config.Claims{Email: "mail", Picture: config.Unmapped},
			Identifiers: []string{"staff.example", "staff.test"},
			OIDC: config.OIDCSettings{
				Issuer: "https://securecart.okta.com", PostUserInfo: true,
				Endpoints: config.OIDCEndpoints{
					Authorize: "https://securecart.okta.com/oauth2/v1/authorize",
					Token:     "https://securecart.okta.com/oauth2/v1/token",
					UserInfo:  "https://securecart.okta.com/oauth2/v1/userinfo",
					JWKS:      "https://securecart.okta.com/oauth2/v1/keys",
				},
			},
		},
		config.Provider{
			Kind: config.OIDC, Name: "Entra", Label: "Microsoft", ClientID: "00000000-0000-0000-0000-000000000001",
			SecretName: "securecart/prod/entra", EmailUntrusted: true,
			OIDC: config.OIDCSettings{
				Issuer: "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000002/v2.0",
			},
		},
		config.Provider{
			Kind: config.SAML, Name: "Partner", EmailUntrusted: true,
			SAML: config.SAMLSettings{Metadata: partnerMetadata, EncryptedAssertions: true, StaysSignedIn: true},
		})
	return s
}

// codes lets customers sign in with codes and passkeys, and only watches for threats.
func codes() config.Stage {
	s := bare()
	s.Name = "Codes"
	s.Replica = "us-west-2"
	s.Domain.Prefix = "securecart-codes"
	s.Users = config.Users{
		Plan:             config.Plus,
		MFA:              config.Optional,
		SecondFactors:    []config.SecondFactor{config.TOTP, config.SMS},
		ThreatProtection: config.Audit,
		PasswordLength:   99,
		FirstFactors:     []config.FirstFactor{config.EmailOTP, config.SMSOTP, config.Passkey},
		Passkeys:         config.PossessionOnly,
	}
	s.Email = config.Email{
		From:        "accounts@bare.test",
		IdentityARN: "arn:aws:ses:us-west-2:111122223333:identity/bare.test",
	}
	s.Alarms.SMSSpendUSD = 1
	s.Alarms.Budget.ByTag = true
	s.Account = config.DocumentationAccount
	return s
}

// bare uses no optional setting, except that it has a replica: one without SMS, SES and a domain of its own.
func bare() config.Stage {
	return config.Stage{
		Name:    "Bare",
		Purpose: config.Development,
		Account: "444455556666",
		Region:  "us-east-1",
		Replica: "us-east-2",
		Web: config.Web{
			Origin:       "https://bare.test",
			CallbackURLs: []string{"https://bare.test/in"},
			LogoutURLs:   []string{"https://bare.test/"},
		},
		Domain: config.Domain{Prefix: "securecart-bare"},
		Users:  config.Users{Plan: config.Essentials, MFA: config.Off, PasswordLength: 12},
		Tokens: config.Tokens{Access: 5 * time.Minute, ID: 5 * time.Minute, Refresh: time.Hour},
		API: config.API{
			RateLimit: 1, BurstLimit: 1,
			Guests:     config.Throttle{Rate: 1, Burst: 1},
			Preflights: config.Throttle{Rate: 1, Burst: 1},
		},
		Tables: config.Tables{MaxReads: 1, MaxWrites: 1},
		WebACL: config.WebACL{API: 300, SignIn: 11, SignUp: 10},
		Alarms: config.Alarms{
			Thresholds: configtest.Stage("Dev").Alarms.Thresholds,
			Quiet:      []config.Runbook{config.BotSignUps},
			Budget:     config.Budget{MonthlyUSD: 1},
		},
		Logs:           config.Logs{RetentionDays: 1},
		SecurityEvents: config.SecurityEvents{LockDays: 1},
		UserExports:    config.UserExports{LockDays: 1},
	}
}
