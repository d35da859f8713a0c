package config

import (
	"os"
	"regexp"
	"slices"
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
			`Replica: must be an AWS Region such as "eu-west-1", got "Ireland"; enter the replica's Region`},
		{"a Region of another partition", replicated(), func(s *Stage) { s.Replica = "cn-north-1" },
			`Replica: must be an AWS Region such as "eu-west-1", got "cn-north-1"; enter the replica's Region`},
		{"the stage's own Region", replicated(), func(s *Stage) { s.Replica = s.Region },
			`Replica: must be another Region than the stage's own, got "eu-central-1" twice; choose another or remove Replica`},
		{"no Region twice", replicated(), func(s *Stage) { s.Region, s.Replica, s.Email = "Ireland", "Ireland", Email{} },
			`Region: must be an AWS Region such as "eu-central-1", got "Ireland"; enter the stage's Region
` +
				`Replica: must be another Region than the stage's own, got "Ireland" twice; choose another or remove Replica`},
		{"a Region without replication", replicated(), func(s *Stage) { s.Replica = "ca-west-1" },
			`Replica: Cognito replicates user pools to certain Regions only, got "ca-west-1"; choose ` +
				"among " + among + " or remove Replica"},
		{"from a Region without replication", replicated(), func(s *Stage) { s.Region, s.Email = "eu-south-1", Email{} },
			`Replica: Cognito replicates user pools of certain Regions only, got Region "eu-south-1"; ` +
				"remove Replica, or move the stage to one of " + among},
		{"a plan without replication", replicated(), func(s *Stage) { s.Users.Plan = "Lite" },
			`Users.Plan: must be one of ["Essentials" "Plus"], got "Lite"; choose one`},
		{"an account that the CLI decides", own(), func(s *Stage) { s.Replica = "eu-west-1" },
			`Replica: the parts of both Regions must be in one account, got "eu-west-1" without Account; ` +
				`enter the account's id`},
		{"nobody could sign in", staging(), func(s *Stage) { s.Replica = "eu-west-1" },
			"Replica: nobody could sign in at the replica, which has no TOTP, got MFA Required with " +
				"[TOTP]; add SMS to SecondFactors, set MFA: Optional, or remove Replica"},
	} {
		t.Run(r.name, r.check)
	}
}

// TestReplicasAreWhereCognitoReplicates compares with row R14 of docs/aws.md, so that each Region is edited on purpose.
func TestReplicasAreWhereCognitoReplicates(t *testing.T) {
	text, err := os.ReadFile("../docs/aws.md")
	if err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(string(text), "\n| R14 |")
	row, _, _ = strings.Cut(row, "\n")
	documented := regexp.MustCompile(`\b[a-z]{2}-[a-z]+-\d\b`).FindAllString(row, -1)
	slices.Sort(documented)
	if !slices.Equal(replicates, documented) {
		t.Errorf("got %v, want those of row R14, %v", replicates, documented)
	}
}

func TestStagesWithOneCustomDomainEachMayShareAReplicasRegion(t *testing.T) {
	first, second := replicated(), replicated()
	first.Domain.Custom, first.Domain.Prefix = "one.securecart.example", ""
	second.Name, second.Domain.Custom, second.Domain.Prefix = "Prod", "two.securecart.example", ""
	if err := Validate([]Stage{first, second}); err != nil && strings.Contains(err.Error(), "domains must differ") {
		t.Errorf("custom domains need no prefix in the replica's Region: %v", err)
	}
}

func TestRefusesAReplicaWhoseDomainAnotherStageHas(t *testing.T) {
	first, second := replicated(), own()
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
