package config

import (
	"testing"
	"time"
)

func TestRefusesStagesThatLoseOrExposeThings(t *testing.T) {
	for _, r := range []refusal{
		{"16 production without retention", prod(), func(s *Stage) { s.Protection.Retain = false },
			"SecureCart-Prod: Protection.Retain: must be true in Production (customers and orders would go with their stack), got false; set it to true"},
		{"16 production without deletion protection", prod(), func(s *Stage) { s.Protection.DeletionProtection = false },
			"SecureCart-Prod: Protection.DeletionProtection: must be true in Production (one call could delete user pool or tables), got false; set it to true"},
		{"16 production without termination protection", prod(), func(s *Stage) { s.Protection.TerminationProtection = false },
			"SecureCart-Prod: Protection.TerminationProtection: must be true in Production (one call could delete the stacks), got false; set it to true"},
		{"16 production without account", prod(), func(s *Stage) { s.Account = "" },
			"SecureCart-Prod: Account: must be pinned where purpose is Production, got none; enter the stage's 12-digit account id"},
		{"16 rehearsal without account", staging(), func(s *Stage) { s.Account = "" },
			"SecureCart-Staging: Account: must be pinned where purpose is Rehearsal, got none; enter the stage's 12-digit account id"},
		{"16 production in disguise", prod(), func(s *Stage) { s.Purpose = Rehearsal },
			`SecureCart-Prod: Purpose: a stage named "Prod" must have purpose Production, got "Rehearsal"; set Purpose: Production or rename the stage`},
		{"codes sent by nobody knows whose SES", dev(), func(s *Stage) { s.Email = prod().Email },
			"SecureCart-Dev: Account: must be pinned where SES sends (another account's identity could read every code), got none; enter the identity's account id"},
		{"account that is none", staging(), func(s *Stage) { s.Account = "my-account" },
			`SecureCart-Staging: Account: must be 12 digits, got "my-account"; enter the stage's account id`},
		{"placeholder domains in a real account", dev(), func(s *Stage) {
			s.Account, s.Web, s.Email = "123456789012", staging().Web, Email{From: "a@mail.securecart.example"}
		},
			`SecureCart-Dev: Web.Origin: a real account cannot serve the placeholder domain, got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`SecureCart-Dev: Web.CallbackURLs[0]: a real account cannot serve the placeholder domain, got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`SecureCart-Dev: Web.LogoutURLs[0]: a real account cannot serve the placeholder domain, got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`SecureCart-Dev: Email.From: a real account cannot serve the placeholder domain, got "a@mail.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`SecureCart-Dev: Email.IdentityARN: SES needs a verified identity, got ""; enter its ARN or leave Email empty for Cognito's own sender`},
		{"identity of another account", staging(), func(s *Stage) {
			s.Email.IdentityARN = "arn:aws:ses:eu-central-1:999999999999:identity/staging.securecart.example"
		},
			`SecureCart-Staging: Email.IdentityARN: must belong to the stage's account 111122223333, got "arn:aws:ses:eu-central-1:999999999999:identity/staging.securecart.example"; enter the ARN of that account`},
		{"name that is no stack name", dev(), func(s *Stage) { s.Name = "my stage" },
			`SecureCart-my stage: Name: must be 2 to 20 letters and digits beginning with a capital, got "my stage"; rename the stage`},
		{"unknown purpose", dev(), func(s *Stage) { s.Purpose, s.Account = "Fun", DocumentationAccount },
			`SecureCart-Dev: Purpose: must be one of ["Development" "Rehearsal" "Production"], got "Fun"; choose one`},
		{"a region with a letter missing", dev(), func(s *Stage) { s.Region = "eu-centrl-1" },
			`SecureCart-Dev: Region: must be an AWS Region such as "eu-central-1", got "eu-centrl-1"; enter the stage's Region`},
		{"a region of another partition", dev(), func(s *Stage) { s.Region = "cn-north-1" },
			`SecureCart-Dev: Region: must be an AWS Region such as "eu-central-1", got "cn-north-1"; enter the stage's Region`},
		{"unknown region", dev(), func(s *Stage) { s.Region = "Frankfurt" },
			`SecureCart-Dev: Region: must be an AWS Region such as "eu-central-1", got "Frankfurt"; enter the stage's Region`},
		{"no rate", dev(), func(s *Stage) { s.API.RateLimit = 0 },
			"SecureCart-Dev: API.RateLimit: must be 1 to 10000 requests per second (the account's quota), got 0; set how much the stage takes"},
		{"burst below rate", dev(), func(s *Stage) { s.API.BurstLimit = 49 },
			"SecureCart-Dev: API.BurstLimit: must be at least RateLimit (50), got 49; raise it"},
		{"guests without a limit", dev(), func(s *Stage) { s.API.Guests = Throttle{} },
			"SecureCart-Dev: API.Guests.Rate: must be 1 to 10000 requests per second (the account's quota), got 0; set how much the method takes"},
		{"guests who may take all of the account's quota", dev(), func(s *Stage) { s.API.Guests = Throttle{Rate: 10000, Burst: 10000} },
			"SecureCart-Dev: API: RateLimit, Guests.Rate and Preflights.Rate must be at most 10000 requests per second together (the account's " +
				"quota), got 10100; lower one of them"},
		{"a method above the account's quota", dev(), func(s *Stage) { s.API.Guests = Throttle{Rate: 10001, Burst: 10001} },
			"SecureCart-Dev: API: RateLimit, Guests.Rate and Preflights.Rate must be at most 10000 requests per second together (the account's " +
				"quota), got 10101; lower one of them\n" +
				"SecureCart-Dev: API.Guests.Rate: must be 1 to 10000 requests per second (the account's quota), got 10001; set how much the method takes"},
		{"preflights with a burst below their rate", dev(), func(s *Stage) { s.API.Preflights.Burst = 1 },
			"SecureCart-Dev: API.Preflights.Burst: must be at least Rate (50), got 1; raise it"},
		{"tables without a limit", dev(), func(s *Stage) { s.Tables = Tables{MaxWrites: 40001} },
			"SecureCart-Dev: Tables.MaxReads: must be 1 to 40000 request units per second (a table's quota), got 0; set how much a table may take\n" +
				"SecureCart-Dev: Tables.MaxWrites: must be 1 to 40000 request units per second (a table's quota), got 40001; set how much a table may take"},
		{"support by a role that may have no MFA", dev(), func(s *Stage) { s.Support.Agents = []string{"role/deployer"} },
			`SecureCart-Dev: Support.Agents[0]: must be "user/<name>" or "role/aws-reserved/sso.amazonaws.com/…AWSReservedSSO_…" of the stage's account, got "role/deployer"; enter one of them`},
		{"privacy for the whole account", dev(), func(s *Stage) { s.Support.PrivacyOfficers = []string{"user/*"} },
			`SecureCart-Dev: Support.PrivacyOfficers[0]: must be "user/<name>" or "role/aws-reserved/sso.amazonaws.com/…AWSReservedSSO_…" of the stage's account, got "user/*"; enter one of them`},
		{"retention that CloudWatch lacks", dev(), func(s *Stage) { s.Logs.RetentionDays = 8 },
			"SecureCart-Dev: Logs.RetentionDays: must be one of [1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653], got 8; choose one"},
		{"short audit trail in production", prod(), func(s *Stage) { s.Logs.RetentionDays = 90 },
			"SecureCart-Prod: Logs.RetentionDays: must be at least 365 in Production (PCI DSS 4.0.1, 10.5.1), got 90; set 365 or more"},
		{"long access token", dev(), func(s *Stage) { s.Tokens.Access = 2 * time.Hour },
			"SecureCart-Dev: Tokens.Access: must be 5 to 60 whole minutes, got 2h0m0s; set a lifetime in that range"},
		{"no ID token lifetime", dev(), func(s *Stage) { s.Tokens.ID = 0 },
			"SecureCart-Dev: Tokens.ID: must be 5 to 60 whole minutes, got 0s; set a lifetime in that range"},
		{"refresh token that goes with its access token", dev(), func(s *Stage) { s.Tokens.Refresh = time.Hour },
			"SecureCart-Dev: Tokens.Refresh: must be longer than Tokens.Access, at least 1h and at most 720h0m0s where purpose is Development, in whole minutes, got 1h0m0s; set a lifetime in that range"},
		{"refresh token of a month in production", prod(), func(s *Stage) { s.Tokens.Refresh = 30 * 24 * time.Hour },
			"SecureCart-Prod: Tokens.Refresh: must be longer than Tokens.Access, at least 1h and at most 24h0m0s where purpose is Production, in whole minutes, got 720h0m0s; set a lifetime in that range"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesLimitsThatAWSRefusesOrThatLimitNothing(t *testing.T) {
	for _, r := range []refusal{
		{"no limit for the API", dev(), func(s *Stage) { s.WebACL.API = 0 },
			"SecureCart-Dev: WebACL.API: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), got 0; set how many a customer may send"},
		{"a limit below WAF's", dev(), func(s *Stage) { s.WebACL.SignUp = 9 },
			"SecureCart-Dev: WebACL.SignUp: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), got 9; set how many a customer may send"},
		{"a limit above WAF's", dev(), func(s *Stage) { s.WebACL.SignIn = 2_000_000_001 },
			"SecureCart-Dev: WebACL.SignIn: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), got 2000000001; set how many a customer may send"},
		{"a stricter limit that is none", dev(), func(s *Stage) { s.WebACL.SignUp = 1000 },
			"SecureCart-Dev: WebACL.SignUp: must be less than SignIn (1000), which counts these requests too, got 1000; lower it"},
		{"one address may use up the stage", dev(), func(s *Stage) { s.WebACL.API = 15001 },
			"SecureCart-Dev: WebACL.API: must be at most what the stage takes in 5m0s (15000), or one address could use up all of it, got 15001; lower it or raise API.RateLimit"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesAlarmsThatNobodyHears(t *testing.T) {
	for _, r := range []refusal{
		{"no spending that alarms", dev(), func(s *Stage) { s.Alarms.SMSSpendUSD = 0 },
			"SecureCart-Dev: Alarms.SMSSpendUSD: must be at least 1 US dollar a month where SMS are sent, got 0; set what the account may spend before somebody looks"},
		{"nobody in a rehearsal", staging(), func(s *Stage) { s.Alarms.Email = "" },
			"SecureCart-Staging: Alarms.Email: an alarm must reach somebody where purpose is Rehearsal, got none; enter an address"},
		{"nobody in production", prod(), func(s *Stage) { s.Alarms.Email = "" },
			"SecureCart-Prod: Alarms.Email: an alarm must reach somebody where purpose is Production, got none; enter an address"},
		{"no address", dev(), func(s *Stage) { s.Alarms.Email = "Operations <operations@shop.test>" },
			`SecureCart-Dev: Alarms.Email: must be an address, got "Operations <operations@shop.test>"; enter one`},
		{"a placeholder in a real account", dev(), func(s *Stage) { s.Account, s.Alarms.Email = "123456789012", "operations@securecart.example" },
			`SecureCart-Dev: Alarms.Email: a real account cannot serve the placeholder domain, got "operations@securecart.example" with account 123456789012; enter the shop's own`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestAStageReturnsToThisMachineIfAnyOfItsPagesIsThere(t *testing.T) {
	const local, shop = "http://localhost:5173/", "https://www.shop.test/"
	for _, c := range []struct {
		callbacks, logouts []string
		want               bool
	}{
		{[]string{shop}, []string{shop}, false},
		{[]string{shop, local}, []string{shop}, true},
		{[]string{shop}, []string{local}, true},
		{[]string{"https://127.0.0.1/in"}, []string{shop}, true},
		{[]string{"https://localhost.shop.test/"}, []string{shop}, false},
	} {
		if got := (Web{Origin: local, CallbackURLs: c.callbacks, LogoutURLs: c.logouts}).ReturnsToThisMachine(); got != c.want {
			t.Errorf("callbacks %v, logouts %v: got %v, want %v", c.callbacks, c.logouts, got, c.want)
		}
	}
}

func TestAStageSendsSMSIfAnyFactorIsOne(t *testing.T) {
	for _, c := range []struct {
		users Users
		want  bool
	}{
		{Users{}, false},
		{Users{SecondFactors: []SecondFactor{TOTP}, FirstFactors: []FirstFactor{EmailOTP, Passkey}}, false},
		{Users{SecondFactors: []SecondFactor{TOTP, SMS}}, true},
		{Users{FirstFactors: []FirstFactor{SMSOTP}}, true},
	} {
		if got := c.users.SendsSMS(); got != c.want {
			t.Errorf("%+v: got %v, want %v", c.users, got, c.want)
		}
	}
}

func TestRefusesAddressesThatLeakCodesOrFailAtDeploy(t *testing.T) {
	callback := func(url string) func(*Stage) { return func(s *Stage) { s.Web.CallbackURLs = []string{url} } }
	for _, r := range []refusal{
		{"11 http", dev(), callback("http://shop.test/in"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must use https (http only for localhost), got "http://shop.test/in"; write "https://shop.test/in"`},
		{"11 http localhost in production", prod(), callback("http://localhost:5173/in"),
			`SecureCart-Prod: Web.CallbackURLs[0]: must not lead to the customer's own machine in Production, got "http://localhost:5173/in"; enter the shop's https URL`},
		{"11 loopback in production", prod(), callback("https://127.0.0.1/in"),
			`SecureCart-Prod: Web.CallbackURLs[0]: must not lead to the customer's own machine in Production, got "https://127.0.0.1/in"; enter the shop's https URL`},
		{"11 origin that browsers write otherwise", dev(), func(s *Stage) { s.Web.Origin = "https://Shop.test" },
			`SecureCart-Dev: Web.Origin: must be scheme, host and port only, in lower case, got "https://Shop.test"; write "https://shop.test"`},
		{"11 wildcard", dev(), callback("https://*.shop.test/in"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must not hold a wildcard, got "https://*.shop.test/in"; list each URL`},
		{"11 example.com", dev(), callback("https://shop.example.com/in"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must not be example.com, which is not ours, got "https://shop.example.com/in"; enter the shop's own host`},
		{"11 credentials", dev(), callback("https://me@shop.test/in"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must hold neither credentials nor a fragment, got "https://me@shop.test/in"; remove them`},
		{"11 fragment", dev(), func(s *Stage) { s.Web.LogoutURLs = []string{"https://shop.test/#out"} },
			`SecureCart-Dev: Web.LogoutURLs[0]: must hold neither credentials nor a fragment, got "https://shop.test/#out"; remove them`},
		{"11 no URL", dev(), callback("signed-in"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must be an absolute URL, got "signed-in"; write https://host/path`},
		{"11 another host", prod(), func(s *Stage) { s.Web.CallbackURLs = append(s.Web.CallbackURLs, "https://preview.shop.test/signed-in") },
			`SecureCart-Prod: Web.CallbackURLs[1]: must be a page of the front end at Web.Origin "https://www.securecart.example" (codes are sent there), got "https://preview.shop.test/signed-in"; remove it`},
		{"11 another port", dev(), func(s *Stage) { s.Web.LogoutURLs = []string{"http://localhost:3000/"} },
			`SecureCart-Dev: Web.LogoutURLs[0]: must be a page of the front end at Web.Origin "http://localhost:5173" (codes are sent there), got "http://localhost:3000/"; remove it`},
		{"11 query", dev(), callback("http://localhost:5173/go?to=elsewhere"),
			`SecureCart-Dev: Web.CallbackURLs[0]: must hold no query, got "http://localhost:5173/go?to=elsewhere"; write "http://localhost:5173/go"`},
		{"11 none", dev(), func(s *Stage) { s.Web.LogoutURLs = nil },
			"SecureCart-Dev: Web.LogoutURLs: must name at least one URL, got none; enter the front end's"},
		{"11 origin with path", dev(), func(s *Stage) { s.Web.Origin = "https://shop.test/" },
			`SecureCart-Dev: Web.Origin: must be scheme, host and port only, in lower case, got "https://shop.test/"; write "https://shop.test"`},
		{"11 origin that does not parse", dev(), func(s *Stage) { s.Account, s.Web.Origin = "123456789012", "https://[shop" },
			`SecureCart-Dev: Web.Origin: must be an absolute URL, got "https://[shop"; write https://host/path`},
		{"13 custom domain without certificate", prod(), func(s *Stage) { s.Domain.CertificateARN = "" },
			`SecureCart-Prod: Domain.CertificateARN: a custom domain needs an ACM certificate in us-east-1, got ""; enter the certificate's ARN or use Prefix`},
		{"13 certificate of another region", prod(), func(s *Stage) {
			s.Domain.CertificateARN = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
		},
			`SecureCart-Prod: Domain.CertificateARN: a custom domain needs an ACM certificate in us-east-1, got "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"; enter the certificate's ARN or use Prefix`},
		{"13 certificate without custom domain", dev(), func(s *Stage) { s.Domain.CertificateARN = "arn:aws:acm:us-east-1:1:certificate/1" },
			`SecureCart-Dev: Domain.CertificateARN: belongs to a custom domain, got "arn:aws:acm:us-east-1:1:certificate/1" without Custom; set Custom or remove it`},
		{"13 malformed prefix", dev(), func(s *Stage) { s.Domain.Prefix = "-Shop" },
			`SecureCart-Dev: Domain.Prefix: must be 1 to 63 of a-z, 0-9 and inner hyphens, got "-Shop"; choose another`},
		{"13 reserved word", dev(), func(s *Stage) { s.Domain.Prefix = "my-cognito-shop" },
			`SecureCart-Dev: Domain.Prefix: must not contain "cognito", got "my-cognito-shop"; choose another`},
		{"13 apex as custom domain", prod(), func(s *Stage) { s.Domain.Custom = "securecart" },
			`SecureCart-Prod: Domain.Custom: must be a subdomain such as "auth.securecart.example", got "securecart"; enter one`},
		{"13 no domain", dev(), func(s *Stage) { s.Domain = Domain{} },
			`SecureCart-Dev: Domain: must have exactly one of Prefix and Custom, got Prefix "" and Custom ""; set one`},
		{"13 two domains", prod(), func(s *Stage) { s.Domain.Prefix = "securecart" },
			`SecureCart-Prod: Domain: must have exactly one of Prefix and Custom, got Prefix "securecart" and Custom "auth.securecart.example"; set one`},
		{"6 identity in a Region out of reach", staging(), func(s *Stage) {
			s.Email.IdentityARN = "arn:aws:ses:eu-north-1:111122223333:identity/staging.securecart.example"
		},
			`SecureCart-Staging: Email.IdentityARN: must be in the stage's Region (eu-central-1) or one of [us-east-1 us-west-2 eu-west-1], got "arn:aws:ses:eu-north-1:111122223333:identity/staging.securecart.example"; verify the identity there`},
		{"6 sender of another identity", staging(), func(s *Stage) { s.Email.From = "accounts@other.securecart.example" },
			`SecureCart-Staging: Email.From: must be an address of the verified identity staging.securecart.example, got "accounts@other.securecart.example"; enter one`},
		{"header injection in the sender's name", staging(), func(s *Stage) { s.Email.FromName = "Shop\r\nBcc: x" },
			`SecureCart-Staging: Email.FromName: must hold no quotes, backslashes, angle brackets or line breaks, got "Shop\r\nBcc: x"; remove them`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestAnOriginIsOneThatNobodyOnTheWayCanPoseAs(t *testing.T) {
	for text, want := range map[string]bool{
		"https://shop.test": true, "https://shop.test:8443": true, "http://localhost:5173": true,
		"": false, "*": false, "null": false, "https://": false, "https://*.shop.test": false, "http://shop.test": false,
		"https://shop.test/": false, "https://Shop.test": false, "https://[shop": false,
	} {
		if got := IsOrigin(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestRefusesProvidersThatCannotWorkOrCannotBeTrusted(t *testing.T) {
	with := func(p Provider) func(*Stage) { return func(s *Stage) { s.Providers = []Provider{p} } }
	okta := Provider{Kind: OIDC, Name: "Okta", ClientID: "0oa1", SecretName: "okta", Issuer: "https://securecart.okta.com"}
	noIssuer, localIssuer, badName, badVersion := okta, okta, okta, okta
	localIssuer.Issuer = "http://localhost:9000"
	noIssuer.Issuer, badName.Name, badVersion.SecretVersion = "http://okta.test", "Google", "v2"
	for _, r := range []refusal{
		{"12 no secret", dev(), with(Provider{Kind: Google, ClientID: "id"}),
			`SecureCart-Dev: Providers[0].SecretName: Google needs the name of its secret in Secrets Manager, got ""; create the secret and enter its name`},
		{"12 the secret instead of its name", dev(), with(Provider{Kind: Google, ClientID: "id", SecretName: "GOCSPX-" + "0123456789abcdef"}),
			`SecureCart-Dev: Providers[0].SecretName: must be the name of the secret and never the secret itself, got "GOCS…"; revoke that secret at Google, store a new one in Secrets Manager and enter its name`},
		{"no client id", dev(), with(Provider{Kind: Facebook, SecretName: "facebook"}),
			`SecureCart-Dev: Providers[0].ClientID: Facebook needs the client id of the shop's application, got ""; enter it`},
		{"a client id that a page shortened", dev(), with(Provider{Kind: Google, ClientID: "1234…apps.googleusercontent.com", SecretName: "google"}),
			`SecureCart-Dev: Providers[0].ClientID: must be the whole client id, got the shortened "1234…apps.googleusercontent.com"; copy all of it`},
		{"a client id that a person shortened", dev(), with(Provider{Kind: Facebook, ClientID: "1000...1", SecretName: "facebook"}),
			`SecureCart-Dev: Providers[0].ClientID: must be the whole client id, got the shortened "1000...1"; copy all of it`},
		{"unknown kind", dev(), with(Provider{Kind: "Myspace"}),
			`SecureCart-Dev: Providers[0].Kind: must be one of ["Google" "Facebook" "OIDC" "SAML"], got "Myspace"; choose one`},
		{"a name for Google", dev(), with(Provider{Kind: Google, Name: "G", ClientID: "id", SecretName: "google"}),
			`SecureCart-Dev: Providers[0].Name: Google is named by Cognito, got "G"; remove Name`},
		{"a reserved name", dev(), with(badName),
			`SecureCart-Dev: Providers[0].Name: must be 3 to 32 letters, digits and hyphens and none of ["COGNITO" "Google" "Facebook" "LoginWithAmazon" "SignInWithApple"], got "Google"; name the provider`},
		{"a version that is none", dev(), with(badVersion),
			`SecureCart-Dev: Providers[0].SecretVersion: must be a version id of 32 to 64 letters, digits and hyphens, got "v2"; enter the VersionId that put-secret-value printed`},
		{"issuer without https", dev(), with(noIssuer),
			`SecureCart-Dev: Providers[0].Issuer: must use https (http only for localhost), got "http://okta.test"; write "https://okta.test"`},
		{"issuer on one's own machine without https", dev(), with(localIssuer),
			`SecureCart-Dev: Providers[0].Issuer: must use https, got "http://localhost:9000"; enter the provider's https URL`},
		{"issuer of a SAML provider", dev(), with(Provider{Kind: SAML, Name: "Partner", MetadataURL: "https://idp.test/m", Issuer: "https://idp.test"}),
			`SecureCart-Dev: Providers[0].Issuer: does not belong to SAML, got "https://idp.test"; remove it`},
		{"secret of a SAML provider", dev(), with(Provider{Kind: SAML, Name: "Partner", MetadataURL: "https://idp.test/m", SecretName: "partner"}),
			`SecureCart-Dev: Providers[0]: SAML has neither client id nor secret, got ClientID "" and SecretName "partner"; remove them`},
		{"one provider twice", dev(), func(s *Stage) { s.Providers = append(s.Providers, s.Providers[0]) },
			`SecureCart-Dev: Providers[2]: must differ from the providers before it, got "Google" twice; remove or rename one`},
	} {
		t.Run(r.name, r.check)
	}
}
