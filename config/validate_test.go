package config

import (
	"strings"
	"testing"
	"time"
)

func TestCommittedStagesKeepEveryRule(t *testing.T) {
	if err := Validate(LocalStages()); err != nil {
		t.Errorf("the committed stages must synthesize:\n%v", err)
	}
}

// optional is a stage that keeps every rule and uses every optional setting.
func optional() Stage {
	s := prod()
	s.Users.MFA = Optional
	s.Users.SecondFactors = []SecondFactor{TOTP, SMS}
	s.Alarms.SMSSpendUSD = 100
	s.Users.RequireACR = true
	s.Users.FirstFactors = []FirstFactor{EmailOTP, SMSOTP, Passkey}
	s.Users.Passkeys = PossessionOnly
	s.Providers = append(
		s.Providers,
		Provider{
			Kind:       OIDC,
			Name:       "Okta",
			ClientID:   "0oa1",
			SecretName: "securecart/prod/okta",
			OIDC:       OIDCSettings{Issuer: "https://securecart.okta.com"},
		},
		Provider{Kind: SAML, Name: "Partner", SAML: SAMLSettings{MetadataURL: "https://idp.partner.example/metadata.xml"}},
	)
	return s
}

func TestStageMayOfferEverythingAtOnce(t *testing.T) {
	if err := optional().Validate(); err != nil {
		t.Errorf("every optional setting together must be allowed:\n%v", err)
	}
}

// refusal is one change that breaks a stage, and the lines that it must give, each after the stage's id. The number
// refers to doc.go.
type refusal struct {
	name  string
	stage Stage
	spoil func(*Stage)
	want  string
}

func (r refusal) check(t *testing.T) {
	t.Helper()
	s := r.stage
	s.Providers = append([]Provider(nil), s.Providers...)
	r.spoil(&s)
	err := s.Validate()
	if err == nil {
		t.Fatalf("accepted, want: %s", r.want)
	}
	id := s.ID() + ": "
	if got, want := err.Error(), id+strings.ReplaceAll(r.want, "\n", "\n"+id); got != want {
		t.Errorf("message differs\n got: %s\nwant: %s", got, want)
	}
}

