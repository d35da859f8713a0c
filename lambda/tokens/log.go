package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/tokenevent"
)

// An entry is the log line of one event. It holds no data of the user, and no text from outside. If the decision did
// not depend on factor, trust or proof, the line says "none" and "no" for them.
type entry struct {
	facts
	outcome string
	writes  write
}

// record writes the event's one line.
func (t *trigger) record(ctx context.Context, seen entry, took time.Duration, err error) {
	if !slices.Contains(tokenevent.Sources, seen.source) {
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
