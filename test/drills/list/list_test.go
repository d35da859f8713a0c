package list_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/securecart/identity/test/drills/list"
)

func TestDrillsAreFoundByTheirNames(t *testing.T) {
	for _, d := range list.All() {
		if found, err := list.Named(d.Name); err != nil || found.Says != d.Says {
			t.Errorf("%s: %+v, %v", d.Name, found, err)
		}
		if _, err := os.Stat(filepath.Join("..", "..", "..", "docs", "runbooks", string(d.Runbook)+".md")); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	_, err := list.Named("earthquake")
	if err == nil || !strings.Contains(err.Error(), "handler-down") {
		t.Errorf("got %v, want an error with the names that there are", err)
	}
}
