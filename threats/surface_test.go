package threats

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/assembly"
)

func TestEveryTypeBelongsToOneThreatThatIsChecked(t *testing.T) {
	owners := map[string]string{}
	for id, part := range surface {
		if threat, found := ByID(id); !found || !threat.Checked() {
			t.Errorf("%s is no threat with a check: nobody would look at its types", id)
		}
		for typ, listed := range part {
			if owners[typ] != "" {
				t.Errorf("%s belongs to %s and to %s", typ, owners[typ], id)
			}
			owners[typ] = id
			if names := strings.Fields(listed); !slices.IsSorted(names) || len(slices.Compact(names)) != len(strings.Fields(listed)) {
				t.Errorf("%s: %v are not sorted, or name one twice", typ, names)
			}
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
	in.sets(userDomain, []string{"Domain"})
	in.listsTypes()
	if diff := cmp.Diff([]string{
		"T UserPool/Loud01234567: Routing is set, which nobody judged",
		"T UserPool/Loud01234567: is there on condition of IsDev only",
		"T UserPool/Loud01234567: has a creation or update policy",
		"T UserPool/Made01234567: has a creation or update policy",
		"T UserPool/Stack01234567: AWS::CloudFormation::Stack must not exist",
	}, in.found()); diff != "" {
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
	mutations := variable(bootstrapped)
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
