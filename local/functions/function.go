package functions

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// Lambda's limits of synchronous calls. 6 MB is documented on the quotas page; the 100 bytes more for a response are
// those of AWS's runtime interface emulator. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxEvent    = 6 << 20
	maxResponse = 6<<20 + 100
)

// If a process fails before it requests its first event, the next call starts it again, the first time at once. After
// that calls fail without a start for 100 ms, doubled with each failure, so that a broken function does not keep the
// machine busy.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Function is one Lambda function with its processes and its queue of waiting calls.
type Function struct {
	program program
	set     *Set
	// built is the file of the program that serves, as Start or Watch found it.
	built os.FileInfo

	mu sync.Mutex
	// processes are those that can receive a call, oldest first. The oldest idle one receives it, so that the others are
	// used only under load.
	processes []*process
	waiting   []*call
	closed    bool
	// failures counts starts that failed since one succeeded, failure is the last of them.
	failures int
	failure  error
	retryAt  time.Time
}

// call is one event that waits for a response.
type call struct {
	id       string
	event    []byte
	deadline time.Time
	// answer receives one value. answered is true after that; the function's mutex guards it.
	answer   chan answer
	answered bool
}

type answer struct {
	response []byte
	err      error
}

func (c *call) finish(a answer) {
	if !c.answered {
		c.answered = true
		c.answer <- a
	}
}

// Invoke sends an event to the function and returns its unchanged response, which need not be JSON. It waits until a
// process is free, which does not count towards the function's timeout, and starts one if none will be free soon. Its
// errors are [ErrTimeout], [ErrCrashed], [ErrTooLarge], [ErrEventTooLarge], [ErrClosed], a [*FunctionError], or ctx's
// own. When ctx ends, a waiting call is withdrawn; a running one continues without a caller, as on Lambda.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	if len(event) > maxEvent {
		return nil, f.failed(ErrEventTooLarge)
	}
	if err := ctx.Err(); err != nil {
		return nil, f.failed(err)
	}
	c := &call{id: requestID(), event: event, answer: make(chan answer, 1)}
	f.enqueue(c)
	select {
	case a := <-c.answer:
		return a.response, f.failed(a.err)
	case <-ctx.Done():
		f.takeBack(c)
		return nil, f.failed(ctx.Err())
	}
}

func (f *Function) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("function %s: %w", f.program.LogicalID, err)
}

// say reports an event of a process, after the process's own output.
func (f *Function) say(format string, args ...any) {
	f.set.output.line(f.program.name, fmt.Appendf(nil, format, args...))
}

// start starts the first process.
func (f *Function) start() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed(f.launch())
}

func (f *Function) enqueue(c *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		c.finish(answer{err: ErrClosed})
		return
	}
	for _, p := range f.processes {
		if p.state == idle {
			p.give(c)
			return
		}
	}
	f.waiting = append(f.waiting, c)
	f.grow()
}

func (f *Function) takeBack(c *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = slices.DeleteFunc(f.waiting, func(w *call) bool { return w == c })
}

// grow starts a process if more calls wait than processes are about to become free. It starts one at a time: on a
// machine with few cores several would not be ready sooner, and a broken program is not started for all callers at
// once. The mutex is held.
func (f *Function) grow() {
	soon := 0
	for _, p := range f.processes {
		switch p.state {
		case starting:
			return
		case answered:
			soon++
		}
	}
	if len(f.waiting) <= soon || len(f.processes) >= f.most() {
		return
	}
	if time.Now().Before(f.retryAt) {
		f.giveUp()
		return
	}
	if err := f.launch(); err != nil {
		f.startFailed(fmt.Errorf("%w: %w", ErrCrashed, err))
	}
}

// most is how many processes there may be: of a function that is debugged one, so that every event comes by.
func (f *Function) most() int {
	if f.program.debugger != nil {
		return 1
	}
	return f.set.config.Processes
}

// patience is how much longer than others the function may take to get ready.
func (f *Function) patience() time.Duration {
	if f.program.debugger != nil {
		return unhurried
	}
	return 0
}

// startFailed records why a process did not initialize. The mutex is held.
func (f *Function) startFailed(err error) {
	f.failures++
	f.failure = err
	if f.failures > 1 {
		// Not more than 16 doublings, which would overflow long after longestPause.
		f.retryAt = time.Now().Add(min(firstPause<<min(f.failures-2, 16), longestPause))
	}
	f.giveUp()
}

// giveUp fails the waiting calls if no process is left. The mutex is held.
func (f *Function) giveUp() {
	if len(f.processes) > 0 {
		return
	}
	for _, c := range f.waiting {
		c.finish(answer{err: f.failure})
	}
	f.waiting = nil
}

// replace ends all processes, working ones after their response, and starts one of the current program.
func (f *Function) replace() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	for _, p := range f.processes {
		p.retired = true
		if p.state == starting || p.state == idle {
			p.kill()
		}
	}
	f.processes = nil
	if err := f.launch(); err != nil {
		f.startFailed(fmt.Errorf("%w: %w", ErrCrashed, err))
	}
}

func (f *Function) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed, f.failure = true, ErrClosed
	for _, p := range f.processes {
		p.retired = true
		p.kill()
	}
	f.processes = nil
	f.giveUp()
}
