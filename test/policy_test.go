package test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// compare compares two lists whatever their order.
func compare(t *testing.T, got, expected []string, harm string) {
	t.Helper()
	got, expected = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(expected))
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("not as promised: %s\n(-want +got)\n%s", harm, diff)
	}
}

// account is the account as it stands in ARNs of the stage's templates.
func (s stageOf) account() string {
	if s.config.Account == "" {
		return "${AWS::AccountId}"
	}
	return s.config.Account
}

// resource returns the resource that Stage.Text calls "${stack.id}".
func (s stageOf) resource(t *testing.T, stackID, id string) found {
	t.Helper()
	stack := s.stack(t, stackID)
	for _, logical := range stack.Template.IDs() {
		if logical[:max(0, len(logical)-8)] == id || logical == id {
			return found{stack.Template.Resources[logical], logical, stack, s}
		}
	}
	t.Fatalf("%s has no resource %s", stack.Name, id)
	return found{}
}

// trust says, statement by statement, who may take a role.
func (f found) trust(t *testing.T) []string {
	t.Helper()
	return f.statements(t, "AssumeRolePolicyDocument")
}

// inline says, statement by statement, what a role's inline policies allow.
func (f found) inline(t *testing.T) []string {
	t.Helper()
	var all []string
	policies, _ := f.get("Policies").([]any)
	for i := range policies {
		all = append(all, f.statements(t, "Policies", i, "PolicyDocument")...)
	}
	return all
}

// granted says all that a role may do: its inline policies, and every policy of the stage that names it. A managed policy
// would be more than is written here, so it is an error.
func (f found) granted(t *testing.T) []string {
	t.Helper()
	all := f.inline(t)
	if managed := f.get("ManagedPolicyArns"); managed != nil {
		t.Errorf("%s has managed policies %v: what they allow is not written here", f, managed)
	}
	for _, stack := range f.stage.Stacks {
		for id, policy := range stack.Template.OfType("AWS::IAM::Policy") {
			p := found{policy, id, stack, f.stage}
			for i := range p.get("Roles").([]any) {
				if stack.Name == f.stack.Name && p.get("Roles", i, "Ref") == f.id {
					all = append(all, p.statements(t, "PolicyDocument")...)
				}
			}
		}
	}
	return all
}

// statements writes the policy document at path, one line a statement: "Allow <actions> [to <principal>] [on <resources>]
// [if <conditions>]". It stops on elements it does not know, such as NotAction, so that none is overlooked.
func (f found) statements(t *testing.T, path ...any) []string {
	t.Helper()
	raw, ok := f.get(append(slices.Clone(path), "Statement")...).([]any)
	if !ok {
		t.Fatalf("%s has no statements at %v", f, path)
	}
	var lines []string
	for i := range raw {
		lines = append(lines, f.statement(t, append(slices.Clone(path), "Statement", i)...))
	}
	return lines
}

func (f found) statement(t *testing.T, path ...any) string {
	t.Helper()
	at := func(more ...any) []any { return append(slices.Clone(path), more...) }
	for key := range f.get(path...).(map[string]any) {
		if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}, key) {
			t.Fatalf("%s: statement element %s is not understood", f, key)
		}
	}
	line := f.text(t, at("Effect")...) + " " + f.oneOrMore(t, at("Action")...)
	if principals, ok := f.get(at("Principal")...).(map[string]any); ok {
		for _, kind := range slices.Sorted(maps.Keys(principals)) {
			line += " to " + kind + " " + f.oneOrMore(t, at("Principal", kind)...)
		}
	} else if f.get(at("Principal")...) != nil {
		line += " to " + fmt.Sprint(f.get(at("Principal")...))
	}
	if f.get(at("Resource")...) != nil {
		line += " on " + f.oneOrMore(t, at("Resource")...)
	}
	var conditions []string
	operators, _ := f.get(at("Condition")...).(map[string]any)
	for operator, keys := range operators {
		for key := range keys.(map[string]any) {
			conditions = append(conditions, operator+" "+key+" "+f.oneOrMore(t, at("Condition", operator, key)...))
		}
	}
	if len(conditions) > 0 {
		line += " if " + strings.Join(slices.Sorted(slices.Values(conditions)), " and ")
	}
	return line
}

// oneOrMore writes a text, or several, sorted and separated by commas.
func (f found) oneOrMore(t *testing.T, path ...any) string {
	t.Helper()
	switch v := f.get(path...).(type) {
	case []any:
		return strings.Join(slices.Sorted(slices.Values(f.strings(t, path...))), ",")
	case bool, float64:
		return fmt.Sprint(v)
	default:
		return f.text(t, path...)
	}
}
