package main

import (
	"io"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support/supporttest"
)

func TestHelpIsThereForEveryCommand(t *testing.T) {
	for _, arguments := range [][]string{{"--help"}, {"-h"}, {"help"}} {
		r := try(nil, "", arguments...)
		for _, c := range commands() {
			if r.code != program.Done || !strings.Contains(r.errors, c.name) || !strings.Contains(r.errors, "2 called wrongly") {
				t.Errorf("%v: exit code %d, %s", arguments, r.code, r.errors)
			}
		}
	}
	for _, c := range commands() {
		r := try(nil, "", c.name, "--help")
		if r.code != program.Done || !strings.Contains(r.errors, "Usage: support "+c.name) ||
			!strings.Contains(r.errors, "role "+string(c.role)) ||
			!strings.Contains(r.errors, c.more) ||
			len(r.opened) > 0 {
			t.Errorf("%s --help: exit code %d, %s", c.name, r.code, r.errors)
		}
	}
}

func TestWrongCallsExitWith2AndReachNobody(t *testing.T) {
	for want, arguments := range map[string][]string{
		"which command?":                      {},
		`there is no command "unlock"`:        with("unlock", "a@b"),
		"which customer?":                     with("find"),
		"one customer at a time":              with("find", "a@b", "c@d"),
		"-ticket must be":                     {"find", "a@b", "-reason", "x"},
		"-reason must be":                     {"find", "a@b", "-ticket", "T-1"},
		"flag provided but not defined: -sub": with("disable", "-sub", supporttest.Sub),
		"flag provided but not defined: -out": with("erase", "a@b", "-out", "x"),
		"say the customer or -sub":            with("erase", "a@b", "-sub", supporttest.Sub),
		"-identity goes with -sub":            with("erase", "a@b", "-identity", "Google#1"),
		"want <provider>#<subject>":           with("erase", "-sub", supporttest.Sub, "-identity", "Google"),
		"-sub must have the form":             with("erase", "-sub", "0f1e"),
		"-stage must be the name of a stage":  with("find", "a@b", "-stage", "../Dev"),
		"say -stage or -outputs":              with("find", "a@b", "-stage", "Dev", "-outputs", "x.json"),
		"a customer is an e-mail address":     with("find", `a"@b`),
	} {
		r := try(nil, "", arguments...)
		if r.code != program.Misuse || !strings.Contains(r.errors, want) || len(r.opened) > 0 || r.out != "" {
			t.Errorf("%v: exit code %d, want %q, got %s", arguments, r.code, want, r.errors)
		}
	}
}

func TestFlagsStandBeforeAndAfterTheCustomer(t *testing.T) {
	for _, arguments := range [][]string{
		{"find", supporttest.Email, "-ticket", "T-1", "-reason", "lost phone"},
		{"find", "-ticket", "T-1", "-reason", "lost phone", supporttest.Email},
		{"find", "-ticket", "T-1", supporttest.Email, "-reason=lost phone"},
	} {
		r := try(supporttest.New(), "", arguments...)
		if r.code != program.Done || !strings.Contains(r.out, supporttest.Sub) {
			t.Errorf("%v: exit code %d, %s", arguments, r.code, r.errors)
		}
	}
}

func TestWhereTheOutputsAre(t *testing.T) {
	for _, c := range []struct {
		arguments            []string
		environment, outputs string
	}{
		{nil, "", "outputs.Dev.json"},
		{[]string{"-stage", "Prod"}, "", "outputs.Prod.json"},
		{[]string{"-stage", "local"}, "", ".build/local/outputs.json"},
		{nil, "/tmp/o.json", "/tmp/o.json"},
		{[]string{"-stage", "Prod"}, "/tmp/o.json", "outputs.Prod.json"},
		{[]string{"-outputs", "mine.json"}, "/tmp/o.json", "mine.json"},
	} {
		got, err := parse(
			append(with("find", "a@b"), c.arguments...),
			terminal{stderr: io.Discard, environment: func(name string) string {
				if name == outputsVariable {
					return c.environment
				}
				return ""
			}},
		)
		if err != nil || got.outputs != c.outputs {
			t.Errorf("%v: %q (%v), want %q", c.arguments, got.outputs, err, c.outputs)
		}
	}
}
