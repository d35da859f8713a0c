package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"
)

// period is how long one code of an authenticator lives (RFC 6238, and what Cognito uses).
const period = 30 * time.Second

// margin is how long a code is still valid when it is given: a code entered late in its period must not be refused.
const margin = 10 * time.Second

// Authenticator is an authenticator app. Cognito takes each code once, so Next never gives the same twice.
type Authenticator struct {
	secret string
	// used is the start of the period of the code that was given last.
	used time.Time
	// slack is how far from now a code may be. The local stage takes the neighbours of the current period, so tests
	// need not wait there. What Cognito takes is not documented.
	slack time.Duration
}

func (s *Running) newAuthenticator(secret string) *Authenticator {
	a := &Authenticator{secret: secret}
	if s.Local() {
		a.slack = period
	}
	return a
}

// Next returns a code that was not given before and stays good for a while, and waits for the next period if it must.
func (a *Authenticator) Next(ctx context.Context) (string, error) {
	next := time.Now().Add(margin).Truncate(period).Add(-a.slack)
	if !next.After(a.used) {
		next = a.used.Add(period)
	}
	select {
	case <-time.After(time.Until(next.Add(-a.slack))):
	case <-ctx.Done():
		return "", fmt.Errorf("wait for the authenticator's next code: %w", ctx.Err())
	}
	a.used = next
	return totp.GenerateCode(a.secret, next)
}
