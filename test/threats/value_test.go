package threats

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pool = `{"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {
	"Length": 12, "Long": 10000, "On": true, "Name": "users", "List": ["a", "b"], "Empty": [],
	"Itself": {"Ref": "Pool01234567"}, "Odd": {"Fn::Odd": 1},
	"Rules": [{"Name": "first"}, {"Name": "second"}]}}}`

func TestEachExpectationComplainsOfItsOppositeOnly(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect func(r Resource)
		want   string
	}{
		{"equal", func(r Resource) { r.At("Length").Is(12) }, ""},
		{"not equal", func(r Resource) { r.At("Length").Is(14) }, "T UserPool/Pool01234567: Length is 12, want 14"},
		{"not set", func(r Resource) { r.At("Gone").Is(false) }, "T UserPool/Pool01234567: Gone is not set, want false"},
		{"false is not absent", func(r Resource) { r.At("On").Absent() },
			"T UserPool/Pool01234567: On is true, and must not be set"},
		{"absent", func(r Resource) { r.At("Gone").Absent() }, ""},
		{"among", func(r Resource) { r.At("Name").Among("users", "people") }, ""},
		{"not among", func(r Resource) { r.At("Name").Among("people") },
			`T UserPool/Pool01234567: Name is "users", want one of ["people"]`},
		{"within bounds", func(r Resource) { r.At("Length").Between(12, 12) }, ""},
		{"out of bounds", func(r Resource) { r.At("Long").Between(1, 9999) },
			"T UserPool/Pool01234567: Long is 10000, want 1 to 9999"},
		{"a number that is not set", func(r Resource) { r.At("Gone").Between(0, 1) },
			"T UserPool/Pool01234567: Gone is not set, want 0 to 1"},
		{"no number", func(r Resource) { r.At("Name").Number() }, `T UserPool/Pool01234567: Name is "users", want a number`},
		{"reference", func(r Resource) { r.At("Itself").Reads("${UserPool.Pool}") }, ""},
		{"another reference", func(r Resource) { r.At("Itself").Reads("${UserPool.Other}") },
			`T UserPool/Pool01234567: Itself is "${UserPool.Pool}", want "${UserPool.Other}"`},
		{"what Text does not know", func(r Resource) { r.At("Odd").Text() },
			"T UserPool/Pool01234567: Odd cannot be judged: stack SecureCart-Test-UserPool: " +
				"do not know how to write Fn::Odd of 1"},
		{"list in any order", func(r Resource) { r.At("List").Lists("b", "a") }, ""},
		{"list with one more", func(r Resource) { r.At("List").Lists("a") },
			"T UserPool/Pool01234567: List is [a b], want [a]"},
		{"list within", func(r Resource) { r.At("List").Within("a", "b", "c") }, ""},
		{"list not within", func(r Resource) { r.At("List").Within("a", "c") },
			"T UserPool/Pool01234567: List holds [b], which nobody allowed"},
		{"empty list", func(r Resource) { r.At("Empty").Within("a") },
			"T UserPool/Pool01234567: Empty is [], want a list with something in it"},
		{"no list", func(r Resource) { r.At("Gone").Each() },
			"T UserPool/Pool01234567: Gone is not set, want a list with something in it"},
		{"inside a list", func(r Resource) { r.At("Rules", 1, "Name").Is("third") },
			`T UserPool/Pool01234567: Rules[1].Name is "second", want "third"`},
		{"beyond a list", func(r Resource) { r.At("Rules", 2, "Name").Absent() }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := inspecting(small(t, pool))
			c.expect(in.Only(userPool))
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
		ask  func(in *Inspection)
		want []string
	}{
		{"every of none", func(in *Inspection) { in.Every(client) }, []string{
			"T SecureCart-Test: has no AWS::Cognito::UserPoolClient: there is nothing to check",
		}},
		{"only one of none, asked on", func(in *Inspection) { in.Only(client).At("GenerateSecret").Is(false) }, []string{
			"T SecureCart-Test: has no AWS::Cognito::UserPoolClient: there is nothing to check",
		}},
		{"only one of two", func(in *Inspection) { in.Only(userPool) }, []string{
			"T SecureCart-Test: has 2 AWS::Cognito::UserPool, want one: [UserPool/A01234567 UserPool/B01234567]",
		}},
		{"one by name", func(in *Inspection) { in.The(userPool, "UserPool.A") }, []string{}},
		{"none by name", func(in *Inspection) { in.The(userPool, "UserPool.C") }, []string{
			"T SecureCart-Test: has no AWS::Cognito::UserPool called UserPool.C",
		}},
		{"listed", func(in *Inspection) { in.Named(userPool, "UserPool.B", "UserPool.A") }, []string{}},
		{"unlisted and gone", func(in *Inspection) { in.Named(userPool, "UserPool.A", "UserPool.C") }, []string{
			"T UserPool.B: nobody listed this AWS::Cognito::UserPool", "T UserPool.C: this AWS::Cognito::UserPool is gone",
		}},
		{"none allowed", func(in *Inspection) { in.None(client, userPool) }, []string{
			"T UserPool/A01234567: AWS::Cognito::UserPool must not exist",
			"T UserPool/B01234567: AWS::Cognito::UserPool must not exist",
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
