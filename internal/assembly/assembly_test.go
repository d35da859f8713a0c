package assembly_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/assembly/assemblytest"
)

const (
	lower = `{"Resources": {"TableA9B65338": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"}},
		"Outputs": {"Exported": {"Value": {"Fn::GetAtt": ["TableA9B65338", "Arn"]}, "Export": {"Name": "Lower:TableArn"}}}}`
	upper = `{"Resources": {"Fn01234567": {"Type": "AWS::Lambda::Function", "DependsOn": ["Fn01234567"]}}}`
)

func read(t *testing.T) *assembly.Assembly {
	t.Helper()
	a, err := assembly.Read(assemblytest.Write(t, lower, upper, ""))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestReadKeepsTheOrderAndTheDependenciesOfStacks(t *testing.T) {
	stage, ok := read(t).Stage("SecureCart-Test")
	if !ok {
		t.Fatal("no stage SecureCart-Test")
	}
	var got []string
	for _, stack := range stage.Stacks {
		got = append(got, stack.ID+" is "+stack.Name+" after "+strings.Join(stack.DependsOn, ","))
	}
	want := []string{"Lower is SecureCart-Test-Lower after ", "Upper is SecureCart-Test-Upper after SecureCart-Test-Lower"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stacks (-want +got)\n%s", diff)
	}
	first, _ := stage.Stack("Lower")
	kept := first.Template.Resources["TableA9B65338"].DeletionPolicy == "Retain"
	if !first.TerminationProtection || !kept || string(first.JSON) != lower {
		t.Errorf("stack Lower lost something: %+v", first)
	}
	if _, ok := stage.Stack("Middle"); ok {
		t.Error("found a stack that does not exist")
	}
}

func TestReadReportsEveryFindingWithItsConstruct(t *testing.T) {
	got, err := assembly.ReadFindings(assemblytest.Write(t, lower, upper, `
		{"ruleName": "W3030", "description": "not one of", "severity": "warning",
			"violatingConstructs": [{"constructPath": "B"}, {"constructPath": "A"}]},
		{"ruleName": "E1", "description": "nowhere", "severity": "error"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []assembly.Finding{
		{Severity: "error", Rule: "E1", Text: "nowhere"},
		{Severity: "warning", Rule: "W3030", Construct: "A", Text: "not one of"},
		{Severity: "warning", Rule: "W3030", Construct: "B", Text: "not one of"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestReadRefusesHalfAnAssembly(t *testing.T) {
	for _, missing := range []string{
		"manifest.json", "validation-report.json",
		"assembly-SecureCart-Test/manifest.json", "assembly-SecureCart-Test/upper.json",
	} {
		dir := assemblytest.Write(t, lower, upper, "")
		if err := os.Remove(filepath.Join(dir, missing)); err != nil {
			t.Fatal(err)
		}
		if err := both(dir); err == nil {
			t.Errorf("read an assembly without %s", missing)
		}
		if err := os.WriteFile(filepath.Join(dir, missing), []byte("{"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := both(dir); err == nil {
			t.Errorf("read an assembly whose %s is cut off", missing)
		}
	}
}

// both reads stages and findings.
func both(dir string) error {
	_, err := assembly.Read(dir)
	_, findings := assembly.ReadFindings(dir)
	return errors.Join(err, findings)
}

func TestTextWritesValuesAsAReviewerReadsThem(t *testing.T) {
	stage, _ := read(t).Stage("SecureCart-Test")
	stack, _ := stage.Stack("Upper")
	for _, c := range []struct{ value, want, refused string }{
		{`"plain"`, "plain", ""},
		{`{"Ref": "AWS::AccountId"}`, "${AWS::AccountId}", ""},
		{`{"Ref": "Fn01234567"}`, "${Upper.Fn}", ""},
		{`{"Fn::GetAtt": ["Fn01234567", "Arn"]}`, "${Upper.Fn.Arn}", ""},
		{`{"Fn::ImportValue": "Lower:TableArn"}`, "${Lower.Table.Arn}", ""},
		{`{"Fn::Join": ["", [{"Fn::ImportValue": "Lower:TableArn"}, "/index/", "i"]]}`, "${Lower.Table.Arn}/index/i", ""},
		{`{"Ref": "Gone"}`, "", "reference to Gone, which is no resource"},
		{`{"Fn::ImportValue": "Nowhere"}`, "", "import of Nowhere, which no stack of SecureCart-Test exports"},
		{`{"Fn::Join": ["", "parts"]}`, "", "Fn::Join of parts, which is no list"},
		{`{"Fn::Join": ["", [1]]}`, "", "want a string or an intrinsic function, got 1"},
		{`{"Fn::Select": [0, []]}`, "", "do not know how to write Fn::Select"},
		{`{"a": 1, "b": 2}`, "", "want a string or an intrinsic function"},
		{`12`, "", "want a string or an intrinsic function, got 12"},
	} {
		var value any
		if err := json.Unmarshal([]byte(c.value), &value); err != nil {
			t.Fatal(err)
		}
		got, err := stage.Text(stack, value)
		if got != c.want || (err == nil) != (c.refused == "") || (err != nil && !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("Text(%s) = %q, %v; want %q, error %q", c.value, got, err, c.want, c.refused)
		}
	}
}

func TestALogicalIDIsNamedWithoutItsHash(t *testing.T) {
	for id, want := range map[string]string{
		"StepUpClientBB387F6B": "StepUpClient", "Google": "Google", "Clients": "Clients",
		"LongWithoutHash": "LongWithoutHash", "BB387F6B": "",
	} {
		if got := assembly.Unhashed(id); got != want {
			t.Errorf("%s is named %q, want %q", id, got, want)
		}
	}
}
