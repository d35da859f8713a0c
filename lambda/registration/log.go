package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
)

// An entry is what the log says about one event. Nothing of the user is in it, nor any text from outside.
type entry struct {
	source  string
	client  appclient.Client
	outcome string
	reason  string
}

// unproven notes why a confirmation proves nothing, which is no failure.
func (e *entry) unproven(reason string) error {
	e.outcome, e.reason = "unproven", reason
	return nil
}

// record writes the event's one line. Its level is ERROR if something could not be found out or done, which an alarm
// can count. A refusal is not: callers could raise the alarm at will.
func (t *trigger) record(ctx context.Context, seen entry, took time.Duration, err error) {
	if seen.client == "" {
		seen.client = "unknown"
	}
	level, code := slog.LevelInfo, ""
	switch {
	case isRefusal(err):
		seen.outcome = "refused"
		_, seen.reason = function.Cause(err)
	case err != nil:
		level, seen.outcome = slog.LevelError, "failed"
		code, seen.reason = function.Cause(err)
	}
	attributes := []slog.Attr{
		slog.String("triggerSource", named(seen.source)),
		slog.String("client", string(seen.client)),
		slog.String("outcome", seen.outcome),
		slog.Float64("durationMs", float64(took.Microseconds())/1000),
	}
	if code != "" {
		attributes = append(attributes, slog.String("error", code))
	}
	if seen.reason != "" {
		attributes = append(attributes, slog.String("reason", seen.reason))
	}
	t.log.LogAttrs(ctx, level, "registration", attributes...)
}

// A failure is why an event was not served, for the log only. The code is what an operator searches for; the reason
// holds no value of the event.
type failure struct{ code, reason string }

func fail(code, reason string) error { return &failure{code, reason} }

func (f *failure) Error() string { return f.code + ": " + f.reason }

// Failure returns what a log may hold of the error, as the errors of other packages do.
func (f *failure) Failure() (code, reason string) { return f.code, f.reason }

// refused is the code of a sign-up that is not allowed.
const refused = "Refused"

func refuse(reason string) error { return fail(refused, reason) }

func isRefusal(err error) bool {
	var known *failure
	return errors.As(err, &known) && known.code == refused
}
