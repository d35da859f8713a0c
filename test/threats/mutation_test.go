package threats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const twoClients = `{
	"Web01234567": {"Type": "AWS::Cognito::UserPoolClient", "DependsOn": ["Google"], "Properties": {
		"Flows": ["srp"], "Units": {"Access": "minutes"}, "Rules": [{"Id": 1, "On": true}, {"Id": 2}]}},
	"StepUp01234567": {"Type": "AWS::Cognito::UserPoolClient"},
	"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {"Flows": ["srp"]}}}`

// changes are what the mutations of a weakening make of the small stage, by name: the resources as JSON.
func changes(t *testing.T, s *Target, weaken weakening) map[string]string {
	t.Helper()
	untouched := snapshot(t, s)
	got := map[string]string{}
	for _, m := range weaken(s) {
		weakened, err := m.Apply(s)
		if err != nil {
			got[m.String()] = "changes nothing"
			continue
		}
		r, exists := weakened.whole().Stacks[0].Template.Resources[m.id]
		got[m.String()] = "removed"
		if exists {
			got[m.String()] = m.id + " " + shown{r.Properties}.String() + strings.Join(r.DependsOn, ",")
		}
	}
	if diff := cmp.Diff(untouched, snapshot(t, s)); diff != "" {
		t.Fatalf("a mutation changed the stage itself\n%s", diff)
	}
	return got
}

func snapshot(t *testing.T, s *Target) string {
	t.Helper()
	data, err := json.Marshal(s.Stacks)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAWeakeningIsOneMutationForEachResourcePlaceAndValue(t *testing.T) {
	const rules, units = `"Rules":[{"Id":1,"On":true},{"Id":2}]`, `"Units":{"Access":"minutes"}`
	web := one(client, "UserPool.Web")
	for _, c := range []struct {
		name   string
		weaken weakening
		want   map[string]string
	}{
		{"every resource, every value", each(client).At("On").becomes(true, 1.0), map[string]string{
			"UserPool/Web01234567: On becomes true": `Web01234567 {"Flows":["srp"],"On":true,` +
				rules + "," + units + "}Google",
			"UserPool/Web01234567: On becomes 1": `Web01234567 {"Flows":["srp"],"On":1,` +
				rules + "," + units + "}Google",
			"UserPool/StepUp01234567: On becomes true": `StepUp01234567 {"On":true}`,
			"UserPool/StepUp01234567: On becomes 1":    `StepUp01234567 {"On":1}`,
		}},
		{"a property is removed", web.At("Units", "Access").becomes(gone), map[string]string{
			"UserPool/Web01234567: Units.Access becomes gone": `Web01234567 {"Flows":["srp"],` + rules + `,"Units":{}}Google`,
		}},
		{"an object is made on the way", one(client, "UserPool.StepUp").At("Units", "Access").becomes("days"),
			map[string]string{
				"UserPool/StepUp01234567: Units.Access becomes days": `StepUp01234567 {"Units":{"Access":"days"}}`,
			}},
		{"every element", web.At("Rules", all, "On").becomes(false), map[string]string{
			"UserPool/Web01234567: Rules[0].On becomes false": `Web01234567 {"Flows":["srp"],` +
				`"Rules":[{"Id":1,"On":false},{"Id":2}],` + units + "}Google",
			"UserPool/Web01234567: Rules[1].On becomes false": `Web01234567 {"Flows":["srp"],` +
				`"Rules":[{"Id":1,"On":true},{"Id":2,"On":false}],` + units + "}Google",
		}},
		{"the elements that have a value", web.At("Rules", having("Id", 2)).becomes(gone), map[string]string{
			"UserPool/Web01234567: Rules[1] becomes gone": `Web01234567 {"Flows":["srp"],` +
				`"Rules":[{"Id":1,"On":true}],` + units + "}Google",
		}},
		{"the elements that have a key", web.At("Rules", set("On"), "On").becomes(gone), map[string]string{
			"UserPool/Web01234567: Rules[0].On becomes gone": `Web01234567 {"Flows":["srp"],` +
				`"Rules":[{"Id":1},{"Id":2}],` + units + "}Google",
		}},
		{"a list gains", web.At("Flows").gains("password"), map[string]string{
			`UserPool/Web01234567: Flows becomes ["srp","password"]`: `Web01234567 {"Flows":["srp","password"],` +
				rules + "," + units + "}Google",
		}},
		{"a resource is removed", web.removed(), map[string]string{"UserPool/Web01234567: removed": "removed"}},
		{"nothing changes", web.At("Units", "Access").becomes("minutes"), map[string]string{
			"UserPool/Web01234567: Units.Access becomes minutes": "changes nothing",
		}},
		{"nothing is there to remove", web.At("Gone").becomes(gone), map[string]string{
			"UserPool/Web01234567: Gone becomes gone": "changes nothing",
		}},
		{"another type is added", added("UserPool", "AWS::IAM::User", map[string]any{"A": 1.0}), map[string]string{
			"UserPool: another AWS::IAM::User": `Another0A0A0A0A {"A":1}`,
		}},
		{"a stack that is not there", added("Elsewhere", "AWS::IAM::User", nil), map[string]string{
			"Elsewhere: another AWS::IAM::User": "changes nothing",
		}},
		{"not in development", inProduction(web.removed()), map[string]string{}},
		{"no such resource", one(client, "UserPool.Gone").removed(), map[string]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, changes(t, small(t, twoClients), c.weaken)); diff != "" {
				t.Errorf("mutations (-want +got)\n%s", diff)
			}
		})
	}
}
