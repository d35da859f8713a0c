package sources_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/securecart/identity/internal/sources"
)

func TestWhatIsNewGoneOrAnotherIsChanged(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string, at int) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Unix(int64(at), 0)); err != nil {
			t.Fatal(err)
		}
	}
	look := func() sources.Snapshot {
		t.Helper()
		seen, err := sources.Of(root, "config", "cdk.json", "nowhere")
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for _, name := range []string{"config/kept.go", "config/deep/other.go", "config/gone.go", "cdk.json"} {
		write(name, "x", 1)
	}
	before := look()
	if len(before) != 4 || len(before.Changed(before)) != 0 {
		t.Errorf("it sees %v", before)
	}
	write("config/deep/other.go", "x", 2)
	write("cdk.json", "xy", 1)
	write("config/new.go", "x", 1)
	// None of these is looked at.
	write("config/new_test.go", "x", 1)
	write("config/README.md", "x", 1)
	write("elsewhere/main.go", "x", 1)
	if err := os.Remove(filepath.Join(root, "config/gone.go")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range look().Changed(before) {
		relative, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(relative))
	}
	want := []string{"cdk.json", "config/deep/other.go", "config/gone.go", "config/new.go"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
