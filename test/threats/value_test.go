package threats

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pool = `{"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {
	"Length": 12, "Long": 10000, "On": true, "Name": "users", "List": ["a", "b"], "Empty": [], "Itself": {"Ref": "Pool01234567"}, "Odd": {"Fn::Odd": 1},
	"Rules": [{"Name": "first"}, {"Name": "second"}]}}}`

func TestEachExpectationComplainsOfItsOppositeOnly(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect func(r resource)
		want   string
	}{
		{"equal", func(r resource) { r.at("Length").is(12) }, ""},
		{"not equal", func(r resource) { r.at("Length").is(14) }, "T UserPool/Pool01234567: Length is 12, want 14"},
		{"not set", func(r resource) { r.at("Gone").is(false) }, "T UserPool/Pool01234567: Gone is not set, want false"},
		{"false is not absent", func(r resource) { r.at("On").absent() }, "T UserPool/Pool01234567: On is true, and must not be set"},
		{"absent", func(r resource) { r.at("Gone").absent() }, ""},
		{"among", func(r resource) { r.at("Name").among("users", "people") }, ""},
		{"not among", func(r resource) { r.at("Name").among("people") }, `T UserPool/Pool01234567: Name is "users", want one of ["people"]`},
		{"within bounds", func(r resource) { r.at("Length").between(12, 12) }, ""},
		{"out of bounds", func(r resource) { r.at("Long").between(1, 9999) }, "T UserPool/Pool01234567: Long is 10000, want 1 to 9999"},
		{"a number that is not set", func(r resource) { r.at("Gone").between(0, 1) }, "T UserPool/Pool01234567: Gone is not set, want 0 to 1"},
		{"no number", func(r resource) { r.at("Name").number() }, `T UserPool/Pool01234567: Name is "users", want a number`},
		{"reference", func(r resource) { r.at("Itself").reads("${UserPool.Pool}") }, ""},
		{"another reference", func(r resource) { r.at("Itself").reads("${UserPool.Other}") }, `T UserPool/Pool01234567: Itself is "${UserPool.Pool}", want "${UserPool.Other}"`},
		{"what Text does not know", func(r resource) { r.at("Odd").text() }, "T UserPool/Pool01234567: Odd cannot be judged: stack SecureCart-Test-UserPool: do not know how to write Fn::Odd of 1"},
		{"list in any order", func(r resource) { r.at("List").lists("b", "a") }, ""},
		{"list with one more", func(r resource) { r.at("List").lists("a") }, "T UserPool/Pool01234567: List is [a b], want [a]"},
		{"list within", func(r resource) { r.at("List").within("a", "b", "c") }, ""},
		{"list not within", func(r resource) { r.at("List").within("a", "c") }, "T UserPool/Pool01234567: List holds [b], which nobody allowed"},
		{"empty list", func(r resource) { r.at("Empty").within("a") }, "T UserPool/Pool01234567: Empty is [], want a list with something in it"},
		{"no list", func(r resource) { r.at("Gone").each() }, "T UserPool/Pool01234567: Gone is not set, want a list with something in it"},
		{"inside a list", func(r resource) { r.at("Rules", 1, "Name").is("third") }, `T UserPool/Pool01234567: Rules[1].Name is "second", want "third"`},
		{"beyond a list", func(r resource) { r.at("Rules", 2, "Name").absent() }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := inspecting(small(t, pool))
			c.expect(in.only(userPool))
			want := []string{}
			if c.want != "" {
				want = append(want, c.want)
			}
			if diff := cmp.Diff(want, in.found()); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
		})
	}
}

func TestResourcesThatAreMissingTooManyOrUnlistedAreFindings(t *testing.T) {
	const two = `{"A01234567": {"Type": "AWS::Cognito::UserPool"}, "B01234567": {"Type": "AWS::Cognito::UserPool"}}`
	for _, c := range []struct {
		name string
		ask  func(in *inspection)
		want []string
	}{
		{"every of none", func(in *inspection) { in.every(client) }, []string{"T SecureCart-Test: has no AWS::Cognito::UserPoolClient: there is nothing to check"}},
		{"only one of none, asked on", func(in *inspection) { in.only(client).at("GenerateSecret").is(false) }, []string{"T SecureCart-Test: has no AWS::Cognito::UserPoolClient: there is nothing to check"}},
		{"only one of two", func(in *inspection) { in.only(userPool) }, []string{"T SecureCart-Test: has 2 AWS::Cognito::UserPool, want one: [UserPool/A01234567 UserPool/B01234567]"}},
		{"one by name", func(in *inspection) { in.the(userPool, "UserPool.A") }, []string{}},
		{"none by name", func(in *inspection) { in.the(userPool, "UserPool.C") }, []string{"T SecureCart-Test: has no AWS::Cognito::UserPool called UserPool.C"}},
		{"listed", func(in *inspection) { in.named(userPool, "UserPool.B", "UserPool.A") }, []string{}},
		{"unlisted and gone", func(in *inspection) { in.named(userPool, "UserPool.A", "UserPool.C") }, []string{
			"T UserPool.B: nobody listed this AWS::Cognito::UserPool", "T UserPool.C: this AWS::Cognito::UserPool is gone",
		}},
		{"none allowed", func(in *inspection) { in.none(client, userPool) }, []string{
			"T UserPool/A01234567: AWS::Cognito::UserPool must not exist", "T UserPool/B01234567: AWS::Cognito::UserPool must not exist",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := inspecting(small(t, two))
			c.ask(in)
			if diff := cmp.Diff(c.want, in.found()); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
		})
	}
}

func TestALogicalIDIsNamedWithoutItsHash(t *testing.T) {
	for id, want := range map[string]string{"StepUpClientBB387F6B": "StepUpClient", "Google": "Google", "Clients": "Clients", "LongWithoutHash": "LongWithoutHash", "BB387F6B": ""} {
		if got := unhashed(id); got != want {
			t.Errorf("%s is named %q, want %q", id, got, want)
		}
	}
}
