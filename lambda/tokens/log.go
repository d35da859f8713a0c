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
		function.Took(took),
	}, failure...)...)
}
