package module_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/securecart/identity/internal/module"
)

func TestRootIsTheNearestFolderWithGoMod(t *testing.T) {
	outer, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(outer, "tools")
	for _, folder := range []string{filepath.Join(outer, "lambda", "orders"), filepath.Join(inner, "audit")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, root := range []string{outer, inner} {
		if err := os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string]string{
		outer: outer, filepath.Join(outer, "lambda", "orders"): outer, inner: inner, filepath.Join(inner, "audit"): inner,
	} {
		t.Chdir(folder)
		if got, err := module.Root(); err != nil || got != want {
			t.Errorf("in %s: Root = %q, %v; want %s", folder, got, err, want)
		}
	}
}

func TestFolderOutsideAnyModuleHasNoRoot(t *testing.T) {
	t.Chdir(t.TempDir())
	if got, err := module.Root(); err == nil {
		t.Errorf("Root = %s, want an error", got)
	}
}
