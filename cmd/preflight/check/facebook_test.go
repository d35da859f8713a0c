package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/securecart/identity/cmd/preflight/check"
)

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
		if !strings.Contains(string(text), `"api_version": "`+check.FacebookVersion+`"`) {
			t.Errorf("%s names another version than %s", filepath.Base(file), check.FacebookVersion)
		}
	}
}
