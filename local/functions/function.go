package functions

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Lambda's sizes of synchronous calls. 6 MB is what the quotas page says; the 100 bytes more for a response are those
// of AWS's runtime interface emulator.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxEvent    = 6 << 20
	maxResponse = 6<<20 + 100
)

// A process that fails before it asks for its first event is started again by the next call, at once the first time.
// After that calls fail without a start, for 100 ms that double with each failure, so that a function that cannot start
// does not keep the machine busy starting it.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Function is one Lambda function with its processes and the calls that wait for them, first come, first served.
type Function struct {
	program program
	set     *Set

	mu sync.Mutex
	// processes are those that may be given a call, oldest first. The oldest idle one gets it, so that the others are used
	// only under load.
	processes []*process
	waiting   []*call
	closed    bool
	// failures counts starts that failed since one succeeded, failure is the last of them.
	failures int
	failure  error
	retryAt  time.Time
}

// call is one event that wants an answer.
type call struct {
	id       string
	event    []byte
	deadline time.Time
	// answer gets one value. answered says that it did; the function's mutex guards it.
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

// Invoke sends an event to the function and returns its response, as it is: it may be no JSON. It waits until a process
// is free, which does not count towards the function's timeout, and starts one if none will be free soon. Its errors
// are [ErrTimeout], [ErrCrashed], [ErrTooLarge], [ErrEventTooLarge], [ErrClosed], a [*FunctionError], or ctx's own.
// When ctx ends, a call that waits is taken back; one that is worked on goes on without anybody listening, as on
// Lambda.
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

// say tells what happened to a process, after what it has printed itself.
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

// grow starts a process if more calls wait than there are processes about to ask for one. It starts one at a time: on a
// machine with few cores several are not ready sooner, and a program that cannot start is not tried by all callers at
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

// startFailed remembers why a process did not get ready. The mutex is held.
func (f *Function) startFailed(err error) {
	f.failures++
	f.failure = err
	if f.failures > 1 {
		// Not more than 16 doublings, which would overflow long after longestPause.
		f.retryAt = time.Now().Add(min(firstPause<<min(f.failures-2, 16), longestPause))
	}
	f.giveUp()
}

// giveUp fails the calls that no process is left to take. The mutex is held.
func (f *Function) giveUp() {
	if len(f.processes) > 0 {
		return
	}
	for _, c := range f.waiting {
		c.finish(answer{err: f.failure})
	}
	f.waiting = nil
}

// replace ends all processes, those that are at work when they have answered, and starts one of the program as it is
// now.
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
