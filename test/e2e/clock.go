package e2e

import (
	"context"
	"sync"
	"time"
)

// Clock is that of a stage. If it is slow, customers set it forward instead of waiting for their authenticators. It is
// never fast: the functions have the machine's clock, and would see what was issued in the future.
type Clock struct {
	now func() time.Time

	mutex  sync.Mutex
	behind time.Duration
}

// NewClock returns a clock that can be set forward by that much.
func NewClock(behind time.Duration) *Clock { return &Clock{now: time.Now, behind: behind} }

// Now is the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now().Add(-c.behind)
}

// wait returns when the clock shows a time.
func (c *Clock) wait(ctx context.Context, until time.Time) error {
	missing := until.Sub(c.Now())
	if missing > 0 {
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
