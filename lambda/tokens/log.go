package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
)

// An entry is what the log says about one event. Nothing of the user is in it, nor any text from outside. Of a factor,
// a trust or a proof that the decision did not depend on, it says none and no.
type entry struct {
	facts
	outcome string
	writes  write
}

// sources are all that are documented. Another is not named in the log, as it could be any text.
var sources = []string{
	authentication, hostedAuth, refreshTokens, "TokenGeneration_NewPasswordChallenge",
	"TokenGeneration_AuthenticateDevice", "TokenGeneration_ClientCredentials",
}

// record writes the event's one line.
func (t *trigger) record(ctx context.Context, seen entry, took time.Duration, err error) {
	if !slices.Contains(sources, seen.source) {
		seen.source = "unknown"
	}
	level, failure := slog.LevelInfo, []slog.Attr(nil)
	if err != nil {
		level, seen.outcome = slog.LevelError, "failed"
		code, reason := function.Cause(err)
		failure = []slog.Attr{slog.String("error", code), slog.String("reason", reason)}
	}
	t.log.LogAttrs(ctx, level, "token", append([]slog.Attr{
		slog.String("triggerSource", seen.source),
		slog.String("client", string(seen.client)),
		slog.String("outcome", seen.outcome),
		slog.String("factor", string(seen.factor)),
		slog.String("trusted", string(seen.trusted)),
		slog.String("proven", string(seen.proven)),
		slog.String("writes", string(seen.writes)),
		slog.Float64("durationMs", float64(took.Microseconds())/1000),
	}, failure...)...)
}

// A refusal is why no token was issued, for the log only. The code is what an operator searches for; the reason holds
// no value of the event or the parameter.
type refusal struct{ code, reason string }

func refuse(code, reason string) error {
	return &refusal{code: code, reason: reason}
}

func (r *refusal) Error() string {
	return r.code + ": " + r.reason
}

// Failure returns what the log says of it.
func (r *refusal) Failure() (code, reason string) {
	return r.code, r.reason
}
