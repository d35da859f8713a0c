package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/assembly/assemblytest"
)

const (
	small   = `{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}`
	finding = `{"ruleName": "W3030", "description": "not one of", "severity": "warning", ` +
		`"violatingConstructs": [{"constructPath": "SecureCart-Test/Upper/A"}]}`
	accepts  = `[{"rule": "W3030", "construct": "SecureCart-Test/Upper/A", "reason": "the schema is behind the service"}]`
	refusing = "; mend it, or accept it with a reason in "
)

// outcome runs the command on an assembly, and returns its exit code and its output without the folder's name.
func outcome(t *testing.T, upper, violations, accepted string, args ...string) (code int, out, errs string) {
	t.Helper()
	dir := assemblytest.Write(t, small, upper, violations)
	file := filepath.Join(dir, "accepted.json")
	if err := os.WriteFile(file, []byte(accepted), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"-assembly", dir, "-accepted", file}, args...), &stdout, &stderr)
	return code, strings.ReplaceAll(stdout.String(), dir+"/", ""), strings.ReplaceAll(stderr.String(), dir+"/", "")
}

func TestSynthcheckPrintsOneLineAStack(t *testing.T) {
	code, out, errs := outcome(t, small, finding, accepts)
	want := "STAGE  STACK  RESOURCES  TEMPLATE  WARNINGS\n" +
		"Test   Lower  1          0.0 kB    0\n" +
		"Test   Upper  1          0.0 kB    1\n" +
		"accepted: warning W3030 SecureCart-Test/Upper/A: not one of (the schema is behind the service)\n"
	if code != 0 || out != want || errs != "" {
		t.Errorf("exit %d, errors %q, output\n%s\nwant\n%s", code, errs, out, want)
	}
}

func TestSynthcheckFailsOnWhatNobodyAccepted(t *testing.T) {
	var many []string
	for i := range maxResources {
		many = append(many, fmt.Sprintf(`"R%d": {"Type": "AWS::SNS::Topic"}`, i))
	}
	crowded := `{"Resources": {` + strings.Join(many, ",") + `}}`
	for _, c := range []struct{ name, upper, violations, accepted, want string }{
		{"a finding", small, finding, "[]", "warning W3030 SecureCart-Test/Upper/A: not one of" + refusing + "accepted.json"},
		{"another rule", small, finding, strings.Replace(accepts, "W3030", "W1", 1),
			"warning W3030 SecureCart-Test/Upper/A: not one of" + refusing + "accepted.json\n" +
				"accepted.json: rule W1 of SecureCart-Test/Upper/A is found no more; remove the entry"},
		{"a stale entry", small, "", accepts,
			"accepted.json: rule W3030 of SecureCart-Test/Upper/A is found no more; remove the entry"},
		{"an entry without reason", small, finding, strings.Replace(accepts, "the schema is behind the service", "ok", 1),
			`accepted.json: entry 0 must name rule, construct and a reason that a reviewer can judge, ` +
				`got {Rule:W3030 Construct:SecureCart-Test/Upper/A Reason:ok}`},
		{"an unknown field", small, "", `[{"why": "because"}]`,
			`read accepted findings: accepted.json: json: unknown field "why"`},
		{"a crowded template", crowded, "", "[]", fmt.Sprintf(
			"SecureCart-Test/Upper: template must have fewer than 200 resources and 400000 bytes, "+
				"got 200 and %d; split the stack", len(crowded))},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, errs := outcome(t, c.upper, c.violations, c.accepted)
			if code != 1 || errs != c.want+"\n" {
				t.Errorf("exit %d, errors\n%s\nwant 1 and\n%s", code, errs, c.want)
			}
		})
	}
}

func TestSynthcheckFindsEveryProtectionAgainstDeletion(t *testing.T) {
	for properties, want := range map[string]string{
		`{}`:                                   "",
		`{"DeletionProtection": "INACTIVE"}`:   "",
		`{"DeletionProtectionEnabled": false}`: "",
		`{"DeletionProtection": "ACTIVE"}`:     "deletion protection on A",
		`{"DeletionProtectionEnabled": true}`:  "deletion protection on A",
	} {
		var stack assembly.Stack
		text := `{"Resources": {"A": {"Properties": ` + properties + `}}}`
		if err := json.Unmarshal([]byte(text), &stack.Template); err != nil {
			t.Fatal(err)
		}
		if got := protectionOf(stack); got != want {
			t.Errorf("%s is protected by %q, want %q", properties, got, want)
		}
	}
}

func TestSynthcheckKnowsStagesAndWhichMayGo(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-stage", "Test"}, 0, ""},
		{[]string{"-stage", "Tset"}, 1, "stage \"Tset\" does not exist; choose one of Test\n"},
		{[]string{"-stage", "Test", "-deletable"}, 1,
			"stage Test is not deleted: stack SecureCart-Test-Lower has termination protection"},
		{[]string{"-assembly", "/nowhere"}, 1,
			"read assembly: open /nowhere/manifest.json: no such file or directory; run `make synth`\n"},
		{[]string{"-help"}, 0, "Usage of synthcheck"},
		{[]string{"-unknown"}, 2, "flag provided but not defined: -unknown"},
	} {
		code, _, errs := outcome(t, small, finding, "[]", c.args...)
		if code != c.code || !strings.HasPrefix(errs, c.want) || (c.want == "" && errs != "") {
			t.Errorf("%v: exit %d, errors %q; want %d, %q", c.args, code, errs, c.code, c.want)
		}
	}
}
