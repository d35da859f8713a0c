package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

// forAWS matches a block of commands for AWS in a list of a page.
var forAWS = regexp.MustCompile("(?ms)^ *```sh for AWS\n(.*?)^ *```$")

// TestTheRunbookReplaysTheQueue runs the page's commands: nobody tries them before events wait.
func TestTheRunbookReplaysTheQueue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "runbooks", string(config.EventsMissing)+".md"))
	if err != nil {
		t.Fatal(err)
	}
	found := forAWS.FindAllStringSubmatch(string(text), -1)
	if len(found) != 1 {
		t.Fatalf("%d blocks of commands, want one", len(found))
	}
	commands := strings.ReplaceAll(found[0][1], "<stage>", "Prod")
	for name, c := range map[string]struct{ waiting, poison, want string }{
		"none":              {"0", "0", "None\n0\n"},
		"one":               {"1", "0", "None\n0\n"},
		"more than a batch": {"23", "0", "None\nNone\nNone\n0\n"},
		"some stay":         {"12", "2", "Unhandled\nUnhandled\n2\n"},
	} {
		folder := t.TempDir()
		state := filepath.Join(folder, "waiting")
		if err := os.WriteFile(state, []byte(c.waiting), 0o600); err != nil {
			t.Fatal(err)
		}
		fake, err := os.ReadFile("testdata/aws.sh")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "aws"), fake, 0o700); err != nil { //nolint:gosec // it is a program
			t.Fatal(err)
		}
		run := exec.CommandContext(t.Context(), "bash", "-c", commands)
		run.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "STATE="+state, "POISON="+c.poison,
			"OUTPUTS="+strings.Join(outputs["Operations"], " "))
		got, err := run.CombinedOutput()
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%s, want\n%s", name, err, got, c.want)
		}
	}
}
