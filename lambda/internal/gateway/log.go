package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
)

// entry is the log line of one request. Every field comes from the function or API Gateway. No field holds a text of
// the caller's or a claim.
type entry struct {
	requestID string
	route     string
	status    int
	took      time.Duration
	count     int
	failure   *Problem // nil for a success
}

// log writes the request's one line.
func (a *API) log(ctx context.Context, line entry) {
	attributes := []slog.Attr{
		slog.String("requestId", line.requestID),
		slog.String("route", line.route),
		slog.Int("status", line.status),
		function.Took(line.took),
		slog.Int("count", line.count),
	}
	if line.failure != nil {
		attributes = append(attributes,
			slog.String("error", line.failure.Code), slog.String("reason", line.failure.Reason))
	}
	a.Log.LogAttrs(ctx, severity(line), "request", attributes...)
}

// severity is Error for responses that an operator must look at. A 401 is one: the authorizer refuses requests without
// a valid access token, so a 401 of the function means that the route was deployed without authorizer. The exception is
// a step-up that has become too old, which is normal.
func severity(line entry) slog.Level {
	switch {
	case line.failure != nil && line.failure.Code == Stale:
		return slog.LevelInfo
	case line.status >= http.StatusInternalServerError || line.status == http.StatusUnauthorized:
		return slog.LevelError
	default:
		return slog.LevelInfo
	}
}
