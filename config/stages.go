package config

import (
	"strings"
	"time"
)

// Stages are the stages of SecureCart. The pipeline deploys Dev from main, Staging and Prod from tags; developers add
// stages of their own with [Own]. Values under securecart.example and account 111122223333 are placeholders: they
// synthesize, and no credentials can deploy them.
func Stages() []Stage { return []Stage{dev(), staging(), prod()} }

// LocalStages are the stages that `make local` serves: Stages, and one that is never deployed.
func LocalStages() []Stage { return append(Stages(), federation()) }

// dev is the stage that shows main as it is now. The pipeline deploys it and nobody else, so its account is pinned.
func dev() Stage {
	return Stage{
		Name:    "Dev",
		Purpose: Development,
		Account: DocumentationAccount,
		Region:  "eu-central-1",
		Web: Web{
			Origin:       "http://localhost:5173",
			CallbackURLs: []string{"http://localhost:5173/signed-in"},
			LogoutURLs:   []string{"http://localhost:5173/"},
		},
		Domain: Domain{Prefix: "securecart-dev"},
		Users: Users{
			Plan:           Essentials,
			MFA:            Optional,
			SecondFactors:  []SecondFactor{TOTP, SMS},
			PasswordLength: 12,
		},
		Providers: []Provider{
			{Kind: Google, ClientID: "securecart-dev.apps.googleusercontent.com", SecretName: "securecart/dev/google"},
			{Kind: Facebook, ClientID: "100000000000001", SecretName: "securecart/dev/facebook"},
			{
				Kind: OIDC, Name: "Okta", ClientID: "0oa1securecartdev", SecretName: "securecart/dev/okta",
				OIDC: OIDCSettings{Issuer: "https://securecart.okta.com"},
			},
		},
		Tokens: Tokens{Access: time.Hour, ID: time.Hour, Refresh: 7 * 24 * time.Hour},
		API: API{
			RateLimit: 50, BurstLimit: 100, OwnsAccountLogging: true,
			Guests: Throttle{Rate: 50, Burst: 100}, Preflights: Throttle{Rate: 50, Burst: 100},
		},
		Tables: Tables{MaxReads: 1000, MaxWrites: 200},
		// One developer's tests sign up many customers from one address.
		WebACL: WebACL{API: 2000, SignIn: 1000, SignUp: 200},
		Support: Support{
			Agents:          []string{"user/support-agent"},
			PrivacyOfficers: []string{"user/privacy-officer"},
		},
		Alarms: Alarms{
			SMSSpendUSD: 1, Thresholds: developmentThresholds(), Budget: Budget{MonthlyUSD: 60, ByTag: true},
		},
		Logs: Logs{RetentionDays: 7},
		// Nobody waits long to delete the stage.
		SecurityEvents: SecurityEvents{LockDays: 1},
		UserExports:    UserExports{LockDays: 1},
		Delivery: Delivery{
			Repository: "securecart/identity", OwnerID: "1", RepositoryID: "1", Ref: "refs/heads/main",
			Qualifier: "scdev",
		},
	}
}

// Own is a developer's own copy of Dev, to be added to Stages under a name such as "Jane" without a commit. It has no
// pipeline: the CLI's credentials deploy it, and decide its account. It reads Dev's secrets.
func Own(name string) Stage {
	s := dev()
	s.Name, s.Account, s.Delivery = name, "", Delivery{}
	s.Domain.Prefix = "securecart-" + strings.ToLower(name)
	// Without an account in the config no rule sees that another stage's budget would count the same costs.
	s.Alarms.Budget.ByTag = false
	return s
}

func staging() Stage {
	return Stage{
		Name:       "Staging",
		Purpose:    Rehearsal,
		Account:    DocumentationAccount,
		Region:     "eu-central-1",
		Protection: Protection{DeletionProtection: true},
		Web: Web{
			Origin:       "https://staging.securecart.example",
			CallbackURLs: []string{"https://staging.securecart.example/signed-in"},
			LogoutURLs:   []string{"https://staging.securecart.example/"},
		},
		Domain: Domain{Prefix: "securecart-staging"},
		Users: Users{
			Plan:           Essentials,
			MFA:            Required,
			SecondFactors:  []SecondFactor{TOTP},
			PasswordLength: 14,
		},
		Email: Email{
			From:        "accounts@staging.securecart.example",
			FromName:    "SecureCart (staging)",
			IdentityARN: "arn:aws:ses:eu-central-1:111122223333:identity/staging.securecart.example",
		},
		Providers: []Provider{
			{Kind: Google, ClientID: "securecart-staging.apps.googleusercontent.com", SecretName: "securecart/staging/google"},
			{Kind: Facebook, ClientID: "100000000000002", SecretName: "securecart/staging/facebook"},
		},
		Tokens: Tokens{Access: 30 * time.Minute, ID: 30 * time.Minute, Refresh: 24 * time.Hour},
		API: API{
			RateLimit: 100, BurstLimit: 200, OwnsAccountLogging: true,
			Guests: Throttle{Rate: 200, Burst: 400}, Preflights: Throttle{Rate: 100, Burst: 200},
		},
		Tables: Tables{MaxReads: 1000, MaxWrites: 200},
		WebACL: WebACL{API: 2000, SignIn: 500, SignUp: 50},
		Support: Support{
			Agents:          []string{"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_SecureCartSupport_0123456789abcdef"},
			PrivacyOfficers: []string{"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_SecureCartPrivacy_0123456789abcdef"},
		},
		Alarms: Alarms{
			Email: "operations@securecart.example", Thresholds: thresholds(),
			Budget: Budget{MonthlyUSD: 100, ByTag: true},
		},
		Logs:           Logs{RetentionDays: 90},
		SecurityEvents: SecurityEvents{LockDays: 90, Email: "security@securecart.example"},
		UserExports:    UserExports{LockDays: 7},
		Delivery: Delivery{
			Repository: "securecart/identity", OwnerID: "1", RepositoryID: "1", Ref: "refs/tags/v*",
			Qualifier: "scstaging", OwnsGitHubProvider: true,
		},
	}
}

