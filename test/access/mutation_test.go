package access

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed"
)

// mutation is one change of a statement.
type mutation struct {
	name string
	edit func(statement map[string]any)
}

// edit changes a statement of a role's policy in place.
func edit(s *deployed.Stage, role string, policy, statement int, change func(map[string]any)) {
	r := s.Roles[role]
	r.Policies = slices.Clone(r.Policies)
	r.Policies[policy].PolicyDocument = edited(r.Policies[policy].PolicyDocument, statement, change)
	s.Roles[role] = r
}

func edited(document json.RawMessage, statement int, change func(map[string]any)) json.RawMessage {
	decoded := decoded(document)
	change(decoded["Statement"].([]any)[statement].(map[string]any))
	encoded, err := json.Marshal(decoded)
	if err != nil {
		panic(err)
	}
	return encoded
}

func decoded(document json.RawMessage) map[string]any {
	var value map[string]any
	if err := json.Unmarshal(document, &value); err != nil {
		panic(err)
	}
	return value
}

// texts returns a string or a list of strings as a list.
func texts(value any) []string {
	if text, ok := value.(string); ok {
		return []string{text}
	}
	var all []string
	for _, element := range value.([]any) {
		all = append(all, element.(string))
	}
	return all
}

// narrower are changes that grant less. Each must change the role's permissions; otherwise the statement grants
// something that no attempt tries.
func narrower(statement map[string]any) []mutation {
	all := []mutation{set("Effect", "Deny")}
	for _, element := range []string{"Action", "Resource"} {
		values := texts(statement[element])
		for i := range values {
			if len(values) > 1 {
				all = append(all, set(element, slices.Delete(slices.Clone(values), i, i+1)))
			}
		}
	}
	return append(all, fewerValues(statement)...)
}

// fewerValues removes each of several values from a condition.
func fewerValues(statement map[string]any) []mutation {
	var all []mutation
	block, _ := statement["Condition"].(map[string]any)
	for operator, keys := range block {
		for key, value := range keys.(map[string]any) {
			if _, one := value.(bool); one {
				continue
			}
			values := texts(value)
			for i, without := range values {
				if len(values) > 1 {
					all = append(all, mutation{fmt.Sprintf("%s %s without %s", operator, key, without), func(s map[string]any) {
						s["Condition"].(map[string]any)[operator].(map[string]any)[key] = slices.Delete(slices.Clone(values), i, i+1)
					}})
				}
			}
		}
	}
	return all
}

// wider are changes that grant more. Each must change the role's permissions; otherwise an attempt is missing.
func wider(statement map[string]any) []mutation {
	all := append(conditions(statement), set("Action", "*"))
	actions, resources := texts(statement["Action"]), texts(statement["Resource"])
	service, _, _ := strings.Cut(actions[0], ":")
	all = append(all, set("Action", append(slices.Clone(actions), service+":*")))
	for _, resource := range resources {
		if resource == "*" {
			continue
		}
		all = append(all, set("Resource", append(slices.Clone(resources), "*")))
		before, _, _ := strings.Cut(resource, "${")
		if slash := strings.LastIndexByte(strings.TrimSuffix(before, "/*"), '/'); slash > 0 {
			all = append(all, set("Resource", append(slices.Clone(resources), resource[:slash+1]+"*")))
		}
	}
	return all
}

func set(element string, value any) mutation {
	return mutation{fmt.Sprintf("%s becomes %v", element, value), func(s map[string]any) { s[element] = value }}
}

// conditions removes each condition.
func conditions(statement map[string]any) []mutation {
	var all []mutation
	block, _ := statement["Condition"].(map[string]any)
	for operator, keys := range block {
		for key := range keys.(map[string]any) {
			all = append(all, mutation{"without " + operator + " " + key, func(s map[string]any) {
				block, _ := s["Condition"].(map[string]any)
				rest, _ := block[operator].(map[string]any)
				if delete(rest, key); len(rest) == 0 {
					delete(block, operator)
				}
				if len(block) == 0 {
					delete(s, "Condition")
				}
			}})
		}
	}
	return all
}

// TestEveryPermissionIsTried removes every action, resource and value of a condition from every statement, one at a
// time. Each removal must change the result of an attempt, so a new permission fails the test until an attempt tries
// it.
func TestEveryPermissionIsTried(t *testing.T) {
	eachStage(t, func(t *testing.T, s *Subject) {
		taken := func(o outcome) bool { return o.allowed } // taking away makes no success
		if tried := s.mutate(t, taken, narrower); tried < 60 {
			t.Errorf("%d mutations, want 60", tried)
		}
	})
}

// TestNoStatementCanGrantMoreUnseen widens every statement, one at a time. Each widening must change the result of an
// attempt.
func TestNoStatementCanGrantMoreUnseen(t *testing.T) {
	s := reviewed(t, "SecureCart-Dev")
	if tried := s.mutate(t, func(outcome) bool { return true }, wider); tried < 120 {
		t.Errorf("%d mutations, want 120", tried)
	}
}

// mutate tries every mutation of every statement of every role by the attempts that may differ then, and returns how
// many.
func (s *Subject) mutate(t *testing.T, mayDiffer func(outcome) bool, mutations func(map[string]any) []mutation) int {
	t.Helper()
	tried := 0
	for _, role := range s.Roles {
		before := slices.DeleteFunc(slices.Clone(s.signedBy(t, role)), func(o outcome) bool { return !mayDiffer(o) })
		for p, policy := range s.Stage.Roles[role.ARN].Policies {
			for i, element := range decoded(policy.PolicyDocument)["Statement"].([]any) {
				statement := element.(map[string]any)
				service, _, _ := strings.Cut(texts(statement["Action"])[0], ":")
				for _, m := range mutations(statement) {
					weakened := *s.Stage
					weakened.Roles = maps.Clone(weakened.Roles)
					edit(&weakened, role.ARN, p, i, m.edit)
					changed, err := s.readRole(weakened.Roles[role.ARN])
					if err != nil {
						t.Fatalf("%s: %s: %v", role.Name, m.name, err)
					}
					if tried++; !s.differs(t, changed, service, before) {
						t.Errorf("%s, %s statement %d: %s: nothing that is tried shows it", role.Name, policy.PolicyName, i, m.name)
					}
				}
			}
		}
	}
	return tried
}

func (s *Subject) verdict(t *testing.T, role Role, a Attempt) bool {
	t.Helper()
	verdict, err := s.May(role, a)
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Allowed
}

// differs reports whether an attempt of the role has another outcome than before. It begins with attempts on the
// changed statement's service, which most likely differ.
func (s *Subject) differs(t *testing.T, role Role, service string, before []outcome) bool {
	t.Helper()
	for _, likely := range []bool{true, false} {
		for _, o := range before {
			if strings.HasPrefix(o.Action, service+":") == likely && s.verdict(t, role, o.Attempt) != o.allowed {
				return true
			}
		}
	}
	return false
}
