package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/securecart/identity/test/e2e"
)

// TestTheSuiteIsWhereItIsRun fails if the suite was moved, before `make verify` would fail after a deploy.
func TestTheSuiteIsWhereItIsRun(t *testing.T) {
	if got := reflect.TypeFor[e2e.Outputs]().PkgPath(); got != suitePackage {
		t.Errorf("the suite is %s, and make verify runs %s", got, suitePackage)
	}
	_, folder, _ := strings.Cut(suitePackage, "/identity/")
	if tests, err := filepath.Glob("../../" + folder + "/*_test.go"); err != nil || len(tests) == 0 {
		t.Errorf("%s has no tests: make verify would report a suite that proves nothing (%v)", suitePackage, err)
	}
}
