package main

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

const days = 24 * time.Hour

// removal are the calls of a run that removes alice.
var removal = []string{
	"UpdateItem SET", "ListUsers", "AdminGetUser alice", "UpdateItem ADD", "AdminDisableUser alice",
	"AdminGetUser alice", "AdminDeleteUser alice", "UpdateItem DELETE", "UpdateItem REMOVE",
}

func TestAccountThatStayedUnconfirmedIsRemoved(t *testing.T) {
	w := newWorld(t)
	w.is("alice", "UNCONFIRMED", 3*days)
	got := w.run(nil)
	if fmt.Sprint(w.Calls) != fmt.Sprint(removal) {
		t.Errorf("calls %q\nwant  %q", w.Calls, removal)
	}
	want := completed(1)
	want.Removed = 1
	if got.line != want {
		t.Errorf("logged %+v, want %+v", got.line, want)
	}
	w.wantPeople()
	w.wantNothingLeft()
	if again := w.run(nil); again.line.Removed != 0 || again.line.Outcome != "complete" {
		t.Errorf("a second run logged %+v", again.line)
	}
}

// others are accounts that no run may touch. An operator has disabled one of them.
func (w *world) others() (check func()) {
	w.is("bob", "CONFIRMED", 9*days)
	w.is("carol", "UNCONFIRMED", 1*days)
	w.is("dave", "UNCONFIRMED", 9*days).enabled = false
	w.is("erin", "FORCE_CHANGE_PASSWORD", 9*days)
	return func() {
		w.t.Helper()
		for username, want := range map[string]bool{"bob": true, "carol": true, "dave": false, "erin": true} {
			if p := w.people[username]; p == nil || p.enabled != want {
				w.t.Errorf("%s is %+v, want enabled %t as before", username, p, want)
			}
		}
	}
}

// wantNobodyLockedOut checks, after a stop, that a customer whom a run has disabled is named in the item.
func (w *world) wantNobodyLockedOut() {
	w.t.Helper()
	if alice := w.people["alice"]; alice == nil || alice.enabled {
		return
	}
	if usernames, _ := w.item(); fmt.Sprint(usernames) != "[alice]" {
		w.t.Errorf("alice is disabled, and the item names %v", usernames)
	}
}

// wantFair checks that alice is either removed, or confirmed and enabled.
func (w *world) wantFair() {
	w.t.Helper()
	switch alice := w.people["alice"]; {
	case w.confirmed && (alice == nil || !alice.enabled || alice.status != "CONFIRMED"):
		w.t.Errorf("alice has confirmed and is %+v", alice)
	case !w.confirmed && alice != nil:
		w.t.Errorf("alice has not confirmed and is %+v", alice)
	}
	w.wantNothingLeft()
}

// longest is higher than the number of calls of a run with alice and the others.
const longest = 14

func TestStopBetweenAnyTwoStepsLocksNobodyOut(t *testing.T) {
	w, stopped := newWorld(t), 0
	for at := 1; at <= longest; at++ {
		for _, after := range []bool{false, true} {
			w.anew()
			check := w.others()
			w.is("alice", "UNCONFIRMED", 3*days)
			w.StopAt, w.After = at, after
			if got := w.run(nil); w.Stopped {
				stopped++
				if got.line.Outcome != "time" || got.err != nil {
					t.Errorf("stopped at %d: logged %+v", at, got.line)
				}
			}
			w.wantNobodyLockedOut()
			w.now, w.StopAt = w.now.Add(time.Hour), 0
			w.run(nil)
			w.wantFair()
			check()
		}
	}
	if stopped < 2*len(removal) {
		t.Errorf("%d runs were stopped, so this test proves little", stopped)
	}
}

// A customer may confirm before any call of any run, and any run may be stopped at any call. A stop before a call takes
// effect equals a stop after the call before.
func TestCustomerWhoConfirmsIsNeverRemovedAndEndsEnabled(t *testing.T) {
	var confirmed atomic.Int64
	t.Run("stopped", func(t *testing.T) {
		for stopAt := range len(removal) + 1 {
			t.Run(fmt.Sprint("at ", stopAt), func(t *testing.T) {
				t.Parallel() // the function and the engine take turns otherwise
				confirmed.Add(confirmsBeforeEachCall(t, stopAt))
			})
		}
	})
	if confirmed.Load() < int64(len(removal)) {
		t.Errorf("alice has confirmed %d times, so this test proves little", confirmed.Load())
	}
}

// confirmsBeforeEachCall lets alice confirm before each call of two runs that are stopped at the same call and one that
// is not, and returns how often she did.
func confirmsBeforeEachCall(t *testing.T, stopAt int) (confirmed int64) {
	t.Helper()
	w := newWorld(t)
	// Once alice is removed before she would confirm, later times make the same history.
	for confirmAt, late := 1, false; !late; confirmAt++ {
		w.anew()
		w.is("alice", "UNCONFIRMED", 3*days)
		w.confirmAt, w.StopAt, w.After = confirmAt, stopAt, true
		for range 2 {
			w.run(nil)
			w.wantNobodyLockedOut()
			w.now = w.now.Add(time.Hour)
		}
		w.StopAt = 0
		w.run(nil)
		w.wantFair()
		if w.confirmed {
			confirmed++
		}
		late = w.people["alice"] == nil && len(w.Calls) < confirmAt
		if t.Failed() {
			t.Fatalf("alice confirmed before call %d, the run was stopped at %d\n%q", confirmAt, stopAt, w.Calls)
		}
	}
	return confirmed
}

// If Cognito lets a disabled account be confirmed, one gap remains: between the last read and the deletion.
func TestCustomerWhoConfirmsWhileDisabledIsLostBetweenReadAndDeletionOnly(t *testing.T) {
	for confirmAt := 1; confirmAt <= len(removal); confirmAt++ {
		w := newWorld(t)
		w.is("alice", "UNCONFIRMED", 3*days)
		w.confirmAt, w.lenient = confirmAt, true
		got := w.run(nil)
		if lost := w.confirmed && w.people["alice"] == nil; lost != (removal[confirmAt-1] == "AdminDeleteUser alice") {
			t.Errorf("confirmed before %s: lost %t", removal[confirmAt-1], lost)
		}
		if alice := w.people["alice"]; alice != nil && !alice.enabled {
			t.Errorf("confirmed before %s: disabled", removal[confirmAt-1])
		}
		if enabled := removal[confirmAt-1] == "AdminDisableUser alice"; enabled && got.line.Enabled != 1 {
			t.Errorf("logged %+v, want one enabled", got.line)
		}
		w.wantNothingLeft()
	}
}
