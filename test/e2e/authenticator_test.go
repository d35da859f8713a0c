package e2e

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// A code returned just before its period ends would be refused now and then, and the whole story would fail.
func TestEveryCodeIsGoodForAWhileAndGivenOnce(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXP"
	for name, slack := range map[string]time.Duration{
		"neighbouring periods count": Period, "only the current one counts": 0,
	} {
		t.Run(name, func(t *testing.T) {
			for start := time.Duration(0); start < Period; start += time.Second {
				synctest.Test(t, func(t *testing.T) {
					time.Sleep(start)
					a, given := &Authenticator{secret: secret, slack: slack, clock: NewClock(0)}, map[string]bool{}
					for range 4 {
						code, err := a.Next(t.Context())
						if err != nil || given[code] {
							t.Fatalf("%s into a period: got %q, %v; want a code that was not given before", start, code, err)
						}
						given[code] = true
						for _, later := range []time.Duration{0, margin - time.Millisecond} {
							good, err := totp.ValidateCustom(code, secret, time.Now().Add(later), totp.ValidateOpts{
								Period: uint(Period.Seconds()), Skew: uint(slack / Period), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
							})
							if err != nil || !good {
								t.Errorf("%s into a period: a code is refused %s after it was given: %v", start, later, err)
							}
						}
					}
				})
			}
		})
	}
}
