package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	folder = "users/2026/11/30/1/"
	again  = "users/2026/11/30/2/"
)

func TestEveryUserIsExportedOnceADay(t *testing.T) {
	for _, users := range []int{0, 1, 2, 4, 5, 9} {
		w := newWorld(t, users)
		logged, _ := w.run(nil)
		parts := max(1, (users+3)/4)
		want := line{
			Level: "INFO", Msg: "user export", Outcome: "complete", Listed: users, Users: users, Parts: parts, Attempt: 1,
		}
		if logged != want {
			t.Errorf("%d users: logged %+v, want %+v", users, logged, want)
		}
		w.wantComplete(folder)
		if len(w.objects) != parts+1 {
			t.Errorf("%d users: %d objects, want %d parts and the last", users, len(w.objects), parts)
		}
		w.now, w.Calls = w.now.Add(time.Hour), nil
		if logged, _ = w.run(nil); logged.Outcome != "complete" || logged.Listed != 0 || len(w.Calls) != 2 {
			t.Errorf("a second run logged %+v, calls %q", logged, w.Calls)
		}
		w.now = w.now.Add(24 * time.Hour)
		if logged, _ = w.run(nil); logged.Outcome != "complete" || logged.Listed != users {
			t.Errorf("on the next day: logged %+v", logged)
		}
		w.wantComplete("users/2026/12/01/1/")
	}
}

func TestNothingSecretIsExported(t *testing.T) {
	w := newWorld(t, 0)
	alice := userNamed("alice")
	alice["MFAOptions"] = []object{{"AttributeName": "phone_number", "DeliveryMedium": "SMS"}}
	alice["Attributes"] = append(alice["Attributes"].([]object),
		object{"Name": "identities", "Value": `[{"providerName":"Google","userId":"1"}]`},
		object{"Name": "custom:provider_email", "Value": "a@example.com"},
		object{"Name": "custom:secret", "Value": "hush"}, object{"Name": "birthdate", "Value": "hush"},
	)
	w.users = append(w.users, alice)
	_, log := w.run(nil)
	const want = `{"username":"alice","status":"CONFIRMED","enabled":true,"created":"2023-11-14T22:13:20Z",` +
		`"modified":"2027-01-15T08:00:00Z","attributes":{"custom:provider_email":"a@example.com",` +
		`"email":"alice@example.com","identities":"[{\"providerName\":\"Google\",\"userId\":\"1\"}]",` +
		`"sub":"sub-of-alice"}}` + "\n"
	if got := content(w.objects[folder+"part-0001.jsonl"]); got != want {
		t.Errorf("exported %s\nwant     %s", got, want)
	}
	for _, name := range []string{"alice", "example.com", w.table, poolID} {
		if strings.Contains(log, name) {
			t.Errorf("the log names %s: %s", name, log)
		}
	}
}

// recovered has the next run finish, after the lease of a run that was stopped has ended.
func (w *world) recovered() line {
	w.t.Helper()
	w.Before, w.StopAt, w.now = nil, 0, w.now.Add(time.Hour)
	logged, _ := w.run(nil)
	return logged
}

func TestStopAtAnyCallLosesAndRepeatsNoUser(t *testing.T) {
	w := newWorld(t, 9)
	w.run(nil)
	calls := len(w.Calls)
	if calls != 15 { // lease, 5 pages, 3 parts and the end with their progress, lease
		t.Fatalf("a run makes %d calls: %q", calls, w.Calls)
	}
	for number := range calls {
		for _, after := range []bool{false, true} {
			w.anew()
			w.StopAt, w.After = number+1, after
			if logged, _ := w.run(nil); logged.Level != "INFO" {
				t.Errorf("stopped at call %d: logged %+v", number+1, logged)
			}
			if logged := w.recovered(); logged.Outcome != "complete" {
				t.Errorf("after a stop at call %d (%t): logged %+v", number+1, after, logged)
			}
			w.wantComplete(folder)
		}
	}
}

func TestThrottledRunKeepsWhatItHasAndTheNextContinues(t *testing.T) {
	w := newWorld(t, 9)
	pages := 0
	w.Before = func(_ int, call string) string {
		if call == "ListUsers" {
			if pages++; pages > 3 {
				return "TooManyRequestsException"
			}
		}
		return ""
	}
	logged, _ := w.run(nil)
	if logged.Outcome != "throttled" || logged.Level != "INFO" || logged.Users != 6 || logged.Parts != 2 {
		t.Errorf("logged %+v, want the third page in a part of its own", logged)
	}
	if logged := w.recovered(); logged.Outcome != "complete" || logged.Listed != 3 || logged.Parts != 3 {
		t.Errorf("the next run logged %+v", logged)
	}
	w.wantComplete(folder)
}

