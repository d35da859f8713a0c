package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// everyCall are the calls of a run that removes alice, each once, by the operation that the log names.
var everyCall = map[string]string{
	"UpdateItem SET":    "DynamoDB UpdateItem",
	"UpdateItem ADD":    "DynamoDB UpdateItem",
	"UpdateItem DELETE": "DynamoDB UpdateItem",
	"UpdateItem REMOVE": "DynamoDB UpdateItem",
	"ListUsers":         "Cognito Identity Provider ListUsers",
	"AdminGetUser":      "Cognito Identity Provider AdminGetUser",
	"AdminDisableUser":  "Cognito Identity Provider AdminDisableUser",
	"AdminEnableUser":   "Cognito Identity Provider AdminEnableUser",
	"AdminDeleteUser":   "Cognito Identity Provider AdminDeleteUser",
}

// troubled resets the world to alice, and one account that has confirmed since it was recorded, so that every call is
// made.
func (w *world) troubled() {
	w.t.Helper()
	w.anew()
	w.is("alice", "UNCONFIRMED", 9*days)
	w.is("zoe", "CONFIRMED", 9*days).enabled = false
	w.recorded("zoe")
}

func (w *world) wantRecovered() {
	w.t.Helper()
	w.Before, w.now = nil, w.now.Add(time.Hour)
	if got := w.run(nil); got.line.Outcome != "complete" || got.err != nil {
		w.t.Errorf("the next run logged %+v", got.line)
	}
	w.wantPeople("zoe CONFIRMED true")
	w.wantNothingLeft()
}

func TestThrottledRunEndsWithoutAnErrorAndTheNextContinues(t *testing.T) {
	w := newWorld(t)
	for call := range everyCall {
		for _, code := range []string{"TooManyRequestsException", "ThrottlingException", "LimitExceededException"} {
			w.troubled()
			w.Before = lambdatest.Failing(call, code, 0)
			got := w.run(nil)
			if got.err != nil || got.line.Level != "INFO" || got.line.Outcome != "throttled" || got.line.Error != "" {
				t.Errorf("%s: error %v, logged %+v", call, got.err, got.line)
			}
			counts := 0
			for _, made := range w.Calls {
				if strings.HasPrefix(made, call) {
					counts++
				}
			}
			if counts != 2 {
				t.Errorf("%s was called %d times, want twice: the run ends", call, counts)
			}
			w.wantRecovered()
		}
	}
}

func TestFailedRunLogsWhyAndTheNextContinues(t *testing.T) {
	w := newWorld(t)
	for call, operation := range everyCall {
		w.troubled()
		w.Before = lambdatest.Failing(call, "AccessDeniedException", 0)
		got := w.run(nil)
		if got.err == nil || got.line.Level != "ERROR" || got.line.Outcome != "failed" ||
			got.line.Error != "AccessDeniedException" || got.line.Reason != operation {
			t.Errorf("%s: error %v, logged %+v", call, got.err, got.line)
		}
		for _, name := range []string{"alice", "zoe", "arn:", "127.0.0.1", poolID, w.table} {
			if strings.Contains(got.text, name) {
				t.Errorf("%s: the log names %s: %s", call, name, got.text)
			}
		}
		w.wantRecovered()
	}
}

func TestAccountThatFailsDoesNotStopOthers(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.is(fmt.Sprintf("user-%d", i), "UNCONFIRMED", 9*days)
	}
	fails := []string{"AdminDisableUser user-0", "AdminGetUser user-2", "AdminDeleteUser user-3"}
	w.Before = func(_ int, call string) string {
		if slices.Contains(fails, call) {
			return "InvalidParameterException"
		}
		return ""
	}
	got := w.run(nil)
	want := line{
		Level: "ERROR", Msg: "unconfirmed accounts", Outcome: "failed", Error: "InvalidParameterException",
		Reason: everyCall["AdminDisableUser"], Listed: 7, Removed: 4, Failed: 3,
	}
	if got.line != want || got.err == nil {
		t.Errorf("logged %+v, want %+v", got.line, want)
	}
	if recorded, _ := w.item(); fmt.Sprint(recorded) != "[user-0 user-3]" {
		t.Errorf("recorded are %v, want those whose removal has begun", recorded)
	}
	// A run in which an account failed has failed, whatever ended it.
	got = w.run(func(s *schedule) { s.limit = 1 })
	if got.line.Outcome != "failed" || got.line.Failed != 1 || got.line.Error != "InvalidParameterException" {
		t.Errorf("logged %+v, want the failure of the account", got.line)
	}
}

func TestRunEndsWhenFiveAccountsHaveFailed(t *testing.T) {
	w := newWorld(t)
	for i := range 9 {
		w.is(fmt.Sprintf("user-%d", i), "UNCONFIRMED", 9*days)
	}
	w.Before = lambdatest.Failing("AdminDisableUser", "AccessDeniedException", 0)
	if got := w.run(nil); got.line.Failed != 5 || got.line.Outcome != "failed" || got.err == nil {
		t.Errorf("logged %+v, want the run to end at the fifth failure", got.line)
	}
	if recorded, _ := w.item(); len(recorded) != 5 {
		t.Errorf("recorded are %v, want 5", recorded)
	}
}

func TestRunEndsBeforeItsTimeIsUp(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.is(fmt.Sprintf("user-%d", i), "UNCONFIRMED", 9*days)
	}
	// The time left at the n-th check: at the lease, the first page, and each account.
	left := func(enough int) func(*schedule) {
		asked := 0
		return func(s *schedule) {
			s.left = func(context.Context) time.Duration {
				if asked++; asked > enough {
					return reserve - 1
				}
				return reserve
			}
		}
	}
	for enough, removed := range []int{0, 0, 0, 1, 2, 2, 3} {
		got := w.run(left(enough))
		if got.line.Removed != removed || got.line.Outcome != "time" || got.err != nil || got.line.Level != "INFO" {
			t.Errorf("enough for %d: logged %+v, want %d removed", enough, got.line, removed)
		}
		w.wantNothingLeft()
		w.people = map[string]*person{}
		for i := range 7 {
			w.is(fmt.Sprintf("user-%d", i), "UNCONFIRMED", 9*days)
		}
	}
}

func TestOneRunWorksAtATime(t *testing.T) {
	w := newWorld(t)
	w.is("alice", "UNCONFIRMED", 9*days)
	// A run dies that had 90 s left.
	if _, _, err := w.removals().begin(t.Context(), w.now, 90*time.Second); err != nil {
		t.Fatal(err)
	}
	if _, until := w.item(); until != today.Unix()+91 {
		t.Errorf("the lease lasts until %d, want the run's 90 s and the rest of a second", until-today.Unix())
	}
	for _, after := range []time.Duration{0, 89 * time.Second, 90 * time.Second} {
		w.now, w.Calls = today.Add(after), nil
		got := w.run(nil)
		if got.line.Outcome != "busy" || got.err != nil || got.line.Level != "INFO" || len(w.Calls) != 1 {
			t.Errorf("after %s: logged %+v, calls %q", after, got.line, w.Calls)
		}
	}
	w.now = today.Add(91 * time.Second)
	if got := w.run(nil); got.line.Outcome != "complete" || got.line.Removed != 1 {
		t.Errorf("after the lease: logged %+v", got.line)
	}
	w.wantNothingLeft()
}
