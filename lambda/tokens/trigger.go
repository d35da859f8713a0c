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
	"github.com/securecart/identity/lambda/internal/tokenevent"
	"github.com/securecart/identity/lambda/mfa"
)

// Cognito waits 5 s for a trigger. It may then call the trigger again; since March 2026 the documentation promises no
// number of retries. A repeated event is decided by the data that the first has written. One second of the five is left
// for starting the function, and half a second of the function's four for the response: a function that Lambda stops
// does not log why.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
const answerWithin = 3500 * time.Millisecond

// The longest case, a step-up that seals and is the first of a process, makes four calls, one after the other. Each may
// lose its first attempt, and all still fit into answerWithin. If more attempts are lost, answerWithin ends the event.
var patience = function.Patience{Attempt: 650 * time.Millisecond, Attempts: 2, Pause: 100 * time.Millisecond}

// errSignIn is the only error text: Cognito passes an error's text on to the browser.
var errSignIn = errors.New("sign-in is not possible at the moment, please try again")

// Settings are the values of the environment.
type settings struct {
	parameter string
	proofs    string
	offered   []mfa.Factor
}

// A trigger answers the events of one user pool. It is a lambda.Handler of aws-lambda-go.
type trigger struct {
	log       *slog.Logger
	directory *appclient.Directory
	users     *cognito.Client
	proofs    *proof.Table
	offered   []mfa.Factor
	within    time.Duration
	now       func() time.Time
}

func newTrigger(log *slog.Logger, cfg aws.Config, known settings) *trigger {
	return &trigger{
		log:       log,
		directory: appclient.NewDirectory(cfg, known.parameter),
		users:     cognito.NewFromConfig(cfg),
		proofs:    proof.NewTable(cfg, known.proofs),
		offered:   known.offered,
		within:    answerWithin,
		now:       time.Now,
	}
}

// Invoke answers one event, or fails the sign-in. It works on raw bytes so that everything but the response is returned
// unchanged.
func (t *trigger) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var answer []byte
	seen := entry{facts: facts{client: "unknown", factor: mfa.None, trusted: no, proven: no}, writes: nothing}
	took, err := function.Serve(ctx, t.within, func(ctx context.Context) (err error) {
		answer, err = t.answer(ctx, payload, &seen)
		return err
	})
	t.record(ctx, seen, took, err)
	if err != nil {
		return nil, errSignIn
	}
	return answer, nil
}

// answer records its findings in seen, even if it fails.
func (t *trigger) answer(ctx context.Context, payload []byte, seen *entry) ([]byte, error) {
	event, err := tokenevent.Read(payload)
	if err != nil {
		return nil, err
	}
	seen.source = event.TriggerSource
	client, err := t.directory.Client(ctx, event.CallerContext.ClientID)
	if err != nil {
		return nil, err
	}
	seen.client = client
	item, err := t.lookUp(ctx, event, &seen.facts)
	if err != nil {
		return nil, err
	}
	decided := decide(seen.facts)
	seen.outcome, seen.writes = decided.outcome, decided.writes
	answer, err := event.Answer(decided.adds, decided.suppresses)
	if err == nil {
		// The write comes last: an event that fails earlier must not leave a trust behind.
		err = t.write(ctx, decided.writes, item, seen.factor)
	}
	return answer, err
}

// lookUp adds the facts that the decision depends on, and looks up nothing else. It returns the item of Proofs, so that
// a write can require that it is unchanged.
func (t *trigger) lookUp(ctx context.Context, e *tokenevent.Event, known *facts) (item proof.Item, err error) {
	if dependsOnFactor(*known) {
		if known.factor, err = t.lookUpFactor(ctx, e); err != nil {
			return proof.Item{}, err
		}
	}
	if !dependsOnProofs(*known) {
		return proof.Item{}, nil
	}
	customer, err := e.Sub()
	if err != nil {
		return proof.Item{}, err
	}
	if item, err = t.proofs.Read(ctx, customer); err != nil {
		return proof.Item{}, err
	}
	known.trusted = found(item.Trusts(string(known.factor)))
	known.proven = found(item.Proven(e.Verifier(), t.now()))
	return item, nil
}

// write changes Proofs as the decision says.
func (t *trigger) write(ctx context.Context, what write, item proof.Item, answered mfa.Factor) error {
	switch what {
	case seal:
		return t.proofs.Seal(ctx, item, string(answered), t.now())
	case suspend:
		return t.proofs.Suspend(ctx, item, t.now())
	default:
		return nil
	}
}
