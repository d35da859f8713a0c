package main

import (
	"context"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
)

// signUp returns nil if a sign-up may pass, else the reason: a refusal or a failed look-up.
func (t *trigger) signUp(ctx context.Context, payload []byte, seen *entry) error {
	seen.outcome = "passed"
	switch seen.source {
	case externalProvider, adminCreateUser:
		return nil
	case signUp:
		return t.judge(ctx, payload, seen)
	default:
		return function.Fail("InvalidEvent", "unknown triggerSource")
	}
}

func (t *trigger) judge(ctx context.Context, payload []byte, seen *entry) error {
	event, err := readSignUp(payload)
	if err != nil {
		return err
	}
	if seen.client, err = t.clients.Client(ctx, event.CallerContext.ClientID); err != nil {
		return err
	}
	switch {
	case seen.client != appclient.Web:
		return refuse("the client is not Web")
	case !event.onlyEmail():
		return refuse("an attribute other than email")
	}
	return nil
}
