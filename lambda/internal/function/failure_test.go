package function_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestPanicIsAFailureThatSaysWhatAndWhereButNoValue(t *testing.T) {
	var nothing map[string]string
	for want, panics := range map[string]func(){
		`^Panic: assignment to entry in nil map at failure_test\.go:\d+$`:       func() { nothing["alice"] = "secret" },
		`^Panic: runtime error: index out of range .* at failure_test\.go:\d+$`: func() { _ = make([]int, 1)[len(want)] },
		`^Panic: string at failure_test\.go:\d+$`:                               func() { panic("secret") },
		`^Panic: \*errors\.errorString at failure_test\.go:\d+$`:                func() { panic(errors.New("secret")) },
		`^Panic: panic called with nil argument at failure_test\.go:\d+$`:       func() { panic(nil) },
	} {
		took, err := function.Serve(t.Context(), time.Minute, func(context.Context) error { panics(); return nil })
		if err == nil || took <= 0 || !regexp.MustCompile(want).MatchString(err.Error()) {
			t.Errorf("error %v after %s, want %s", err, took, want)
		}
	}
}

// want is longer than the list that is indexed with its length.
const want = "secret"

func TestEventIsServedWithinItsTime(t *testing.T) {
	expired := errors.New("expired")
	took, err := function.Serve(t.Context(), 20*time.Millisecond, func(ctx context.Context) error {
		if left := function.TimeLeft(ctx); left > 20*time.Millisecond {
			t.Errorf("%s are left, want 20 ms at most", left)
		}
		<-ctx.Done()
		return expired
	})
	if !errors.Is(err, expired) || took < 20*time.Millisecond || took > 20*time.Second {
		t.Errorf("error %v after %s, want that of the handler after 20 ms", err, took)
	}
	if logged := function.Took(1500 * time.Microsecond).String(); logged != "durationMs=1.5" {
		t.Errorf("1.5 ms are logged as %s", logged)
	}
}

func TestCauseIsWhatMayBeLogged(t *testing.T) {
	service := lambdatest.Refusing(t, http.StatusBadRequest, "ValidationException")
	refused := ask(t.Context(), service.URL, function.DefaultPatience)
	for want, err := range map[string]error{
		"InvalidEvent: no userName":           fmt.Errorf("about alice: %w", function.Fail("InvalidEvent", "no userName")),
		"ValidationException: DynamoDB Query": fmt.Errorf("about alice: %w", refused),
		"Unexpected: *errors.errorString":     fmt.Errorf("about alice: %w", errors.New("alice")),
	} {
		if code, reason := function.Cause(err); code+": "+reason != want {
			t.Errorf("logged as %s: %s, want %s", code, reason, want)
		}
	}
	if text := function.Fail("InvalidEvent", "no userName").Error(); text != "InvalidEvent: no userName" {
		t.Errorf("the error says %q", text)
	}
}
