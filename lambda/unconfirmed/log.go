package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/table"
)

// An outcome is how a run ended.
type outcome string

const (
	complete outcome = "complete"
	busy     outcome = "busy"      // another run is at work
	full     outcome = "limit"     // enough for one run
	late     outcome = "time"      // the time is up
	slowed   outcome = "throttled" // Cognito or DynamoDB throttles
	failed   outcome = "failed"
)

// outcomeOf returns how a run ended. If any account failed, the run has failed.
func outcomeOf(err, first error) outcome {
	switch {
	case first != nil:
		return failed
	case err == nil:
		return complete
	case errors.Is(err, table.ErrHeld):
		return busy
	case errors.Is(err, errLimit):
		return full
	case errors.Is(err, errTime):
		return late
	case function.Throttled(err):
		return slowed
	default:
		return failed
	}
}

// record writes the run's one line, and returns how the run ended.
func (s *schedule) record(ctx context.Context, r *run, took time.Duration, err error) outcome {
	ended := outcomeOf(err, r.first)
	attributes := []slog.Attr{
		slog.String("outcome", string(ended)),
		slog.Int("listed", r.listed),
		slog.Int("resumed", r.resumed),
		slog.Int("removed", r.removed),
		slog.Int("enabled", r.enabled),
		slog.Int("failed", r.failed),
		function.Took(took),
	}
	level := slog.LevelInfo
	if ended == failed {
		level = slog.LevelError
		code, reason := function.Cause(cmp.Or(r.first, err))
		attributes = append(attributes, slog.String("error", code), slog.String("reason", reason))
	}
	s.log.LogAttrs(ctx, level, "unconfirmed accounts", attributes...)
	return ended
}
