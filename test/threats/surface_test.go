package threats

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
)

func TestEveryTypeBelongsToOneThreatThatIsChecked(t *testing.T) {
	owners := map[string]string{}
	for id, part := range surface {
		if threat, found := ByID(id); !found || !threat.Checked() {
			t.Errorf("%s is no threat with a check: nobody would look at its types", id)
		}
		for typ := range part {
			if owners[typ] != "" {
				t.Errorf("%s belongs to %s and to %s", typ, owners[typ], id)
			}
			owners[typ] = id
		}
	}
	if len(owners) < 30 {
		t.Errorf("%d types only", len(owners))
	}
}

func TestWhatNobodyListedIsAFinding(t *testing.T) {
	in := inspecting(small(t, `{
		"Quiet01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {"Domain": "a"}},
		"Loud01234567": {"Type": "AWS::Cognito::UserPoolDomain", "Properties": {"Domain": "a", "Routing": {}}, "Condition": "IsDev", "UpdatePolicy": {}},
		"Made01234567": {"Type": "AWS::Cognito::UserPoolDomain", "CreationPolicy": {"ResourceSignal": {}}},
		"Stack01234567": {"Type": "AWS::CloudFormation::Stack"}}`))
	in.sets(userDomain, shaped("Domain"))
	in.listsTypes()
	if diff := cmp.Diff([]string{
		"T UserPool/Loud01234567: Routing is set, which " + wayOut,
		"T UserPool/Loud01234567: is there on condition of IsDev only",
		"T UserPool/Loud01234567: has a creation or update policy",
		"T UserPool/Made01234567: has a creation or update policy",
		"T UserPool/Stack01234567: AWS::CloudFormation::Stack must not exist",
	}, in.found()); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestWhatNoStageHasIsStale(t *testing.T) {
	stale := Stale(
		small(t, `{"Users01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {"EnabledMfas": [], "Schema": [{"Name": "email"}], "UserPoolTags": {}}}}`),
		small(t, `{"Users01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {"Schema": [{"Mutable": true}], "Policies": {"SignInPolicy": {}}}}}`),
	)
	if !slices.IsSorted(stale) {
		t.Errorf("%v are in no order", stale)
	}
	for entry, want := range map[string]bool{
		"AWS::S3::Bucket":                                                      true,
		"AWS::S3::Bucket.Tags":                                                 false, // it goes with its type
		"AWS::Cognito::UserPool":                                               false,
		"AWS::Cognito::UserPool.EnabledMfas":                                   false,
		"AWS::Cognito::UserPool.EnabledMfas[]":                                 true,
		"AWS::Cognito::UserPool.UserPoolTags":                                  false,
		"AWS::Cognito::UserPool.Schema[].Name":                                 false,
		"AWS::Cognito::UserPool.Schema[].Mutable":                              false,
		"AWS::Cognito::UserPool.Schema[].StringAttributeConstraints":           true,
		"AWS::Cognito::UserPool.Policies.PasswordPolicy":                       true,
		"AWS::Cognito::UserPool.Policies.SignInPolicy":                         false,
		"AWS::Cognito::UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors": true,
	} {
		if got := slices.Contains(stale, entry); got != want {
			t.Errorf("%s is stale: %t, want %t", entry, got, want)
		}
	}
}

func TestTwoResourcesOfOneNameAreAFinding(t *testing.T) {
	in := inspecting(small(t, `{"Web01234567": {"Type": "AWS::Cognito::UserPoolClient"}, "Web89ABCDEF": {"Type": "AWS::Cognito::UserPoolClient"},
		"Webs01234567": {"Type": "AWS::Cognito::UserPoolClient"}}`))
	in.tellsApart()
	if diff := cmp.Diff([]string{"T UserPool/Web89ABCDEF: is called Web like Web01234567: give its construct another id"}, in.found()); diff != "" {
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
			t.Errorf("%s: findings %v, want one", m.Name, in.findings)
		}
	}
	if len(mutations) != 4 {
		t.Errorf("%d mutations, want 4", len(mutations))
	}
	idle := Mutation{Name: "nothing", stack: "UserPool", template: func(*assembly.Template) {}}
	if _, err := idle.Apply(bootstrapped); err == nil {
		t.Error("a mutation of a template that changes nothing is taken for one")
	}
}
