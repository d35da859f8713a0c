package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// template is that of the one stack. Resources are made in the order of their ids.
const template = `{"Resources": {` +
	`"APool": {"Type": "AWS::Cognito::UserPool", "Properties": {"DeletionProtection": "ACTIVE"}},
	"BDomain": {"Type": "AWS::Cognito::UserPoolDomain"}}}`

// assemblyOf writes an assembly with a stage of this name: one stack, with all protections on.
func assemblyOf(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	nested := filepath.Join(dir, "assembly-SecureCart-"+name)
	if err := os.MkdirAll(nested, 0o755); err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string]string{
		filepath.Join(dir, "manifest.json"): fmt.Sprintf(`{"version": "54.0.0", "artifacts": {`+
			`"assembly-SecureCart-%[1]s": {"type": "cdk:cloud-assembly",
			"properties": {"directoryName": "assembly-SecureCart-%[1]s", "displayName": "SecureCart-%[1]s"}}}}`, name),
		filepath.Join(nested, "manifest.json"): fmt.Sprintf(`{"version": "54.0.0", "artifacts": {`+
			`"P1": {"type": "aws:cloudformation:stack",
			"environment": "aws://111122223333/eu-central-1", "displayName": "SecureCart-%[1]s/Pool", "properties": {
			"templateFile": "P1.json", "stackName": "SecureCart-%[1]s-Pool", "terminationProtection": true, `+
			`"validateOnSynth": false}}}}`, name),
		filepath.Join(nested, "P1.json"): template,
	} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// against makes the AWS SDK and the CDK CLI call f, and returns the CLI.
func against(t *testing.T, f *cloudFormation) string {
	t.Helper()
	cli, err := filepath.Abs("../../node_modules/.bin/cdk")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cli); err != nil {
		t.Fatalf("the CDK CLI is missing; `make tools` installs it: %v", err)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": f.URL, "AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"HOME": t.TempDir(), "CI": "true", "CDK_DISABLE_CLI_TELEMETRY": "true",
	} {
		t.Setenv(name, value)
	}
	return cli
}

// TestB1 runs the CDK CLI itself: a first deploy that fails is repeated by the same command.
func TestB1(t *testing.T) {
	f := newCloudFormation(t)
	cli := against(t, f)
	const stack = "SecureCart-Kept-Pool"
	assembly := assemblyOf(t, "Kept")
	f.fail(stack+"/BDomain", true)
	if code, said := deploy(t, cli, assembly, "Kept"); code == 0 {
		t.Fatalf("the deploy succeeded: %s", said)
	}
	if status, protected, _ := f.look(stack); status != "CREATE_FAILED" || !protected {
		t.Fatalf("the stack is %s, protected %v; want CREATE_FAILED and protected", status, protected)
	}
	f.fail(stack+"/BDomain", false)
	if code, said := deploy(t, cli, assembly, "Kept"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	status, protected, calls := f.look(stack)
	if status != "UPDATE_COMPLETE" || !protected {
		t.Errorf("the stack is %s, protected %v; want UPDATE_COMPLETE and protected", status, protected)
	}
	if want := []string{"execute, rollback false", "execute, rollback false"}; !slices.Equal(calls, want) {
		t.Errorf("got %v, want %v: nothing of a first deploy may be rolled back or deleted", calls, want)
	}
}

// TestRolledBackCreationCannotBeRepeated shows that the tests' stack is as strict as AWS: if it allowed a rollback,
// TestB1 would prove nothing. It makes the calls of a CLI without --no-rollback.
func TestRolledBackCreationCannotBeRepeated(t *testing.T) {
	f := newCloudFormation(t)
	cli := against(t, f)
	const stack = "SecureCart-Plain-Pool"
	f.fail(stack+"/BDomain", true)
	call := func(action, parameters string) string {
		answer := httptest.NewRecorder()
		f.ServeHTTP(answer, httptest.NewRequest("POST", "/?Action="+action+"&StackName="+stack+parameters, nil))
		return answer.Body.String()
	}
	call("CreateChangeSet", "&ChangeSetType=CREATE")
	call("UpdateTerminationProtection", "&EnableTerminationProtection=true")
	call("ExecuteChangeSet", "")
	if status, _, _ := f.look(stack); status != "ROLLBACK_FAILED" {
		t.Fatalf("the stack is %s, want ROLLBACK_FAILED", status)
	}
	f.fail(stack+"/BDomain", false)
	if said := call("CreateChangeSet", "&ChangeSetType=UPDATE"); !strings.Contains(said, "can not be updated") {
		t.Errorf("want the update to be refused: %s", said)
	}
	if said := call("DeleteStack", ""); !strings.Contains(said, "TerminationProtection is enabled") {
		t.Errorf("want the deletion to be refused: %s", said)
	}
	if code, said := deploy(t, cli, assemblyOf(t, "Plain"), "Plain"); code != 1 ||
		!strings.Contains(said, "A deploy that fails") {
		t.Errorf("exit %d, %s; want to be told the way out", code, said)
	}
}

func deploy(t *testing.T, cli, assembly, stage string) (int, string) {
	t.Helper()
	var out strings.Builder
	code := run([]string{
		"-assembly", assembly, "-stage", stage, "-cdk", cli, "-outputs", filepath.Join(t.TempDir(), "outputs.json"),
		"--", "--require-approval", "never",
	}, &out, &out)
	return code, out.String()
}

func TestWrongArgumentsSayWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{nil, 2, "which stage?"},
		{[]string{"-h"}, 0, "make deploy STAGE=Dev"},
		{[]string{"-stage", "Test", "-assembly", t.TempDir()}, 1, "make synth"},
		{[]string{"-stage", "Other", "-assembly", assemblyOf(t, "Test")}, 1, `no stage "Other"`},
	} {
		var out strings.Builder
		if code := run(c.arguments, &out, &out); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: exit %d, %s; want %d and %q", c.arguments, code, out.String(), c.code, c.says)
		}
	}
}
