package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/tokenevent"
)

// errRefused is the only error text: Cognito passes an error's text on to the browser.
var errRefused = errors.New("this is not possible at the moment, please try again later")

// taken are the scopes that no token of the copy carries.
var taken = slices.Concat(contract.HighRiskScopes(), []string{contract.LinksOffer, contract.Admin})

// A trigger answers the events of the copy. It is a lambda.Handler of aws-lambda-go.
type trigger struct{ log *slog.Logger }

// Invoke answers one event of the token trigger, and refuses every other, so that Cognito issues and creates nothing.
func (t *trigger) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	answer, source, err := less(payload)
	if err != nil {
		code, reason := function.Cause(err)
		t.log.LogAttrs(ctx, slog.LevelError, "token", slog.String("outcome", "failed"),
			slog.String("error", code), slog.String("reason", reason))
		return nil, errRefused
	}
	t.log.LogAttrs(ctx, slog.LevelInfo, "token",
		slog.String("triggerSource", source), slog.String("outcome", "stripped"))
	return answer, nil
}

// less returns the event with all powers suppressed, and its source for the log.
func less(payload []byte) (answer []byte, source string, err error) {
	event, err := tokenevent.Read(payload)
	if err != nil {
		return nil, "", err
	}
	if !slices.Contains(tokenevent.Sources, event.TriggerSource) {
		return nil, "", function.Fail("InvalidEvent", "no source of the token trigger")
	}
	answer, err = event.Answer(nil, taken)
	return answer, event.TriggerSource, err
}
