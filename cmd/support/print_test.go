package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

func TestTextOfCustomersCannotControlTheTerminal(t *testing.T) {
	stage := supporttest.New()
	stage.Users[supporttest.Sub].Attributes["email"] = "a\x1b[2Jb\u202e@example.com"
	r := try(stage, "", with("show", supporttest.Sub)...)
	if r.code != program.Done || strings.ContainsAny(r.out, "\x1b\u202e") ||
		!strings.Contains(r.out, "a\ufffd[2Jb\ufffd@example.com") {
		t.Errorf("printed %q %s", r.out, r.errors)
	}
}

func TestWorkThatTakesLongSaysWhatItDoes(t *testing.T) {
	var out bytes.Buffer
	ticks := make(chan time.Time)
	p := startProgress(&out, ticks)
	ticks <- time.Time{} // nothing is being done yet
	p.report("deleting documents (1 of 4)")
	ticks <- time.Time{}
	p.report("deleting documents (2 of 4)")
	p.report("deleting documents (3 of 4)")
	ticks <- time.Time{}
	p.pause()
	ticks <- time.Time{}
	p.stop()
	p.report("late")
	p.stop()
	if want := "deleting documents (1 of 4) …\ndeleting documents (3 of 4) …\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	plain := terminal{environment: func(string) string { return "" }}
	for name, to := range map[string]io.Writer{"buffer": &bytes.Buffer{}, "file": file} {
		if got := plain.paint(to, red, "x"); got != "x" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// The null device is a character device, as a terminal is.
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close() //nolint:errcheck // nothing was written
	if got := plain.paint(device, red, "x"); got != "\x1b[31mx\x1b[0m" {
		t.Errorf("device: %q", got)
	}
	for _, off := range []string{"NO_COLOR=1", "TERM=dumb"} {
		name, value, _ := strings.Cut(off, "=")
		dull := terminal{environment: func(asked string) string { return map[string]string{name: value}[asked] }}
		if got := dull.paint(device, red, "x"); got != "x" {
			t.Errorf("%s: %q", off, got)
		}
	}
}

func TestAnAnswerThatCannotBePrintedIsAFailure(t *testing.T) {
	code := run(with("find", "--json", supporttest.Email), terminal{
		stdin: strings.NewReader(""), stdout: broken{}, stderr: io.Discard, environment: func(string) string { return "" },
		open: func(context.Context, options) (*support.Desk, error) { return supporttest.New().Desk(), nil },
	})
	if code != program.Failed {
		t.Errorf("exit code %d", code)
	}
}

type broken struct{}
