package threats

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
)

func TestWhatNobodyJudgedIsAFinding(t *testing.T) {
	in := inspecting(small(t, `{
		"Quiet01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {
			"Domain": {"Fn::Join": ["", ["a", {"Ref": "B"}]]}}},
		"Loud01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Condition": "IsDev"},
		"Runs01234567": {"Type": "AWS::Cognito::UserPoolDomain", "UpdatePolicy": {}},
		"Made01234567": {"Type": "AWS::Cognito::UserPoolDomain", "CreationPolicy": {"ResourceSignal": {}}},
		"If01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {
			"A": [{"Fn::Join": ["", [{"Fn::If": ["B", "c", "d"]}]]}]}},
		"Ref01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {"A": {"Ref": "Other", "X": 1}}},
		"Tags01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {
			"Tags": {"Fn::Transform": {"Name": "theirs"}}}},
		"Stack01234567": {"Type": "AWS::CloudFormation::Stack"}}`))
	in.listsTypes()
	in.isPlain()
	const policies = "has a condition, or a creation or update policy"
	const chooses = ", which chooses or makes up what is deployed"
	got := in.found()
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"T UserPool/If01234567: has Fn::If" + chooses,
		"T UserPool/Loud01234567: " + policies,
		"T UserPool/Made01234567: " + policies,
		"T UserPool/Ref01234567: has Ref" + chooses,
		"T UserPool/Runs01234567: " + policies,
		"T UserPool/Stack01234567: AWS::CloudFormation::Stack must not exist",
		"T UserPool/Tags01234567: has Fn::Transform" + chooses,
	}, got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestTwoResourcesOfOneNameAreAFinding(t *testing.T) {
	in := inspecting(small(t, `{
		"Web01234567": {"Type": "AWS::Cognito::UserPoolClient"},
		"Web89ABCDEF": {"Type": "AWS::Cognito::UserPoolClient"},
		"Webs01234567": {"Type": "AWS::Cognito::UserPoolClient"}}`))
	in.tellsApart()
	want := []string{"T UserPool/Web89ABCDEF: is called Web like Web01234567: give its construct another id"}
	if diff := cmp.Diff(want, in.found()); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestATemplateThatChoosesIsAFinding(t *testing.T) {
	bootstrapped := small(t, `{}`)
	bootstrapped.Stacks[0].Template.Parameters = map[string]any{"BootstrapVersion": map[string]any{}}
	sound := inspecting(bootstrapped)
	if sound.isPlain(); len(sound.findings) > 0 {
		t.Errorf("complains of the CDK's own parameter: %v", sound.findings)
	}
	mutations := wholeTemplate(&bootstrapped.Stacks[0])[:4]
	for _, m := range mutations {
		weakened, err := m.Apply(bootstrapped)
		if err != nil {
			t.Fatal(err)
		}
		in := inspecting(weakened)
		if in.isPlain(); len(in.findings) != 1 {
			t.Errorf("%s: findings %v, want one", m, in.findings)
		}
	}
	if len(mutations) != 4 {
		t.Errorf("%d mutations, want 4", len(mutations))
	}
	idle := Mutation{name: named("nothing"), stack: "UserPool", template: func(*assembly.Template) {}}
	if _, err := idle.Apply(bootstrapped); err == nil {
		t.Error("a mutation of a template that changes nothing is taken for one")
	}
}
