package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
)

// An entry is the log line of one event. It holds no data of the user, and no text from outside.
type entry struct {
	source  string
	client  appclient.Client
	outcome string
	reason  string
}

// unproven notes why a confirmation proves nothing. That is not a failure.
func (e *entry) unproven(reason string) error {
	e.outcome, e.reason = "unproven", reason
	return nil
}

// record writes the event's one line. Its level is ERROR if a call failed or the event was malformed, which an alarm
// can count. A refusal is not an ERROR: callers could raise the alarm at will.
func (t *trigger) record(ctx context.Context, seen entry, took time.Duration, err error) {
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
		slog.String("client", cmp.Or(string(seen.client), "unknown")),
		slog.String("outcome", seen.outcome),
		function.Took(took),
	}
	if code != "" {
		attributes = append(attributes, slog.String("error", code))
	}
	if seen.reason != "" {
		attributes = append(attributes, slog.String("reason", seen.reason))
	}
	t.log.LogAttrs(ctx, level, "registration", attributes...)
}

// refused is the code of a sign-up that is not allowed.
const refused = "Refused"

func refuse(reason string) error { return function.Fail(refused, reason) }

func isRefusal(err error) bool {
	var known *function.Failure
	return errors.As(err, &known) && known.Code == refused
}
