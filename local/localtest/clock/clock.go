// Package clock has a clock that tests move.
package clock

import (
	"sync"
	"time"
)

// Clock stands still until a test moves it. Any number of goroutines may use it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a clock that stands at this time.
func At(now time.Time) *Clock { return &Clock{now: now} }

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Pass moves the clock on.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
