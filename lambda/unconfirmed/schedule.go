package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/function"
)

// A schedule answers the events of the schedule, each with one run. It is a lambda.Handler of aws-lambda-go.
type schedule struct {
	log      *slog.Logger
	accounts accounts
	removals removals
	now      func() time.Time
	left     func(context.Context) time.Duration
	limit    int
}

func newSchedule(log *slog.Logger, cfg aws.Config, pool, table string) *schedule {
	return &schedule{
		log:      log,
		accounts: accounts{users: cognito.NewFromConfig(cfg), pool: pool},
		removals: newRemovals(dynamodb.NewFromConfig(cfg), table),
		now:      time.Now,
		left:     function.TimeLeft,
		limit:    perRun,
	}
}

// errRun is the only error that Lambda gets. Lambda then calls the function again, which finishes the remaining
// removals. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
var errRun = errors.New("unconfirmed accounts were not removed; see the log")

// Invoke makes one run. A run that ends early, because Cognito throttles or the time is up, is not an error: the next
// run continues.
func (s *schedule) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	r := &run{schedule: s}
	took, err := function.Serve(ctx, function.Longest, r.work)
	if s.record(ctx, r, took, err) == failed {
		return nil, errRun
	}
	return []byte("null"), nil
}
