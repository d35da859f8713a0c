package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/table"
)

// An exporter answers the events of the schedule, each with one run. It is a lambda.Handler of aws-lambda-go.
type exporter struct {
	log          *slog.Logger
	users        *cognito.Client
	objects      *s3.Client
	item         item
	pool, bucket string

	now  func() time.Time
	left func(context.Context) time.Duration
	// pause is between two pages, pages the most of one part.
	pause time.Duration
	pages int
}

const (
	// perPage is Cognito's largest page.
	perPage = 60
	// perPart is how many pages one object holds: about 3,000 users, or 2 MB.
	perPart = 50
	// pagePause leaves sign-ins and the support desk most of the quota of lists, which is 30 a second for an account.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
	pagePause = 200 * time.Millisecond
	// reserve is how much time a run needs to read a page, which takes a fraction of it, and to write a part and its
	// progress, two calls that are given up after 3.4 s.
	reserve = 8 * time.Second
)

func newExporter(log *slog.Logger, cfg aws.Config, pool, table, bucket string) *exporter {
	return &exporter{
		log: log, users: cognito.NewFromConfig(cfg), objects: s3.NewFromConfig(cfg),
		item: newItem(dynamodb.NewFromConfig(cfg), table), pool: pool, bucket: bucket,
		now: time.Now, left: function.TimeLeft, pause: pagePause, pages: perPart,
	}
}

// errRun is the only error that Lambda gets. Lambda then calls the function again, which continues the export.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
var errRun = errors.New("users were not exported; see the log")

// errTime ends a run early.
var errTime = errors.New("the time is up")

// Invoke makes one run. A run that ends early, because Cognito throttles or the time is up, is no error: the next one
// continues, as long as no whole day is missing.
func (e *exporter) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	r := &run{exporter: e}
	took, err := function.Serve(ctx, function.Longest, func(ctx context.Context) error {
		err := r.work(ctx)
		if err != nil && ctx.Err() != nil {
			return errTime
		}
		return err
	})
	if r.record(ctx, took, err) {
		return []byte("null"), nil
	}
	return nil, errRun
}

// record writes the run's one line, and reports whether all is well.
func (r *run) record(ctx context.Context, took time.Duration, err error) bool {
	attributes := []slog.Attr{
		slog.Int("listed", r.listed), slog.Int("users", r.progress.Users), slog.Int("parts", r.progress.Part),
		slog.Int("attempt", r.progress.Attempt), function.Took(took),
	}
	outcome := "complete"
	switch {
	case errors.Is(err, table.ErrHeld):
		outcome = "busy"
	case errors.Is(err, errTime):
		outcome = "time"
	case function.Throttled(err):
		outcome = "throttled"
	case err != nil:
		outcome = "failed"
	}
	if err != nil && outcome != "failed" && r.overdue() {
		outcome, err = "failed", function.Fail("Overdue", "yesterday's export is not complete, and today's is "+outcome)
	}
	level := slog.LevelInfo
	if outcome == "failed" {
		level = slog.LevelError
		code, reason := function.Cause(err)
		attributes = append(attributes, slog.String("error", code), slog.String("reason", reason))
	}
	attributes = append([]slog.Attr{slog.String("outcome", outcome)}, attributes...)
	r.log.LogAttrs(ctx, level, "user export", attributes...)
	return level == slog.LevelInfo
}
