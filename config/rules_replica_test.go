package config

import (
	"strings"
	"testing"
)

// replicated is Staging with a replica.
func replicated() Stage {
	s := staging()
	s.Users.SecondFactors = []SecondFactor{TOTP, SMS}
	s.Alarms.SMSSpendUSD = 1
	s.Replica = "eu-west-1"
	return s
}

func TestEveryStageWithAnAccountMayHaveAReplica(t *testing.T) {
	for _, s := range []Stage{replicated(), optional(), prod()} {
		s.Replica = "eu-west-1"
		if err := s.Validate(); err != nil {
			t.Errorf("a replica of %s must be allowed:\n%v", s.Name, err)
		}
	}
}

func TestRefusesReplicasThatCognitoDoesNotOfferOrThatAdmitNobody(t *testing.T) {
	among := strings.Join(replicates, ", ")
	for _, r := range []refusal{
		{"no Region", replicated(), func(s *Stage) { s.Replica = "Ireland" },
			`SecureCart-Staging: Replica: must be an AWS Region such as "eu-west-1", got "Ireland"; enter the replica's Region`},
		{"a Region of another partition", replicated(), func(s *Stage) { s.Replica = "cn-north-1" },
			`SecureCart-Staging: Replica: must be an AWS Region such as "eu-west-1", got "cn-north-1"; ` +
				`enter the replica's Region`},
		{"the stage's own Region", replicated(), func(s *Stage) { s.Replica = s.Region },
			`SecureCart-Staging: Replica: must be another Region than the stage's own, got "eu-central-1" twice; ` +
				`choose another or remove Replica`},
		{"a Region without replication", replicated(), func(s *Stage) { s.Replica = "ca-west-1" },
			`SecureCart-Staging: Replica: Cognito replicates no user pool to ca-west-1, got "ca-west-1"; choose among ` +
				among + " or remove Replica"},
		{"from a Region without replication", replicated(), func(s *Stage) { s.Region, s.Email = "eu-south-1", Email{} },
			`SecureCart-Staging: Replica: Cognito replicates no user pool from eu-south-1, got "eu-west-1"; choose among ` +
				among + " or remove Replica"},
		{"a plan without replication", replicated(), func(s *Stage) { s.Users.Plan = "Lite" },
			`SecureCart-Staging: Users.Plan: must be one of ["Essentials" "Plus"], got "Lite"; choose one`},
		{"an account that the CLI decides", dev(), func(s *Stage) { s.Replica = "eu-west-1" },
			`SecureCart-Dev: Replica: the parts of both Regions must be in one account, got "eu-west-1" without Account; ` +
				`enter the account's id`},
		{"nobody could sign in", staging(), func(s *Stage) { s.Replica = "eu-west-1" },
			"SecureCart-Staging: Replica: nobody could sign in at the replica, which has no TOTP, got MFA Required with " +
				"[TOTP]; add SMS to SecondFactors, set MFA: Optional, or remove Replica"},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesAReplicaWhoseDomainAnotherStageHas(t *testing.T) {
	first, second := replicated(), dev()
	first.Domain, second.Domain = Domain{Prefix: "securecart-one"}, Domain{Prefix: "securecart-one"}
	second.Region = first.Replica
	const want = `SecureCart-Dev: Domain: domains must differ, got "securecart-one in eu-west-1" twice ` +
		`(also in SecureCart-Staging); choose another`
	if err := Validate([]Stage{first, second}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	const reversed = `SecureCart-Staging: Replica: domains must differ, got "securecart-one in eu-west-1" twice ` +
		`(also in SecureCart-Dev); choose another Region or another Domain.Prefix`
	if err := Validate([]Stage{second, first}); err == nil || err.Error() != reversed {
		t.Errorf("got %v, want %s", err, reversed)
	}
}
