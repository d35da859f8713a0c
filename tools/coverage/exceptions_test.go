package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/cover"
)

func TestExceptionsAreReadWithTheirReasons(t *testing.T) {
	got, err := readExceptions("# a comment\n\na/b.go main 1 only Lambda calls it\n  a/b.go\tT.m 12 x\n")
	want := []exception{{"a/b.go", "main", 1}, {"a/b.go", "T.m", 12}}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

func TestExceptionThatSaysTooLittleIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"a/b.go main 1":    "line 2: a/b.go main 1 has no reason",
		"a/b.go main 1   ": "line 2: a/b.go main 1 has no reason",
		"a/b.go main":      "line 2: want a file, a function, a number of statements and a reason",
		"a/b.go main it is only called by Lambda":     `line 2: "it" is not a number of statements`,
		"a/b.go main 0 nothing":                       `line 2: "0" is not a number of statements`,
		"a/b.go main -1 nothing":                      `line 2: "-1" is not a number of statements`,
		"a/b.go main 1 x\na/b.go main 2 another time": "line 3: a/b.go main is excepted twice",
		"a/b.go main 1\na/c.go main 1": "line 2: a/b.go main 1 has no reason\n" +
			"line 3: a/c.go main 1 has no reason",
	} {
		if _, err := readExceptions("# list\n" + line); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", line, err, want)
		}
	}
	file := t.TempDir() + "/exceptions.txt"
	write(t, file, "gate/gate.go main 1")
	if err := run(io.Discard, "..", file, gated); err == nil || !strings.Contains(err.Error(), "has no reason") {
		t.Errorf("got %v, want it refused before anything is measured", err)
	}
	if err := run(io.Discard, "..", file+".gone", gated); err == nil {
		t.Error("got no error without a list of exceptions")
	}
}

func TestExceptionsAreOfGatedPackages(t *testing.T) {
	text, err := os.ReadFile("exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readExceptions(string(text))
	if err != nil {
		t.Error(err)
	}
	for _, one := range all {
		inside := false
		for _, folder := range gated {
			inside = inside || strings.HasPrefix(one.file, folder+"/")
		}
		if !inside {
			t.Errorf("%s is in no package of %v", one, gated)
		}
	}
}

func TestProfileOfAnotherStateOfAFileIsRefused(t *testing.T) {
	root := module(t, map[string]string{"gate.go": gate})
	block := func(start, end int) []cover.ProfileBlock {
		return []cover.ProfileBlock{{StartLine: start, StartCol: 11, EndLine: end, EndCol: 3, NumStmt: 1}}
	}
	for name, other := range map[string][]cover.ProfileBlock{
		"before a function": block(3, 10), "after a function": block(24, 30), "after all": block(40, 41),
	} {
		_, err := missedIn(root, "gate/gate.go", other)
		if err == nil || !strings.Contains(err.Error(), "changed meanwhile") {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	got, err := missedIn(root, "gate/gate.go", block(8, 10))
	if want := []gap{{"gate/gate.go", 8, "Gate.Open", 1}}; !slices.Equal(got, want) || err != nil {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if _, err := missedIn(root, "gate/gone.go", block(8, 10)); err == nil {
		t.Error("got no error for a file that is gone")
	}
}
