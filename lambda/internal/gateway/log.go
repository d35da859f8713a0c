package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/problem"
)

// entry is what the log says about one request. Every field is ours or API Gateway's: nothing that the caller wrote and
// no claim is among them.
type entry struct {
	requestID string
	route     string
	status    int
	took      time.Duration
	count     int
	failure   *problem.Problem // nil for a success
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

// severity is Error for what an operator has to look at. A 401 is: the authorizer lets no request without a valid
// access token through, so one that arrives here means that the route was deployed without it. The exception is a
// step-up that has gone stale on its way, as some always do.
func severity(line entry) slog.Level {
	switch {
	case line.failure != nil && line.failure.Code == problem.Stale:
		return slog.LevelInfo
	case line.status >= http.StatusInternalServerError || line.status == http.StatusUnauthorized:
		return slog.LevelError
	default:
		return slog.LevelInfo
	}
}
