package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/securecart/identity/lambda/internal/crash"
	"github.com/securecart/identity/lambda/internal/upstream"
)

// Cognito waits 5 s for a trigger and then calls it again, so that a customer
// could stare at the page for 15. One second of the five is left for starting the
// function. The longest case, the first step-up of a process, is two calls of
// 1.9 s at most, each tried twice.
const answerWithin = 4 * time.Second

var patience = upstream.Patience{Attempt: 900 * time.Millisecond, Attempts: 2, Pause: 100 * time.Millisecond}

// errSignIn is all that anyone outside is told: Cognito passes the text of an
// error on to the browser.
var errSignIn = errors.New("sign-in is not possible at the moment, please try again")

// A trigger answers the events of one user pool. It is a lambda.Handler of
// aws-lambda-go.
type trigger struct {
	log       *slog.Logger
	directory *directory
	users     *cognito.Client
	offered   []factor
	within    time.Duration
}

func newTrigger(log *slog.Logger, cfg aws.Config, parameter string, offered []factor) *trigger {
	return &trigger{
		log:       log,
		directory: &directory{ssm: ssm.NewFromConfig(cfg), parameter: parameter},
		users:     cognito.NewFromConfig(cfg),
		offered:   offered,
		within:    answerWithin,
	}
}

// Invoke answers one event, or fails the sign-in. It takes and returns bytes so
// that what goes back is what came, but for the response.
func (t *trigger) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, t.within)
	defer cancel()
	answer, seen, err := t.attempt(ctx, payload)
	t.record(ctx, seen, time.Since(begun), err)
	if err != nil {
		return nil, errSignIn
	}
	return answer, nil
}

// attempt also returns what it has found out for the log, complete or not. A
// panic becomes an error: an unrecovered one would be reported to Cognito with
// its text.
func (t *trigger) attempt(ctx context.Context, payload []byte) (answer []byte, seen entry, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			answer, err = nil, refuse("Panic", crash.Describe(cause))
		}
	}()
	seen.factor = none
	event, err := readEvent(payload)
	if err != nil {
		return nil, seen, err
	}
	seen.source = event.TriggerSource
	known, err := t.directory.clients(ctx)
	if err != nil {
		return nil, seen, err
	}
	seen.client = known.kind(event.CallerContext.ClientID)
	if dependsOnFactor(seen.client, seen.source) {
		if seen.factor, err = t.lookUpFactor(ctx, event); err != nil {
			return nil, seen, err
		}
	}
	decided := decide(seen.client, seen.source, seen.factor)
	seen.outcome = decided.outcome
	answer, err = event.answer(decided)
	return answer, seen, err
}
