package main

import (
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/test/e2e"
)

// atHome are the verdicts of the local stage: those that it cannot have an answer to are "not here".
var atHome = map[string]verdict{
	"O1": holds, "O2": holds, "O3": holds, "O4": noted, "O5": noted, "O6": notHere, "O7": holds, "O8": holds,
	"O9": noted, "O10": noted, "O11": noted, "O12": noted, "O13": holds, "O14": byHand, "O15": holds, "O16": holds,
	"O17": noted, "O18": holds, "O19": holds, "O20": notHere, "O21": notHere, "O22": notHere, "O23": notHere,
	"O24": notHere, "O25": notHere, "O26": notHere, "O27": notHere, "O28": notHere,
	"O29": notHere, "O30": notHere,
}

// TestAtTheLocalStage has one stage for all that needs one: its start takes longer than they do.
func TestAtTheLocalStage(t *testing.T) {
	server := localtest.Serve(t, localtest.Config(t, io.Discard))
	stage := localtest.Open(t, server)
	t.Run("every question has an answer", func(t *testing.T) { answersEveryQuestion(t, stage) })
	t.Run("probes clean up", func(t *testing.T) { cleansUp(t, stage) })
	t.Run("one question is asked alone", func(t *testing.T) { asksOneQuestion(t, server) })
}

func answersEveryQuestion(t *testing.T, stage *e2e.Running) {
	for _, p := range probes() {
		t.Run(p.id, func(t *testing.T) {
			got := p.answerOf(t.Context(), newBench(stage))
			t.Logf("%s: %s", got.Verdict, got.Seen)
			if got.Verdict != atHome[p.id] || got.Seen == "" || got.Question != p.question {
				t.Errorf("got %+v, want %q and what was seen", got, atHome[p.id])
			}
		})
	}
	if len(atHome) != len(probes()) {
		t.Errorf("%d questions, %d expected answers", len(probes()), len(atHome))
	}
	if err := stage.RemoveLeftovers(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
}

// TestWhatARequiredFactorChanges asks the questions whose answer differs there.
func TestWhatARequiredFactorChanges(t *testing.T) {
	stage := localtest.Open(t, localtest.Serve(t, localtest.StageConfig(t, "SecureCart-Staging", io.Discard)))
	for _, id := range []string{"O6", "O8", "O3"} {
		asked, err := chosen(id)
		if err != nil {
			t.Fatal(err)
		}
		got := asked[0].answerOf(t.Context(), newBench(stage))
		t.Logf("%s: %s: %s", id, got.Verdict, got.Seen)
		if want := map[string]verdict{"O6": noted, "O8": holds, "O3": holds}[id]; got.Verdict != want {
			t.Errorf("got %+v, want %q", got, want)
		}
		if id == "O8" && !strings.Contains(got.Seen, "MFA_SETUP") {
			t.Errorf("got %q, want the last answer to be MFA_SETUP", got.Seen)
		}
	}
}

// cleansUp: also after a failed probe, and after Ctrl-C.
func cleansUp(t *testing.T, stage *e2e.Running) {
	var made *e2e.Customer
	ctx, interrupt := context.WithCancel(t.Context())
	stuck := probe{"O0", "what if?", func(ctx context.Context, b *bench) (verdict, string, error) {
		defer interrupt()
		c, _, err := b.customer(ctx)
		made = c
		return holds, "half", errors.Join(err, errors.New("stuck"))
	}}
	got := stuck.answerOf(ctx, newBench(stage))
	if got.Verdict != unanswered || got.Seen != "half stuck" {
		t.Errorf("got %+v, want no answer, and why", got)
	}
	if _, err := newBench(stage).look(t.Context(), made); e2e.ErrorCode(err) != "UserNotFoundException" {
		t.Errorf("the customer is still there: %v", err)
	}
}

// TestEveryQuestionIsARowOfTheDocumentation checks both directions: every probe is documented, and every documented
// question has a probe.
func TestEveryQuestionIsARowOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/aws.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, asked []string
	for _, row := range regexp.MustCompile(`(?m)^\| (O[0-9]+) \|`).FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, row[1])
	}
	for _, p := range probes() {
		asked = append(asked, p.id)
	}
	if !slices.Equal(documented, asked) {
		t.Errorf("docs/aws.md has %v, make verify asks %v", documented, asked)
	}
}