func TestRunEndsBeforeItsTimeIsUp(t *testing.T) {
	w := newWorld(t, 9)
	asked := 0
	logged, _ := w.run(func(e *exporter) {
		e.left = func(context.Context) time.Duration {
			if asked++; asked > 4 { // the lease, and three pages
				return reserve - 1
			}
			return reserve
		}
	})
	if logged.Outcome != "time" || logged.Level != "INFO" || logged.Users != 6 {
		t.Errorf("logged %+v, want three pages", logged)
	}
	if logged := w.recovered(); logged.Outcome != "complete" || logged.Listed != 3 {
		t.Errorf("the next run logged %+v", logged)
	}
	w.wantComplete(folder)
}

func TestFailedCallFailsTheRunAndTheNextContinues(t *testing.T) {
	for call, code := range map[string]string{
		"UpdateItem": "AccessDeniedException", "ListUsers": "NotAuthorizedException",
		"PutObject " + folder + "part-0002.jsonl": "AccessDenied", "PutObject " + folder + "complete.json": "AccessDenied",
	} {
		w := newWorld(t, 9)
		w.Before = lambdatest.Failing(call, code, 0)
		logged, text := w.run(nil)
		operation, _, _ := strings.Cut(call, " ")
		if logged.Outcome != "failed" || logged.Error != code || !strings.HasSuffix(logged.Reason, operation) {
			t.Errorf("%s: logged %+v", call, logged)
		}
		if strings.Contains(text, "arn:") {
			t.Errorf("%s: the log names an ARN: %s", call, text)
		}
		if logged := w.recovered(); logged.Outcome != "complete" {
			t.Errorf("%s: the next run logged %+v", call, logged)
		}
		w.wantComplete(folder)
	}
}

func TestExportBeginsAnewIfCognitoRefusesThePosition(t *testing.T) {
	w := newWorld(t, 9)
	w.StopAt = 6 // the fourth page
	w.run(nil)
	w.StopAt, w.now = 0, w.now.Add(time.Hour)
	w.Before = lambdatest.Failing("ListUsers", "InvalidParameterException", 1)
	logged, _ := w.run(nil)
	if logged.Outcome != "complete" || logged.Attempt != 2 || logged.Listed != 9 {
		t.Errorf("logged %+v, want a second attempt of all", logged)
	}
	w.wantComplete(again)
	if w.objects[folder+"complete.json"] != "" {
		t.Error("the first attempt says that it is complete")
	}
}

func TestOneRunWorksAtATime(t *testing.T) {
	w := newWorld(t, 9)
	_, taken, err := w.item().begin(t.Context(), w.now, 90*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, 90 * time.Second} {
		w.now, w.Calls = today.Add(after), nil
		if logged, _ := w.run(nil); logged.Outcome != "busy" || logged.Level != "INFO" || len(w.Calls) != 1 {
			t.Errorf("after %s: logged %+v, calls %q", after, logged, w.Calls)
		}
	}
	w.now = today.Add(91 * time.Second)
	if logged, _ := w.run(nil); logged.Outcome != "complete" {
		t.Errorf("after the lease: logged %+v", logged)
	}
	if err := w.item().save(t.Context(), taken, progress{}); err == nil {
		t.Error("a run whose lease has ended recorded its progress")
	}
}

func TestDayWithoutAnExportFailsTheRunsThatFollow(t *testing.T) {
	w := newWorld(t, 9)
	w.run(nil)
	slow := func(e *exporter) { e.left = func(context.Context) time.Duration { return reserve - 1 } }
	var got []string
	for _, days := range []int{1, 2, 2} {
		w.now = today.AddDate(0, 0, days).Add(time.Duration(len(got)) * time.Hour)
		logged, _ := w.run(slow)
		got = append(got, logged.Outcome+logged.Error)
	}
	w.now = w.now.Add(time.Hour)
	logged, _ := w.run(nil)
	got = append(got, logged.Outcome)
	if want := []string{"time", "failedOverdue", "failedOverdue", "complete"}; !slices.Equal(got, want) {
		t.Errorf("ended as %q, want %q", got, want)
	}
}
