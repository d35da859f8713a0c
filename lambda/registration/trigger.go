package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/proof"
)

// answerWithin leaves half a second of the function's 4 s for the response, and one of Cognito's 5 s for the start of
// the function. If Lambda stopped the function, a confirmation that has happened would fail.
const answerWithin = 3500 * time.Millisecond

// patience fits the first sign-up of a process, which makes one call, into answerWithin. A reset makes up to seven
// calls of normally a few milliseconds each; answerWithin bounds them together.
var patience = function.Patience{Attempt: 900 * time.Millisecond, Attempts: 2, Pause: 100 * time.Millisecond}

// errRefused and errSignUp are the only error texts: Cognito passes an error's text on to the browser.
var (
	errRefused = errors.New("please sign up on the shop's own pages, with an e-mail address and a password only")
	errSignUp  = errors.New("sign-up is not possible at the moment, please try again")
)

// A trigger answers the events of one user pool. It is a lambda.Handler of aws-lambda-go.
type trigger struct {
	log     *slog.Logger
	clients *appclient.Directory
	proofs  *proof.Table
	users   *cognito.Client
	now     func() time.Time
	within  time.Duration
}

func newTrigger(log *slog.Logger, cfg aws.Config, parameter, table string) *trigger {
	return &trigger{
		log:     log,
		clients: appclient.NewDirectory(cfg, parameter),
		proofs:  proof.NewTable(cfg, table),
		users:   cognito.NewFromConfig(cfg),
		now:     time.Now,
		within:  answerWithin,
	}
}

// Invoke answers one event: it returns the event byte for byte, or an error that refuses the sign-up.
func (t *trigger) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var seen entry
	took, err := function.Serve(ctx, t.within, func(ctx context.Context) error { return t.serve(ctx, payload, &seen) })
	t.record(ctx, seen, took, err)
	switch {
	case err == nil || isConfirmation(seen.source):
		return payload, nil
	case isRefusal(err):
		return nil, errRefused
	default:
		return nil, errSignUp
	}
}

// serve records its findings in seen, even if it fails.
func (t *trigger) serve(ctx context.Context, payload []byte, seen *entry) (err error) {
	if seen.source, err = readSource(payload); err != nil {
		return err
	}
	if isConfirmation(seen.source) {
		return t.confirmed(ctx, payload, seen)
	}
	return t.signUp(ctx, payload, seen)
}
