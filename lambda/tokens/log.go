package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/securecart/identity/lambda/internal/upstream"
)

// An entry is what the log says about one event. Nothing of the user is in it,
// nor any text from outside.
type entry struct {
	source  string
	client  client
	factor  factor
	outcome string
}

// sources are all that are documented. Another is not named in the log, as it
// could be any text.
var sources = []string{
	authentication, hostedAuth, refreshTokens, "TokenGeneration_NewPasswordChallenge",
	"TokenGeneration_AuthenticateDevice", "TokenGeneration_ClientCredentials",
}

// record writes the event's one line.
func (t *trigger) record(ctx context.Context, seen entry, took time.Duration, err error) {
	if !slices.Contains(sources, seen.source) {
		seen.source = "unknown"
	}
	if seen.client == "" {
		seen.client = "unknown"
	}
	level, failure := slog.LevelInfo, []slog.Attr(nil)
	if err != nil {
		level, seen.outcome = slog.LevelError, "failed"
		cause := refusalOf(err)
		failure = []slog.Attr{slog.String("error", cause.code), slog.String("reason", cause.reason)}
	}
	t.log.LogAttrs(ctx, level, "token", append([]slog.Attr{
		slog.String("triggerSource", seen.source),
		slog.String("client", string(seen.client)),
		slog.String("outcome", seen.outcome),
		slog.String("factor", string(seen.factor)),
		slog.Float64("durationMs", float64(took.Microseconds())/1000),
	}, failure...)...)
}

// A refusal is why no token was issued, for the log only. The code is what an
// operator searches for; the reason holds no value of the event or the parameter.
type refusal struct{ code, reason string }

func refuse(code, reason string) error {
	return &refusal{code: code, reason: reason}
}

func (r *refusal) Error() string {
	return r.code + ": " + r.reason
}

// refusalOf keeps of a failed call its code and operation, and of any other error
// its type, because their texts can hold ARNs and names.
func refusalOf(err error) *refusal {
	var known *refusal
	if errors.As(err, &known) {
		return known
	}
	if code, operation, found := upstream.Fault(err); found {
		return &refusal{code: code, reason: operation}
	}
	return &refusal{code: "Unexpected", reason: fmt.Sprintf("%T", err)}
}