func TestRefusesUserSettingsThatAWSRefusesAtDeploy(t *testing.T) {
	for _, r := range []refusal{
		{"1 MFA required with e-mail code", staging(), func(s *Stage) { s.Users.FirstFactors = []FirstFactor{EmailOTP} },
			"Users.FirstFactors: a one-time code as first factor cannot be combined with MFA Required, " +
				"got EmailOTP; remove it or set MFA: Optional"},
		{"1 MFA required with SMS code", staging(), func(s *Stage) {
			s.Users.FirstFactors, s.Users.SecondFactors = []FirstFactor{SMSOTP}, []SecondFactor{TOTP, SMS}
			s.Alarms.SMSSpendUSD = 1
		},
			"Users.FirstFactors: a one-time code as first factor cannot be combined with MFA Required, " +
				"got SMSOTP; remove it or set MFA: Optional"},
		{"1 code by SMS as first factor only", own(), func(s *Stage) {
			s.Users.FirstFactors, s.Users.SecondFactors = []FirstFactor{SMSOTP}, []SecondFactor{TOTP}
		},
			"Users.FirstFactors: codes by SMS as first factor need SMS among SecondFactors (Cognito refuses " +
				"one without the other), got SMSOTP with [TOTP]; add SMS to SecondFactors or remove SMSOTP"},
		{"2 MFA required with weak passkeys", staging(),
			func(s *Stage) { s.Users.FirstFactors, s.Users.Passkeys = []FirstFactor{Passkey}, PossessionOnly },
			"Users.Passkeys: MFA Required needs passkeys that verify their user, got PossessionOnly; " +
				"set Passkeys: UserVerified or MFA: Optional"},
		{"2 passkeys without their strength", own(), func(s *Stage) { s.Users.FirstFactors = []FirstFactor{Passkey} },
			`Users.Passkeys: must be one of ["PossessionOnly" "UserVerified"], got ""; choose one`},
		{"2 passkey strength without passkeys", own(), func(s *Stage) { s.Users.Passkeys = UserVerified },
			"Users.Passkeys: belongs to the first factor Passkey, got UserVerified without it; " +
				"add Passkey to FirstFactors or remove Passkeys"},
		{"3 threat protection without Plus", own(), func(s *Stage) { s.Users.ThreatProtection = Audit },
			"Users.ThreatProtection: threat protection needs feature plan Plus, got Audit with Essentials; " +
				"set Plan: Plus or remove ThreatProtection"},
		{"3 risk-based MFA without Plus", prod(),
			func(s *Stage) { s.Users.Plan, s.Users.ThreatProtection, s.Logs.UserActivity = Essentials, "", false },
			"Users.MFA: risk-based MFA needs feature plan Plus, got Essentials; " +
				"set Plan: Plus or MFA: Required\n" +
				`Users.ThreatProtection: risk-based MFA needs threat protection Enforce, got ""; ` +
				`set ThreatProtection: Enforce or MFA: Required`},
		{"3 user-activity log without Plus", own(), func(s *Stage) { s.Logs.UserActivity = true },
			"Logs.UserActivity: the user-activity log needs feature plan Plus, got Essentials; " +
				"set Plan: Plus or UserActivity: false"},
		{"3 user-activity log that nothing writes", optional(), func(s *Stage) { s.Users.ThreatProtection = "" },
			"Logs.UserActivity: user activity is only logged while threat protection watches it, got none; " +
				"set ThreatProtection: Audit or Enforce, or UserActivity: false"},
		{"3 risk-based MFA that nothing enforces", prod(), func(s *Stage) { s.Users.ThreatProtection = Audit },
			`Users.ThreatProtection: risk-based MFA needs threat protection Enforce, got "Audit"; ` +
				`set ThreatProtection: Enforce or MFA: Required`},
		{"3 risk-based MFA without SES", prod(), func(s *Stage) { s.Email = Email{} },
			"Email: risk-based MFA notifies customers through SES, got Cognito's own sender; " +
				"set Email.From and Email.IdentityARN or MFA: Required"},
		{"4 plan Lite", own(), func(s *Stage) { s.Users.Plan = "Lite" },
			`Users.Plan: must be one of ["Essentials" "Plus"], got "Lite"; choose one`},
		{"5 e-mail for recovery and as factor", own(),
			func(s *Stage) { s.Users.SecondFactors = []SecondFactor{TOTP, "EmailCode"} },
			`Users.SecondFactors: must be one of ["TOTP" "SMS"], got "EmailCode"; choose one`},
		{"6 e-mail codes without SES", own(), func(s *Stage) { s.Users.FirstFactors = []FirstFactor{EmailOTP} },
			"Users.FirstFactors: one-time codes by e-mail need SES, got EmailOTP with Cognito's own sender; " +
				"set Email.From and Email.IdentityARN or remove EmailOTP"},
		{"6 SES without identity", staging(), func(s *Stage) { s.Email.IdentityARN = "" },
			`Email.IdentityARN: SES needs a verified identity, got ""; ` +
				`enter its ARN or leave Email empty for Cognito's own sender`},
		{"6 SES without sender", staging(), func(s *Stage) { s.Email.From = "" },
			`Email.From: SES needs a sender's address, got ""; ` +
				`enter one of the verified identity or leave Email empty for Cognito's own sender`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesUserSettingsThatContradictThemselves(t *testing.T) {
	for _, r := range []refusal{
		{"unknown MFA", own(), func(s *Stage) { s.Users.MFA = "Maybe" },
			`Users.MFA: must be one of ["Off" "Optional" "Required" "RiskBased"], got "Maybe"; choose one`},
		{"unknown threat protection", optional(), func(s *Stage) { s.Users.ThreatProtection = "On" },
			`Users.ThreatProtection: must be one of ["Audit" "Enforce"], got "On"; choose one`},
		{"unknown first factor", own(), func(s *Stage) { s.Users.FirstFactors = []FirstFactor{"Pigeon"} },
			`Users.FirstFactors: must be one of ["EmailOTP" "SMSOTP" "Passkey"], got "Pigeon"; choose one`},
		{"production without MFA", optional(), func(s *Stage) {
			s.Users.MFA, s.Users.SecondFactors, s.Users.FirstFactors, s.Users.Passkeys = Off, nil, nil, ""
		},
			"Users.RequireACR: needs a second factor, got true with MFA Off; " +
				"set MFA: Optional or RequireACR: false\n" +
				"Users.MFA: Production must offer a second factor, got Off; " +
				"set MFA: Optional, Required or RiskBased"},
		{"factors without MFA", own(), func(s *Stage) { s.Users.MFA = Off },
			"Users.SecondFactors: must be empty with MFA Off, got [TOTP SMS]; remove them or set MFA: Optional"},
		{"MFA without factors", own(), func(s *Stage) { s.Users.SecondFactors = nil },
			"Users.SecondFactors: MFA Optional needs a second factor, got none; set SecondFactors: TOTP, SMS or both"},
		{"a factor twice", own(), func(s *Stage) { s.Users.SecondFactors = []SecondFactor{SMS, TOTP, SMS} },
			"Users.SecondFactors: must name each factor once, got [SMS TOTP SMS]; remove the repetition"},
		{"a first factor twice", optional(), func(s *Stage) { s.Users.FirstFactors = []FirstFactor{Passkey, Passkey} },
			"Users.FirstFactors: must name each factor once, got [Passkey Passkey]; remove the repetition"},
		{"short password", own(), func(s *Stage) { s.Users.PasswordLength = 8 },
			"Users.PasswordLength: must be 12 (PCI DSS 4.0.1, 8.3.6) to 99, got 8; set a length in that range"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestReportsEveryProblemOfEveryStageAtOnce(t *testing.T) {
	d, p := own(), prod()
	d.Region = ""
	d.Users.PasswordLength = 6
	p.Protection.Retain = false
	p.Tokens.Refresh = 90 * 24 * time.Hour
	err := Validate([]Stage{d, p})
	if err == nil {
		t.Fatal("accepted four problems")
	}
	want := []string{
		`SecureCart-Dev: Region: must be an AWS Region such as "eu-central-1", got ""; enter the stage's Region`,
		"SecureCart-Dev: Users.PasswordLength: must be 12 (PCI DSS 4.0.1, 8.3.6) to 99, got 6; set a length in that range",
		"SecureCart-Prod: Protection.Retain: must be true in Production (customers and orders would go with their stack), " +
			"got false; set it to true",
		"SecureCart-Prod: Tokens.Refresh: must be longer than Tokens.Access, at least 1h and at most 24h0m0s where purpose " +
			"is Production, in whole minutes, got 2160h0m0s; set a lifetime in that range",
	}
	if got := strings.Split(err.Error(), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("messages differ\n got: %s\nwant: %s", strings.Join(got, "\n      "), strings.Join(want, "\n      "))
	}
}

func TestRefusesStagesThatCollide(t *testing.T) {
	real := func(name string) Stage {
		s := own()
		s.Name, s.Account, s.Domain.Prefix = name, "123456789012", "securecart-"+strings.ToLower(name)
		s.Alarms.Budget.ByTag = true
		return s
	}
	a, b := real("One"), real("Two")
	sameDomain, sameName := b, a
	sameDomain.Domain, sameDomain.API.OwnsAccountLogging = a.Domain, false
	sameName.Domain.Prefix, sameName.API.OwnsAccountLogging = "securecart-other", false
	for _, c := range []struct {
		name   string
		stages []Stage
		want   string
	}{
		{"none", nil, "config: no stage; add one to Stages in config/stages.go"},
		{"two owners of one setting", []Stage{a, b},
			"SecureCart-Two: API.OwnsAccountLogging: the API Gateway logging role exists once per account and Region, " +
				"got a second owner for 123456789012/eu-central-1 (also SecureCart-One); set it to false in one of them"},
		{"one domain twice", []Stage{a, sameDomain},
			`SecureCart-Two: Domain: domains must differ, ` +
				`got "securecart-one in eu-central-1" twice (also in SecureCart-One); choose another`},
		{"one name twice", []Stage{a, sameName},
			`SecureCart-One: Name: stage names must differ, got "One" twice (also in SecureCart-One); rename one`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Validate(c.stages)
			if err == nil || err.Error() != c.want {
				t.Errorf("message differs\n got: %v\nwant: %s", err, c.want)
			}
		})
	}
}

func TestAStageIsChosenByItsName(t *testing.T) {
	chosen, err := Choose(Stages(), "Staging")
	if err != nil || len(chosen) != 1 || chosen[0].Name != "Staging" {
		t.Errorf("got %d stages, %v; want Staging alone", len(chosen), err)
	}
	if all, err := Choose(Stages(), ""); err != nil || len(all) != len(Stages()) {
		t.Errorf("got %d stages, %v; want all", len(all), err)
	}
	const want = `stage "staging" does not exist; choose one of Prod, Dev`
	if _, err := Choose([]Stage{prod(), own()}, "staging"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	const twice = `2 stages have the name "Prod"; rename one in config/stages.go`
	if _, err := Choose([]Stage{prod(), Own("Prod")}, "Prod"); err == nil || err.Error() != twice {
		t.Errorf("got %v, want %s", err, twice)
	}
}
