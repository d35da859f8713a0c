package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/local"
)

func TestReadEventsCountsTests(t *testing.T) {
	s, err := readEvents(strings.NewReader(`# a line of the compiler
{"Action":"run","Test":"TestA"}
{"Action":"pass","Test":"TestA"}
{"Action":"fail","Test":"TestB/x"}
{"Action":"fail","Test":"TestB"}
{"Action":"skip","Test":"TestC"}
{"Action":"fail"}
`))
	if err != nil || s.Passed != 1 || !slices.Equal(s.Failed, []string{"TestB/x", "TestB"}) ||
		!slices.Equal(s.Skipped, []string{"TestC"}) {
		t.Errorf("got %+v, %v", s, err)
	}
	if s, err := readEvents(strings.NewReader("FAIL ./e2e [build failed]\n")); err == nil {
		t.Errorf("got %+v from a suite that did not build", s)
	}
}

func TestAResultIsOnlyAsGoodAsItsWorstAnswer(t *testing.T) {
	for _, c := range []struct {
		name string
		r    result
		want bool
	}{
		{"all well", result{
			Suite:   &suite{Passed: 1},
			Answers: []answer{{Verdict: holds}, {Verdict: noted}, {Verdict: notHere}, {Verdict: byHand}},
		}, true},
		{"no suite", result{Answers: []answer{{Verdict: holds}}}, true},
		{"a test failed", result{Suite: &suite{Passed: 1, Failed: []string{"TestA"}}}, false},
		{"nothing passed", result{Suite: &suite{Skipped: []string{"TestA"}}}, false},
		{"a wrong answer", result{Answers: []answer{{Verdict: holds}, {Verdict: fails}}}, false},
		{"no answer", result{Answers: []answer{{Verdict: unanswered}}}, false},
	} {
		if got := c.r.ok(); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// asksOneQuestion runs the whole command against a local stage.
func asksOneQuestion(t *testing.T, server *local.Server) {
	folder := t.TempDir()
	outputs := filepath.Join(folder, "outputs.json")
	if err := server.WriteOutputs(outputs); err != nil {
		t.Fatal(err)
	}
	for _, variable := range server.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	var out, errs strings.Builder
	arguments := []string{"-stage", "Home", "-outputs", outputs, "-folder", folder, "-only", "O1"}
	if code := run(arguments, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s%s", code, out.String(), errs.String())
	}
	if !strings.Contains(out.String(), "O1") || !strings.Contains(out.String(), "holds") {
		t.Errorf("printed %s", out.String())
	}
	text, err := os.ReadFile(filepath.Join(folder, "verify.Home.json"))
	if err != nil {
		t.Fatal(err)
	}
	var written result
	if err := json.Unmarshal(text, &written); err != nil || written.Stage != "Home" || len(written.Answers) != 1 ||
		written.Answers[0].Verdict != holds {
		t.Errorf("wrote %s (%v)", text, err)
	}
}

func TestWrongArgumentsSayWhatIsMissing(t *testing.T) {
	t.Setenv(outputsVariable, "")
	for _, c := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{nil, 2, "which stage?"},
		{[]string{"-outputs", "x", "again"}, 2, "verify takes no argument"},
		{[]string{"-outputs", "nowhere.json"}, 1, "nowhere.json"},
		{[]string{"-h"}, 0, "make verify STAGE=Dev"},
	} {
		var out, errs strings.Builder
		if code := run(c.arguments, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%v: exit %d, %s; want %d and %q", c.arguments, code, errs.String(), c.code, c.says)
		}
	}
	if _, err := chosen("O999"); err == nil || !strings.Contains(err.Error(), "O1, O2") {
		t.Errorf("an unknown question: %v", err)
	}
}
