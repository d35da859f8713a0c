package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
)

// result is the result of one run.
type result struct {
	Stage   string   `json:"stage"`
	Region  string   `json:"region"`
	At      string   `json:"at"`
	Suite   *suite   `json:"suite,omitempty"`
	Answers []answer `json:"answers"`
}

// suite is the result of the end-to-end tests. Subtests are counted separately.
type suite struct {
	Passed  int      `json:"passed"`
	Skipped []string `json:"skipped,omitempty"`
	Failed  []string `json:"failed,omitempty"`
}

// verdict is the meaning of an answer for this project.
type verdict string

const (
	// holds: the project's assumption is right.
	holds verdict = "holds"
	// fails: the assumption is wrong, and docs/aws.md says what must change.
	fails verdict = "FAILS"
	// noted: the project works with either answer.
	noted verdict = "noted"
	// notHere: the question makes no sense at this stage.
	notHere verdict = "not here"
	// byHand: a person has to look, as the text says.
	byHand verdict = "by hand"
	// unanswered: the probe itself failed.
	unanswered verdict = "NO ANSWER"
)

// answer is the result of one question.
type answer struct {
	ID       string  `json:"id"`
	Question string  `json:"question"`
	Verdict  verdict `json:"verdict"`
	Seen     string  `json:"seen"`
}

// ok reports whether nothing failed and every probe has an answer.
func (r result) ok() bool {
	if r.Suite != nil && (len(r.Suite.Failed) > 0 || r.Suite.Passed == 0) {
		return false
	}
	for _, a := range r.Answers {
		if a.Verdict == fails || a.Verdict == unanswered {
			return false
		}
	}
	return true
}

func (r result) print(w io.Writer) {
	if s := r.Suite; s != nil {
		fmt.Fprintf(w, "end-to-end suite: %d passed, %d skipped, %d failed\n", s.Passed, len(s.Skipped), len(s.Failed))
		for _, name := range s.Failed {
			fmt.Fprintf(w, "  failed: %s\n", name)
		}
		fmt.Fprintln(w)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "row\tquestion\tanswer\tseen")
	for _, a := range r.Answers {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.ID, a.Question, a.Verdict, a.Seen)
	}
	_ = table.Flush() // what cannot be printed is in the file
}

// write keeps the result as folder/verify.<stage>.json, and returns that name.
func (r result) write(folder string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("write the result: %w", err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the result: %w", err)
	}
	file := filepath.Join(folder, "verify."+r.Stage+".json")
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return "", fmt.Errorf("write the result: %w", err)
	}
	return file, nil
}

// readEvents counts the events of `go test -json`. If there is no event of a test, nothing was run, which is an error.
func readEvents(r io.Reader) (*suite, error) {
	var s suite
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct{ Action, Test string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil || event.Test == "" {
			continue // the compiler writes lines that are no events
		}
		switch event.Action {
		case "pass":
			s.Passed++
		case "skip":
			s.Skipped = append(s.Skipped, event.Test)
		case "fail":
			s.Failed = append(s.Failed, event.Test)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if s.Passed+len(s.Skipped)+len(s.Failed) == 0 {
		return nil, errors.New("no test ran")
	}
	return &s, nil
}
