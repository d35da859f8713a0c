package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"
)

// Period is the lifetime of an authenticator's code (RFC 6238; Cognito uses the same).
const Period = 30 * time.Second

// margin is the shortest time for which a new code must stay valid: a code entered late in its period must not be
// refused.
const margin = 10 * time.Second

// Authenticator is an authenticator app. Cognito accepts each code once, so Next never returns the same code twice.
type Authenticator struct {
	secret string
	// used is the start of the last returned code's period.
	used time.Time
	// slack is how far a code's period may be from now. The local stage accepts codes of the neighbouring periods, so
	// tests need not wait there. Cognito does not document its tolerance.
	slack time.Duration
	clock *Clock
}

func (s *Running) newAuthenticator(secret string) *Authenticator {
	a := &Authenticator{secret: secret, clock: s.Clock}
	if s.Local() {
		a.slack = Period
	}
	return a
}

// Next returns a new code that stays valid for a while. It waits for the next period if necessary.
func (a *Authenticator) Next(ctx context.Context) (string, error) {
	next := a.clock.Now().Add(margin).Truncate(Period).Add(-a.slack)
	if !next.After(a.used) {
		next = a.used.Add(Period)
	}
	if err := a.clock.wait(ctx, next.Add(-a.slack)); err != nil {
		return "", fmt.Errorf("wait for the authenticator's next code: %w", err)
	}
	a.used = next
	return totp.GenerateCode(a.secret, next)
}
