package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

func TestEveryRoleIsAssumedByExactlyThoseListed(t *testing.T) {
	eachStageIsAsListed(t, "who may take roles", func(t *testing.T, s *Subject) (listed, got byName) {
		got = byName{}
		for _, role := range s.Roles {
			got[role.Name] = map[string][]string{"": s.takers(t, role)}
		}
		return lists(takenIn(s)), got
	})
}

// takenIn lists who may assume which role of the stage. In Development IAM users may assume the support desk's roles,
// in other stages permission sets.
func takenIn(s *Subject) map[string][]string {
	expected := ofStage(s, takes)
	isThis := func(cfg config.Stage) bool { return cfg.ID() == s.ID }
	stages := config.Stages()
	if i := slices.IndexFunc(stages, isThis); i >= 0 && stages[i].Purpose == config.Development {
		return expected
	}
	for _, name := range []string{Support, Privacy} {
		for _, how := range bySessionsWithoutMFA {
			expected[name] = append(slices.Clone(expected[name]), "who "+name+" names"+how)
		}
	}
	return expected
}

func (s *Subject) takers(t testing.TB, role Role) []string {
	t.Helper()
	var who []string
	for _, taker := range s.Takers() {
		verdict, err := s.Take(role, taker)
		if err != nil {
			t.Errorf("%s: %v", taker.Who, err)
		}
		if verdict.Allowed {
			who = append(who, taker.Who)
		}
	}
	return who
}

// redundant are the conditions of trust policies that another condition implies, with the reason.
var redundant = map[string]string{
	"without Bool aws:MultiFactorAuthPresent":  "a session without a second factor has no age of one",
	"without StringLike aws:RequestTag/ticket": "the session is named by the ticket, and no session has an empty name",
}

// TestEveryConditionOfATrustPolicyIsNecessary removes each condition from every statement of the policy. Then another
// principal must be able to assume the role.
func TestEveryConditionOfATrustPolicyIsNecessary(t *testing.T) {
	before := reviewed(t, "SecureCart-Dev")
	for _, role := range before.Roles {
		as := before.takers(t, role)
		document := before.Stage.Roles[role.ARN].AssumeRolePolicyDocument
		statements := decoded(document)["Statement"].([]any)
		for i, statement := range statements {
			changes := append(conditions(statement.(map[string]any)),
				mutation{"Effect becomes Deny", func(s map[string]any) { s["Effect"] = "Deny" }},
				mutation{"for the account's administrators, too", func(s map[string]any) {
					s["Principal"].(map[string]any)["AWS"], s["Action"] = "arn:aws:iam::111122223333:root", "sts:*"
					delete(s, "Condition")
				}})
			for _, m := range changes {
				r := before.Stage.Roles[role.ARN]
				r.AssumeRolePolicyDocument = edited(document, i, m.edit)
				if strings.HasPrefix(m.name, "without ") {
					for other := range statements {
						r.AssumeRolePolicyDocument = edited(r.AssumeRolePolicyDocument, other, m.edit)
					}
				}
				changed, err := before.readRole(r)
				if err != nil {
					t.Fatalf("%s: %s: %v", role.Name, m.name, err)
				}
				if same := cmp.Equal(as, before.takers(t, changed)); same != (redundant[m.name] != "") {
					t.Errorf("%s: trust policy %s: taken by the same as before: %t", role.Name, m.name, same)
				}
			}
		}
	}
}
