package userpool

import "time"

// Limits of requests for codes and of wrong codes, per user and purpose. For forgotten passwords AWS allows
// "between 5 and 20 attempts" an hour to do either; it says nothing about the other codes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-recover-a-user-account.html
const (
	codeRequests = 10
	codeAttempts = 5
	limitWindow  = time.Hour
)

// count is the number of events since the window began.
type count struct{ times int }

// counted returns the number of events within the hour.
func (p *Pool) counted(key string) int {
	if c, ok := p.counts.Get(key, p.now()); ok {
		return c.times
	}
	return 0
}

// count counts an event. The hour begins with the first one.
func (p *Pool) count(key string) {
	now := p.now()
	c, ok := p.counts.Get(key, now)
	if !ok {
		c = &count{}
		p.counts.Put(key, c, now, now.Add(limitWindow))
	}
	c.times++
}

// mayRequestCode counts a request for a code, whether the user exists or not: otherwise the limit would tell.
func (p *Pool) mayRequestCode(purpose, who string) error {
	key := "request " + purpose + " " + who
	if p.counted(key) >= codeRequests {
		return errTooMany
	}
	p.count(key)
	return nil
}

// requestedCode tells whether a code was requested within the hour.
func (p *Pool) requestedCode(purpose, who string) bool {
	return p.counted("request "+purpose+" "+who) > 0
}

// Five failures lock sign-ins for a second, which doubles with each further failure. Failures are forgotten after 15
// minutes without one. Wrong second factors count as wrong passwords do.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
const (
	freeFailures   = 5
	longestLockout = 15 * time.Minute
)

type lockout struct {
	failures int
	until    time.Time
}

// locked tells whether a user is locked out at the moment, even with the right password.
func (p *Pool) locked(who string) bool {
	now := p.now()
	l, ok := p.lockouts.Get(who, now)
	return ok && now.Before(l.until)
}

// failed counts a failed sign-in.
func (p *Pool) failed(who string) {
	now := p.now()
	l, _ := p.lockouts.Get(who, now)
	l.failures++
	if doublings := l.failures - freeFailures; doublings >= 0 {
		l.until = now.Add(min(time.Second<<min(doublings, 10), longestLockout))
	}
	// The 15 minutes count from the end of the lockout. Otherwise the longest lockout would be forgotten when it ends.
	p.lockouts.Put(who, l, now, now.Add(max(0, l.until.Sub(now))+longestLockout))
}

// succeeded forgets the failures, once a sign-in is complete.
func (p *Pool) succeeded(who string) { p.lockouts.Remove(who) }
