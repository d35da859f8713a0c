package e2e

import (
	"context"
	"sync"
	"time"
)

// Clock is that of a local stage whose customers do not wait for their authenticators: they set it forward. It begins
// behind the time, so that nothing is issued in the future for the functions, whose clock is the machine's. A nil Clock
// shows the time.
type Clock struct {
	mutex  sync.Mutex
	behind time.Duration
}

// NewClock returns a clock that can be set forward by that much.
func NewClock(behind time.Duration) *Clock { return &Clock{behind: behind} }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	if c == nil {
		return time.Now()
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return time.Now().Add(-c.behind)
}

// wait returns when the clock shows a time.
func (c *Clock) wait(ctx context.Context, until time.Time) error {
	missing := until.Sub(c.Now())
	if c != nil && missing > 0 {
		c.mutex.Lock()
		set := min(missing, c.behind)
		c.behind -= set
		missing -= set
		c.mutex.Unlock()
	}
	select {
	case <-time.After(missing):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
