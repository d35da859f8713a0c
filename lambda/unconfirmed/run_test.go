package main

import (
	"fmt"
	"testing"
	"time"
)

// recorded stores user names as an earlier run left them.
func (w *world) recorded(usernames ...string) {
	w.t.Helper()
	for _, username := range usernames {
		if err := w.removals().add(w.t.Context(), username); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestOnlyStaleUnconfirmedEnabledAccountsAreRemoved(t *testing.T) {
	w := newWorld(t)
	w.is("two-days", "UNCONFIRMED", 2*days)
	w.is("two-days-and-a-second", "UNCONFIRMED", 2*days+time.Second)
	w.is("disabled", "UNCONFIRMED", 9*days).enabled = false
	w.is("dateless", "UNCONFIRMED", 9*days).created = time.Time{}
	for _, status := range []string{
		"CONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "EXTERNAL_PROVIDER", "ARCHIVED", "COMPROMISED",
		"UNKNOWN", "Unconfirmed",
	} {
		w.is(status, status, 9*days)
	}
	got := w.run(nil)
	if w.people["two-days-and-a-second"] != nil {
		t.Error("an account that is older than two days is still there")
	}
	if got.line.Removed != 1 || len(w.people) != 11 || w.people["disabled"].enabled {
		t.Errorf("logged %+v, left %v", got.line, w.people)
	}
	w.wantNothingLeft()
}

// A list may be outdated, so the account is read before anything happens.
func TestListThatIsBehindRemovesNobody(t *testing.T) {
	w := newWorld(t)
	w.stale = map[string]*person{}
	for _, username := range []string{"confirmed", "disabled", "gone", "new"} {
		w.stale[username] = &person{status: "UNCONFIRMED", enabled: true, created: w.now.Add(-9 * days)}
	}
	w.is("confirmed", "CONFIRMED", 9*days)
	w.is("disabled", "UNCONFIRMED", 9*days).enabled = false
	w.is("new", "UNCONFIRMED", time.Hour)
	got := w.run(nil)
	w.wantPeople("confirmed CONFIRMED true", "disabled UNCONFIRMED false", "new UNCONFIRMED true")
	if want := completed(4); got.line != want {
		t.Errorf("logged %+v, want %+v", got.line, want)
	}
	for _, call := range w.Calls {
		if call == "UpdateItem ADD" || call == "AdminDisableUser disabled" {
			t.Errorf("calls %q, want nothing recorded or disabled", w.Calls)
		}
	}
}

func TestRunFinishesWhatIsRecordedFirst(t *testing.T) {
	w := newWorld(t)
	w.recorded("disabled", "enabled", "confirmed", "gone", "young")
	w.is("disabled", "UNCONFIRMED", 9*days).enabled = false
	w.is("enabled", "UNCONFIRMED", 9*days)
	w.is("confirmed", "CONFIRMED", 9*days).enabled = false
	w.is("young", "UNCONFIRMED", time.Hour).enabled = false
	w.is("alice", "UNCONFIRMED", 9*days)
	got := w.run(nil)
	w.wantPeople("confirmed CONFIRMED true", "young UNCONFIRMED true")
	w.wantNothingLeft()
	want := completed(2)
	want.Resumed, want.Removed, want.Enabled = 5, 4, 2
	if got.line != want {
		t.Errorf("logged %+v, want %+v", got.line, want)
	}
	for _, call := range w.Calls {
		if call == "AdminDisableUser confirmed" {
			t.Error("a customer who has confirmed was disabled once more")
		}
	}
	if calls := fmt.Sprint(w.Calls[:2]); calls != "[UpdateItem SET AdminGetUser confirmed]" {
		t.Errorf("first calls %s, want those of what is recorded", calls)
	}
}

func TestRunHandlesALimitedNumberOfAccountsAndTheNextContinues(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.is(fmt.Sprintf("user-%d", i), "UNCONFIRMED", 9*days)
	}
	three := func(s *schedule) { s.limit = 3 }
	for _, want := range []struct {
		removed int
		outcome string
	}{{3, "limit"}, {3, "limit"}, {1, "complete"}} {
		got := w.run(three)
		if got.line.Removed != want.removed || got.line.Outcome != want.outcome ||
			got.err != nil || got.line.Level != "INFO" {
			t.Errorf("logged %+v, want %+v", got.line, want)
		}
		w.wantNothingLeft()
	}
	w.recorded("a", "b", "c", "d")
	if got := w.run(three); got.line.Resumed != 3 || got.line.Outcome != "limit" {
		t.Errorf("logged %+v, want what is recorded to count, too", got.line)
	}
	if limit := newSchedule(nil, w.config, poolID, w.table).limit; limit != 1000 {
		t.Errorf("a run works on %d accounts, want 1000", limit)
	}
}
