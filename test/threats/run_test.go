package threats

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAMutationIsNoticedOnlyIfTheCheckFindsSomethingNew: a check that is red already proves nothing by being red.
func TestAMutationIsNoticedOnlyIfTheCheckFindsSomethingNew(t *testing.T) {
	s := small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"PreventUserExistenceErrors": "ENABLED", "GenerateSecret": true}}}`)
	noticed := map[string]int{}
	for _, o := range Try(s, true) {
		if o.Threat != "U4" && o.Threat != "U9" {
			continue
		}
		if o.Err != nil {
			noticed[o.Threat+" "+o.Name] = -1
			continue
		}
		noticed[o.Threat+" "+o.Name] = len(o.Noticed)
		if o.Threat == "U4" && len(o.Others) > 0 {
			t.Errorf("%s: noticed by %v, too", o.Name, o.Others)
		}
	}
	if diff := cmp.Diff(map[string]int{
		"U4 UserPool/Web01234567: PreventUserExistenceErrors becomes gone":                                    1,
		"U4 UserPool/Web01234567: PreventUserExistenceErrors becomes LEGACY":                                  1,
		"U4 enumerate by forgotten password: UserPool/Web01234567: PreventUserExistenceErrors becomes LEGACY": 1,
		"U9 UserPool/Web01234567: GenerateSecret becomes gone":                                                1,
		"U9 UserPool/Web01234567: GenerateSecret becomes true":                                                -1,
		"U9 find the client secret in the source: UserPool/Web01234567: GenerateSecret becomes true":          -1,
	}, noticed); diff != "" {
		t.Errorf("findings by mutation, -1 where nothing changed (-want +got)\n%s", diff)
	}
}

func TestAFindingThatWasThereBeforeIsNotNew(t *testing.T) {
	a, b := Finding{"U1", "x", "old"}, Finding{"U1", "x", "new"}
	if diff := cmp.Diff([]Finding{b}, fresh([]Finding{a, b}, []Finding{a})); diff != "" {
		t.Errorf("new findings (-want +got)\n%s", diff)
	}
}

func TestWeakeningsThatFindNothingAreNamed(t *testing.T) {
	idle := Idle(small(t, `{}`), small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {}}}`))
	for name, want := range map[string]bool{"U16, weakening 1": true, "be remembered": true, "U4, weakening 1": false, "join a group with a role": false} {
		if got := slices.Contains(idle, name); got != want {
			t.Errorf("%s is idle: %t, want %t", name, got, want)
		}
	}
}

func TestTheReportCountsAndNamesWhatNobodyNoticed(t *testing.T) {
	var b strings.Builder
	found := []Finding{{"U4", "x", "y"}}
	Report(&b, map[string][]Outcome{"Dev": {
		{Mutation: Mutation{Name: "one", Threat: "U4"}, Noticed: found, Others: []string{"U5"}},
		{Mutation: Mutation{Name: "two", Threat: "U4"}, Noticed: found},
		{Mutation: Mutation{Name: "three", Threat: "U9"}},
	}})
	got := b.String()
	for _, want := range []string{
		"threats 91: 86 checked on templates, 4 proven in code alone, 1 accepted; ",
		"Dev: mutations 3, noticed 2, 1 of them by other checks, too\n",
		"Dev: unnoticed:\n  U9 three\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
}
