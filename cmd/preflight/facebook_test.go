package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFacebooksVersionIsToldInTime(t *testing.T) {
	end := facebookExpiries["v21.0"]
	for name, test := range map[string]struct {
		version string
		now     time.Time
		want    Status
	}{
		"long before":      {"v21.0", end.Add(-facebookNotice), OK},
		"half a year left": {"v21.0", end.Add(-facebookNotice + time.Second), Warning},
		"the last second":  {"v21.0", end.Add(-time.Second), Warning},
		"ended":            {"v21.0", end, Failure},
		"no end known":     {"v26.0", end, OK},
		"unknown":          {"v1.0", end, Warning},
	} {
		if got := facebook(test.version, test.now); got.Status != test.want || (got.Remedy == "") != (test.want == OK) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestFacebooksVersionIsThatOfTheTemplates compares the checked version with the deployed one.
func TestFacebooksVersionIsThatOfTheTemplates(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root(t), "test", "testdata", "golden", "*-IdentityProviders.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no reviewed template: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"api_version": "`+facebookVersion+`"`) {
			t.Errorf("%s names another version than %s", filepath.Base(file), facebookVersion)
		}
	}
}
