package main

import (
	"bytes"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// A result holds the response and the log of a run.
type result struct {
	err  error
	text string
	line line
}

type line struct {
	Level, Msg, Outcome, Error, Reason        string
	Listed, Resumed, Removed, Enabled, Failed int
}

// completed is the log line of a complete run that listed so many accounts.
func completed(listed int) line {
	return line{Level: "INFO", Msg: "unconfirmed accounts", Outcome: "complete", Listed: listed}
}

// run makes one run, as in a new process. It may take 15 minutes unless change says otherwise.
func (w *world) run(change func(*schedule)) result {
	w.t.Helper()
	written := &bytes.Buffer{}
	s := newSchedule(slog.New(slog.NewJSONHandler(written, nil)), w.config, poolID, w.table)
	s.now = func() time.Time { return w.now }
	if change != nil {
		change(s)
	}
	answered, err := w.InvokeScheduled(s)
	if (err == nil) != (string(answered) == "null") || err != nil && err.Error() != errRun.Error() {
		w.t.Errorf("answer %q, error %v", answered, err)
	}
	return result{err: err, text: written.String(), line: lambdatest.Line[line](w.t, written.String())}
}

// item returns the recorded names and the end of the lease, or 0.
func (w *world) item() (usernames []string, until int64) {
	w.t.Helper()
	stored := lambdatest.StoredProof(w.t, w.table, "unconfirmed-removals")
	if names, found := stored["usernames"].([]string); found {
		usernames = slices.Sorted(slices.Values(names))
	}
	if at, found := stored["leasedUntil"].(float64); found {
		until = int64(at)
	}
	return usernames, until
}

// wantPeople checks the pool's accounts, each as name, status and enabled.
func (w *world) wantPeople(want ...string) {
	w.t.Helper()
	var got []string
	for username, p := range w.people {
		got = append(got, username+" "+p.status+" "+strconv.FormatBool(p.enabled))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(want, got) {
		w.t.Errorf("in the pool are %q, want %q", got, want)
	}
}

// wantNothingLeft checks that no name is recorded and no lease held.
func (w *world) wantNothingLeft() {
	w.t.Helper()
	if usernames, until := w.item(); len(usernames) != 0 || until != 0 {
		w.t.Errorf("the item has %v and a lease until %d, want neither", usernames, until)
	}
}
