package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

func TestTheCommandLineIsExplained(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "make demo"},
		{[]string{"-assembly", "nowhere", "serve"}, 1, "run `make synth`"},
	} {
		var stderr bytes.Buffer
		if code := run(c.arguments, io.Discard, &stderr); code != c.code || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%q: got %d and %q, want %d and %q", c.arguments, code, stderr.String(), c.code, c.says)
		}
	}
}

func TestABrokenStageEndsWhateverItWasServedFor(t *testing.T) {
	broken := make(chan struct{})
	close(broken)
	err := unlessBroken(t.Context(), broken, func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	err = unlessBroken(interrupted, make(chan struct{}), func(ctx context.Context) error { return ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after Ctrl-C: got %v, want what it returned", err)
	}
}

// TestTheDemoSucceedsOnlyIfEveryCellIsAsDocumented gives the demo README, and README with one cell changed.
func TestTheDemoSucceedsOnlyIfEveryCellIsAsDocumented(t *testing.T) {
	readme := must.Get(os.ReadFile(filepath.Join(stagetest.Root(t), "README.md")))(t)
	const said = "| `GET /orders` | no | no | own | own | no |"
	lie := strings.Replace(string(readme), said, "| `GET /orders` | no | own | own | own | no |", 1)
	if lie == string(readme) {
		t.Fatalf("README has no row %s", said)
	}
	clock := e2e.NewClock(2 * time.Minute)
	config := localtest.Config(t, io.Discard)
	config.Now = clock.Now
	server := localtest.Serve(t, config)
	for name, c := range map[string]struct{ readme, fails, says string }{
		"as it is": {string(readme), "", "Every cell is as README says."},
		"changed":  {lie, "1 cells are not as README says", "GET /orders as guest credentials: got 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			must.Do(t, os.WriteFile("README.md", []byte(c.readme), 0o600))
			var told strings.Builder
			err := demo(t.Context(), server, clock, &told)
			if (err == nil) != (c.fails == "") || (err != nil && err.Error() != c.fails) ||
				!strings.Contains(told.String(), c.says) {
				t.Errorf("got %v, want %q; it told:\n%s", err, c.fails, told.String())
			}
		})
	}
}
