package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTheSuiteIsWhereItIsRun fails if the suite was moved, before `make verify` would fail after a deploy.
func TestTheSuiteIsWhereItIsRun(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.TestGoFiles}}{{.XTestGoFiles}}", suitePackage).
		CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", suitePackage, err, out)
	}
	if !strings.Contains(string(out), "_test.go") {
		t.Errorf("%s has no tests: make verify would report a suite that proves nothing", suitePackage)
	}
}