func prod() Stage {
	return Stage{
		Name:       "Prod",
		Purpose:    Production,
		Account:    DocumentationAccount,
		Region:     "eu-central-1",
		Protection: Protection{Retain: true, DeletionProtection: true, TerminationProtection: true},
		Web: Web{
			Origin:       "https://www.securecart.example",
			CallbackURLs: []string{"https://www.securecart.example/signed-in"},
			LogoutURLs:   []string{"https://www.securecart.example/"},
		},
		Domain: Domain{
			Custom:         "auth.securecart.example",
			CertificateARN: "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
		},
		Users: Users{
			Plan:             Plus,
			MFA:              RiskBased,
			SecondFactors:    []SecondFactor{TOTP},
			ThreatProtection: Enforce,
			PasswordLength:   14,
		},
		Email: Email{
			From:        "accounts@securecart.example",
			FromName:    "SecureCart",
			IdentityARN: "arn:aws:ses:eu-central-1:111122223333:identity/securecart.example",
		},
		Providers: []Provider{
			{Kind: Google, ClientID: "securecart.apps.googleusercontent.com", SecretName: "securecart/prod/google"},
			{Kind: Facebook, ClientID: "100000000000003", SecretName: "securecart/prod/facebook"},
		},
		Tokens: Tokens{Access: 15 * time.Minute, ID: 15 * time.Minute, Refresh: 12 * time.Hour},
		API: API{
			RateLimit: 500, BurstLimit: 1000, OwnsAccountLogging: true,
			Guests: Throttle{Rate: 1000, Burst: 2000}, Preflights: Throttle{Rate: 500, Burst: 1000},
		},
		Tables: Tables{MaxReads: 8000, MaxWrites: 2000},
		WebACL: WebACL{API: 2000, SignIn: 500, SignUp: 50},
		Support: Support{
			Agents:          []string{"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_SecureCartSupport_0123456789abcdef"},
			PrivacyOfficers: []string{"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_SecureCartPrivacy_0123456789abcdef"},
		},
		Alarms: Alarms{
			Email: "operations@securecart.example", Pager: "pager@securecart.example",
			Thresholds: thresholds(), Budget: Budget{MonthlyUSD: 1000, ByTag: true},
		},
		Logs:           Logs{RetentionDays: 400, UserActivity: true},
		SecurityEvents: SecurityEvents{LockDays: 400, Email: "security@securecart.example"},
		UserExports:    UserExports{LockDays: 30},
		Delivery: Delivery{
			Repository: "securecart/identity", OwnerID: "1", RepositoryID: "1", Ref: "refs/tags/v*",
			Qualifier: "scprod",
		},
	}
}

// federation is Dev with a provider of every kind. No pipeline deploys it, and its account is the documentation's, so
// that nobody else does by mistake.
func federation() Stage {
	s := dev()
	s.Name, s.Domain.Prefix, s.Delivery = "Federation", "securecart-federation", Delivery{}
	s.Providers = []Provider{
		{Kind: Google, ClientID: "securecart.apps.googleusercontent.com", SecretName: "securecart/federation/google"},
		{
			Kind: Apple, ClientID: "example.securecart.web", SecretName: "securecart/federation/apple",
			Apple: AppleSettings{TeamID: "SECURECART", KeyID: "SIGNINKEY1"},
		},
		{Kind: Facebook, ClientID: "100000000000004", SecretName: "securecart/federation/facebook"},
		{Kind: Amazon, ClientID: "amzn1.application-oa2-client.securecart", SecretName: "securecart/federation/amazon"},
		{
			Kind: OIDC, Name: "Okta", ClientID: "0oa1securecart", SecretName: "securecart/federation/okta",
			OIDC: OIDCSettings{Issuer: "https://securecart.okta.com"},
		},
		{
			Kind: SAML, Name: "Partner", Label: "your company",
			SAML: SAMLSettings{MetadataURL: "https://idp.partner.example/metadata.xml"},
		},
	}
	return s
}
