package test

import (
	"slices"
	"time"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
)

// variants are stages that nobody deploys: they use what the committed stages leave out, so that it is proven, too.
func variants() []config.Stage {
	return append([]config.Stage{everything(), codes(), bare()}, config.LocalStages()[len(config.Stages()):]...)
}

// everything offers all that may be offered at once.
func everything() config.Stage {
	s := configtest.Stage("Prod")
	s.Name = "ProdEverything"
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
			Kind: config.OIDC, Name: "Okta", ClientID: "0oa1",
			SecretName: "securecart/prod/okta", OIDC: config.OIDCSettings{Issuer: "https://securecart.okta.com"},
			SecretVersion: "a1b2c3d4-5678-90ab-cdef-000000000001",
		},
		config.Provider{
			Kind: config.SAML, Name: "Partner",
			SAML: config.SAMLSettings{MetadataURL: "https://idp.partner.example/metadata.xml"},
		})
	return s
}

// codes lets customers sign in with codes and passkeys, and only watches for threats.
func codes() config.Stage {
	s := bare()
	s.Name = "Codes"
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

// bare leaves out all that may be left out.
func bare() config.Stage {
	return config.Stage{
		Name:    "Bare",
		Purpose: config.Development,
		Region:  "us-east-1",
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
		Logs: config.Logs{RetentionDays: 1},
	}
}
