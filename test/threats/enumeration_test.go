package threats

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

func TestEveryValueIsRemovedAndExchanged(t *testing.T) {
	s := small(t, `{
		"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "DependsOn": ["Pool01234567"],
			"DeletionPolicy": "Retain", "Properties": {
			"Flag": true, "Number": 12, "Flows": ["srp"], "Pool": {"Fn::GetAtt": ["Pool01234567", "Arn"]},
			"Policy": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]}}},
		"Pool01234567": {"Type": "AWS::Cognito::UserPool"}, "Other01234567": {"Type": "AWS::Cognito::UserPool"}}`)
	var got []string
	for _, m := range Enumerate(s) {
		if weakened, err := m.Apply(s); err != nil {
			t.Errorf("%s: %v", m, err)
		} else if weakened == s {
			t.Errorf("%s changed the stage itself", m)
		}
		if name, ours := strings.CutPrefix(m.String(), "UserPool/Web01234567: "); ours {
			got = append(got, name)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		`Condition exchanged`, `CreationPolicy exchanged`, `DeletionPolicy exchanged`, `DeletionPolicy removed`,
		`DependsOn[] removed`, `Flag becomes false`, `Flag becomes gone`, `Flows becomes ["srp","another"]`,
		`Flows becomes gone`, `Flows[0] becomes another`, `Flows[0] becomes gone`, `Number becomes 1`,
		`Number becomes 120`, `Number becomes gone`,
		`Policy becomes gone`, `Policy.Statement becomes [{"Action":"s3:GetObject","Effect":"Allow"},` +
			`{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]`,
		`Policy.Statement becomes gone`, `Policy.Statement[0] becomes gone`, `Policy.Statement[0].Action becomes *`,
		`Policy.Statement[0].Action becomes another`, `Policy.Statement[0].Action becomes gone`,
		`Policy.Statement[0].Effect becomes Deny`, `Policy.Statement[0].Effect becomes gone`,
		`Pool becomes another`, `Pool becomes gone`, `Pool.Fn::GetAtt[0] becomes Other01234567`,
		`UpdatePolicy exchanged`, `one more as Another0A0A0A0A`,
		`one more as Web0A0A0A0A`, `removed`,
	}, got); diff != "" {
		t.Errorf("changes of the client (-want +got)\n%s", diff)
	}
}

func TestAResourceGetsThePropertiesOfItsSiblings(t *testing.T) {
	s := small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"Scopes": ["openid"]}},
		"StepUp01234567": {"Type": "AWS::Cognito::UserPoolClient"}}`)
	if !slices.ContainsFunc(Enumerate(s), func(m Mutation) bool {
		return m.String() == `UserPool/StepUp01234567: Scopes becomes ["openid"]`
	}) {
		t.Error("a client never gets what only another one may have")
	}
}

// TestChangesThatNoCheckReadsAreReported: every property that is set must be checked or exempted.
func TestChangesThatNoCheckReadsAreReported(t *testing.T) {
	review := ReviewStages(small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {
		"GenerateSecret": false, "Nobody": {"Reads": 1}, "ClientName": "web"}}}`))
	var places []string
	for _, text := range review.Unnoticed {
		place, _, _ := strings.Cut(text, ", ")
		places = append(places, place)
	}
	for place, want := range map[string]bool{
		"Cognito::UserPoolClient.Nobody.Reads":   true,
		"Cognito::UserPoolClient.GenerateSecret": false, // U9
		"Cognito::UserPoolClient.ClientName":     false, // decides nothing
	} {
		if got := slices.Contains(places, place); got != want {
			t.Errorf("%s is unnoticed: %t, want %t, among %v", place, got, want, places)
		}
	}
	if len(review.Stale) == 0 || len(review.Silent) == 0 || len(review.Missed) == 0 {
		t.Errorf("nearly all exemptions, threats and moves are about what this stage lacks: %d stale, %d silent, %d missed",
			len(review.Stale), len(review.Silent), len(review.Missed))
	}
}

func TestAnExemptionCoversNoMoreThanItSays(t *testing.T) {
	development, production := small(t, `{}`), small(t, `{}`)
	production.Config.Purpose = config.Production
	for _, c := range []struct {
		place  string
		x      exemption
		s      *Target
		change Mutation
		want   bool
	}{
		{"A::B.C", exemption{}, production, Mutation{Place: "A::B.C"}, true},
		{"A::B.C", exemption{}, production, Mutation{Place: "A::B.C[].D"}, true},
		{"A::B.C", exemption{}, production, Mutation{Place: "A::B.CD"}, false},
		{"A::B.C", exemption{}, production, Mutation{Place: "A::B"}, false},
		{"A::B", exemption{}, production, Mutation{Place: "A::B.C"}, false},
		{"*.C", exemption{}, production, Mutation{Place: "A::B.C"}, true},
		{"A::B.C", exemption{changes: []Change{OneMore}}, production, Mutation{Place: "A::B.C", Change: OneMore}, true},
		{"A::B.C", exemption{changes: []Change{OneMore}}, production, Mutation{Place: "A::B.C", Change: Removed}, false},
		{"A::B.C", exemption{changes: []Change{OneMore}}, production, Mutation{Place: "A::B.C.D", Change: OneMore}, false},
		{"A::B.C", exemption{development: true}, production, Mutation{Place: "A::B.C"}, false},
		{"A::B.C", exemption{development: true}, development, Mutation{Place: "A::B.C"}, true},
	} {
		if got := c.x.covers(c.place, c.s, c.change); got != c.want {
			t.Errorf("%s %+v covers %s %s: %t, want %t", c.place, c.x, c.change.Place, c.change.Change, got, c.want)
		}
	}
}

func TestAChangeOfNothingIsAnError(t *testing.T) {
	s := small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {}}}`)
	nothing := func(*assembly.Resource) {}
	for _, m := range []Mutation{
		{name: named("same"), stack: "UserPool", id: "Web01234567", edit: nothing},
		{name: named("elsewhere"), stack: "Api", id: "Web01234567", edit: nothing},
		{name: named("gone already"), stack: "UserPool", id: "Web89ABCDEF"},
	} {
		if _, err := m.Apply(s); err == nil {
			t.Errorf("%s: no error", m)
		}
	}
}
