package config

import (
	"testing"
	"time"
)

func TestRefusesStagesThatLoseOrExposeThings(t *testing.T) {
	for _, r := range []refusal{
		{"16 production without retention", prod(), func(s *Stage) { s.Protection.Retain = false },
			"Protection.Retain: must be true in Production (customers and orders would go with their stack), " +
				"got false; set it to true"},
		{"16 production without deletion protection", prod(), func(s *Stage) { s.Protection.DeletionProtection = false },
			"Protection.DeletionProtection: must be true in Production (one call could delete user pool or " +
				"tables), got false; set it to true"},
		{"16 production without termination protection", prod(),
			func(s *Stage) { s.Protection.TerminationProtection = false },
			"Protection.TerminationProtection: must be true in Production (one call could delete the " +
				"stacks), got false; set it to true"},
		{"16 production without account", prod(), func(s *Stage) { s.Account = "" },
			"Account: must be pinned where purpose is Production, got none; enter the stage's 12-digit account id"},
		{"16 rehearsal without account", staging(), func(s *Stage) { s.Account = "" },
			"Account: must be pinned where purpose is Rehearsal, got none; enter the stage's 12-digit account id"},
		{"16 production in disguise", prod(), func(s *Stage) { s.Purpose = Rehearsal },
			`Purpose: a stage named "Prod" must have purpose Production, got "Rehearsal"; ` +
				`set Purpose: Production or rename the stage`},
		{"codes sent by nobody knows whose SES", own(), func(s *Stage) { s.Email = prod().Email },
			"Account: must be pinned where SES sends (another account's identity could read every code), " +
				"got none; enter the identity's account id"},
		{"account that is not a number", staging(), func(s *Stage) { s.Account = "my-account" },
			`Account: must be 12 digits, got "my-account"; enter the stage's account id`},
		{"placeholder domains in a real account", own(), func(s *Stage) {
			s.Account, s.Web, s.Email = "123456789012", staging().Web, Email{From: "a@mail.securecart.example"}
		},
			`Web.Origin: a real account cannot serve the placeholder domain, ` +
				`got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`Web.CallbackURLs[0]: a real account cannot serve the placeholder domain, ` +
				`got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`Web.LogoutURLs[0]: a real account cannot serve the placeholder domain, ` +
				`got "staging.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`Email.From: a real account cannot serve the placeholder domain, ` +
				`got "a@mail.securecart.example" with account 123456789012; enter the shop's own` + "\n" +
				`Email.IdentityARN: SES needs a verified identity, got ""; ` +
				`enter its ARN or leave Email empty for Cognito's own sender`},
		{"identity of another account", staging(), func(s *Stage) {
			s.Email.IdentityARN = "arn:aws:ses:eu-central-1:999999999999:identity/staging.securecart.example"
		},
			`Email.IdentityARN: must belong to the stage's account 111122223333, ` +
				`got "arn:aws:ses:eu-central-1:999999999999:identity/staging.securecart.example"; enter the ARN of that account`},
		{"name that is no stack name", own(), func(s *Stage) { s.Name = "my stage" },
			`Name: must be 2 to 20 letters and digits beginning with a capital, got "my stage"; rename the stage`},
		{"unknown purpose", own(), func(s *Stage) { s.Purpose, s.Account = "Fun", DocumentationAccount },
			`Purpose: must be one of ["Development" "Rehearsal" "Production"], got "Fun"; choose one`},
		{"a region with a letter missing", own(), func(s *Stage) { s.Region = "eu-centrl-1" },
			`Region: must be an AWS Region such as "eu-central-1", got "eu-centrl-1"; enter the stage's Region`},
		{"a region of another partition", own(), func(s *Stage) { s.Region = "cn-north-1" },
			`Region: must be an AWS Region such as "eu-central-1", got "cn-north-1"; enter the stage's Region`},
		{"unknown region", own(), func(s *Stage) { s.Region = "Frankfurt" },
			`Region: must be an AWS Region such as "eu-central-1", got "Frankfurt"; enter the stage's Region`},
		{"no rate", own(), func(s *Stage) { s.API.RateLimit = 0 },
			"API.RateLimit: must be 1 to 10000 requests per second (the account's quota), got 0; set how much the stage takes"},
		{"burst below rate", own(), func(s *Stage) { s.API.BurstLimit = 49 },
			"API.BurstLimit: must be at least RateLimit (50), got 49; raise it"},
		{"guests without a limit", own(), func(s *Stage) { s.API.Guests = Throttle{} },
			"API.Guests.Rate: must be 1 to 10000 requests per second (the account's quota), got 0; " +
				"set how much the method takes"},
		{"guests who may take all of the account's quota", own(),
			func(s *Stage) { s.API.Guests = Throttle{Rate: 10000, Burst: 10000} },
			"API: RateLimit, Guests.Rate and Preflights.Rate must be at most 10000 requests per second " +
				"together (the account's quota), got 10100; lower one of them"},
		{"a method above the account's quota", own(), func(s *Stage) { s.API.Guests = Throttle{Rate: 10001, Burst: 10001} },
			"API: RateLimit, Guests.Rate and Preflights.Rate must be at most 10000 requests per second " +
				"together (the account's quota), got 10101; lower one of them\n" +
				"API.Guests.Rate: must be 1 to 10000 requests per second (the account's quota), got 10001; " +
				"set how much the method takes"},
		{"preflights with a burst below their rate", own(), func(s *Stage) { s.API.Preflights.Burst = 1 },
			"API.Preflights.Burst: must be at least Rate (50), got 1; raise it"},
		{"tables without a limit", own(), func(s *Stage) { s.Tables = Tables{MaxWrites: 40001} },
			"Tables.MaxReads: must be 1 to 40000 request units per second (a table's quota), got 0; " +
				"set how much a table may take\n" +
				"Tables.MaxWrites: must be 1 to 40000 request units per second (a table's quota), got 40001; " +
				"set how much a table may take"},
		{"support by a role that may have no MFA", own(), func(s *Stage) { s.Support.Agents = []string{"role/deployer"} },
			`Support.Agents[0]: must be "user/<name>" or "role/aws-reserved/sso.amazonaws.com/…AWSReservedSSO_…" of the ` +
				`stage's account, got "role/deployer"; enter one of them`},
		{"privacy for the whole account", own(), func(s *Stage) { s.Support.PrivacyOfficers = []string{"user/*"} },
			`Support.PrivacyOfficers[0]: must be "user/<name>" or "role/aws-reserved/sso.amazonaws.com/…AWSReservedSSO_…" ` +
				`of the stage's account, got "user/*"; enter one of them`},
		{"retention that CloudWatch lacks", own(), func(s *Stage) { s.Logs.RetentionDays = 8 },
			"Logs.RetentionDays: must be one of [1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 " +
				"2192 2557 2922 3288 3653], got 8; choose one"},
		{"short audit trail in production", prod(), func(s *Stage) { s.Logs.RetentionDays = 90 },
			"Logs.RetentionDays: must be at least 365 in Production (PCI DSS 4.0.1, 10.5.1), got 90; set 365 or more"},
		{"long access token", own(), func(s *Stage) { s.Tokens.Access = 2 * time.Hour },
			"Tokens.Access: must be 5 to 60 whole minutes, got 2h0m0s; set a lifetime in that range"},
		{"no ID token lifetime", own(), func(s *Stage) { s.Tokens.ID = 0 },
			"Tokens.ID: must be 5 to 60 whole minutes, got 0s; set a lifetime in that range"},
		{"refresh token that goes with its access token", own(), func(s *Stage) { s.Tokens.Refresh = time.Hour },
			"Tokens.Refresh: must be longer than Tokens.Access, at least 1h and at most 720h0m0s where " +
				"purpose is Development, in whole minutes, got 1h0m0s; set a lifetime in that range"},
		{"refresh token of a month in production", prod(), func(s *Stage) { s.Tokens.Refresh = 30 * 24 * time.Hour },
			"Tokens.Refresh: must be longer than Tokens.Access, at least 1h and at most 24h0m0s where " +
				"purpose is Production, in whole minutes, got 720h0m0s; set a lifetime in that range"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesLimitsThatAWSRefusesOrThatLimitNothing(t *testing.T) {
	for _, r := range []refusal{
		{"no limit for the API", own(), func(s *Stage) { s.WebACL.API = 0 },
			"WebACL.API: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), got 0; " +
				"set how many a customer may send"},
		{"a limit below WAF's", own(), func(s *Stage) { s.WebACL.SignUp = 9 },
			"WebACL.SignUp: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), " +
				"got 9; set how many a customer may send"},
		{"a limit above WAF's", own(), func(s *Stage) { s.WebACL.SignIn = 2_000_000_001 },
			"WebACL.SignIn: must be 10 to 2000000000 requests from one address in 5m0s (AWS WAF's range), " +
				"got 2000000001; set how many a customer may send"},
		{"a stricter limit that is none", own(), func(s *Stage) { s.WebACL.SignUp = 1000 },
			"WebACL.SignUp: must be less than SignIn (1000), which counts these requests too, got 1000; lower it"},
		{"one address may use up the stage", own(), func(s *Stage) { s.WebACL.API = 15001 },
			"WebACL.API: must be at most what the stage takes in 5m0s (15000), or one address could use up " +
				"all of it, got 15001; lower it or raise API.RateLimit"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesAlarmsThatNobodyHears(t *testing.T) {
	for _, r := range []refusal{
		{"no spending that alarms", own(), func(s *Stage) { s.Alarms.SMSSpendUSD = 0 },
			"Alarms.SMSSpendUSD: must be at least 1 US dollar a month where SMS are sent, got 0; " +
				"set what the account may spend before somebody looks"},
		{"nobody in a rehearsal", staging(), func(s *Stage) { s.Alarms.Email = "" },
			"Alarms.Email: an alarm must reach somebody where purpose is Rehearsal, got none; enter an address"},
		{"nobody in production", prod(), func(s *Stage) { s.Alarms.Email = "" },
			"Alarms.Email: an alarm must reach somebody where purpose is Production, got none; enter an address"},
		{"no address", own(), func(s *Stage) { s.Alarms.Email = "Operations <operations@shop.test>" },
			`Alarms.Email: must be an address, got "Operations <operations@shop.test>"; enter one`},
		{"a placeholder in a real account", own(),
			func(s *Stage) { s.Account, s.Alarms.Email = "123456789012", "operations@securecart.example" },
			`Alarms.Email: a real account cannot serve the placeholder domain, ` +
				`got "operations@securecart.example" with account 123456789012; enter the shop's own`},
	} {
		t.Run(r.name, r.check)
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

// own is a developer's own copy of Dev: without account and pipeline, so that a change breaks one rule only.
func own() Stage { return Own("Dev") }
