// Package assemblytest writes small assemblies, in the CDK's form, for tests of programs that read them.
package assemblytest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Write writes an assembly with one stage, SecureCart-Test, whose two stacks hold the templates, Upper depending on
// Lower. Violations are the JSON objects of the validation report, if any. It returns the folder.
func Write(t *testing.T, lower, upper, violations string) string {
	t.Helper()
	dir := t.TempDir()
	stage := filepath.Join(dir, "assembly-SecureCart-Test")
	for file, content := range map[string]string{
		filepath.Join(dir, "manifest.json"): `{"version": "54.0.0", "artifacts": {
			"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
			"assembly-SecureCart-Test": {"type": "cdk:cloud-assembly", "properties": {
				"directoryName": "assembly-SecureCart-Test", "displayName": "SecureCart-Test"}}}}`,
		filepath.Join(dir, "validation-report.json"): fmt.Sprintf(
			`{"pluginReports": [{"pluginName": "CloudFormation Validate", "violations": [%s]}]}`, violations),
		filepath.Join(stage, "manifest.json"): `{"version": "54.0.0", "artifacts": {
			"L1.assets": {"type": "cdk:asset-manifest"},
			"L1": {"type": "aws:cloudformation:stack", "displayName": "SecureCart-Test/Lower", "dependencies": ["L1.assets"],
				"properties": {"templateFile": "lower.json", "stackName": "SecureCart-Test-Lower", "terminationProtection": true}},
			"A2": {"type": "aws:cloudformation:stack", "displayName": "SecureCart-Test/Upper", "dependencies": ["L1"],
				"properties": {"templateFile": "upper.json", "stackName": "SecureCart-Test-Upper"}}}}`,
		filepath.Join(stage, "lower.json"): lower,
		filepath.Join(stage, "upper.json"): upper,
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
