package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// silence is how long the program may say nothing.
const silence = 10 * time.Second

// heartbeat passes on what is written, and says after each silence that work goes on.
type heartbeat struct {
	mutex sync.Mutex
	out   io.Writer
	// last is when something was written.
	last time.Time
}

func (h *heartbeat) Write(p []byte) (int, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.last = time.Now()
	return h.out.Write(p)
}

// beat says what is being done after each silence, until stop is called.
func (h *heartbeat) beat(doing string, silence time.Duration) (stop func()) {
	started := time.Now()
	h.mutex.Lock()
	h.last = started
	h.mutex.Unlock()
	over := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(silence / 10)
		defer ticker.Stop()
		for {
			select {
			case <-over:
				return
			case now := <-ticker.C:
				h.mutex.Lock()
				if now.Sub(h.last) >= silence {
					h.last = now
					fmt.Fprintf(h.out, "  %s … %d s\n", doing, int(now.Sub(started).Seconds()))
				}
				h.mutex.Unlock()
			}
		}
	})
	return func() {
		close(over)
		done.Wait()
	}
}
