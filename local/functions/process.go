package functions

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"time"
)

// readyLimit is how long a process may take until it requests its first event.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
const readyLimit = 10 * time.Second

// state is the state of a process, as seen by the Runtime API.
type state int

const (
	starting state = iota // has not asked for an event yet
	idle                  // waits for an event
	working               // has an event and owes the answer
	answered              // has answered and will ask for the next event, or end
)

// process is one running program with its own Runtime API: an execution environment in Lambda's terms.
type process struct {
	function *Function
	command  *exec.Cmd
	api      *http.Server

	// The function's mutex guards the following fields.

	state state
	// retired means that it receives no more events and has left the function's list.
	retired bool
	// call is its current call, until it requests the next event.
	call *call
	// events is where it waits for an event when it is idle.
	events chan *call
	// timer kills it if it takes too long to initialize or to finish a call.
	timer *time.Timer
	// failure is why it did not initialize, if known before it ends.
	failure error
	// ended is closed when the process is gone.
	ended chan struct{}
}

// launch starts a process and adds it to the function's. The mutex is held.
func (f *Function) launch() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p := &process{function: f, command: f.program.command(), ended: make(chan struct{})}
	p.api = &http.Server{Handler: p.routes(), ReadHeaderTimeout: time.Minute}
	log := &lines{output: f.set.output, source: f.program.name}
	p.command.Stdout, p.command.Stderr = log, log
	p.command.Env = f.program.variables(listener.Addr().String())
	// Lambda starts a function in the folder of its code.
	p.command.Dir = f.program.Asset
	// A remaining child process must not keep the pipe open and block wait.
	p.command.WaitDelay = time.Second
	f.set.guard.adopt(p.command)
	if err := p.command.Start(); err != nil {
		_ = listener.Close()
		return err
	}
	p.timer = time.AfterFunc(max(f.set.config.readyLimit, f.patience()), p.notReady)
	f.processes = append(f.processes, p)
	f.set.running.Go(func() { _ = p.api.Serve(listener) }) // until wait closes it
	f.set.running.Go(func() { p.wait(log) })
	return nil
}

// wait waits until the process has ended, and fails its pending call.
func (p *process) wait(log *lines) {
	_ = p.command.Wait() // ProcessState says more
	close(p.ended)
	_ = p.api.Close()
	log.flush()

	f := p.function
	f.mu.Lock()
	defer f.mu.Unlock()
	p.timer.Stop()
	f.processes = slices.DeleteFunc(f.processes, func(other *process) bool { return other == p })
	failure := fmt.Errorf("%w: %s", ErrCrashed, p.command.ProcessState)
	if f.closed {
		failure = ErrClosed
	} else if !p.retired {
		f.say("the process has ended: %s", p.command.ProcessState)
	}
	if p.call != nil {
		p.call.finish(answer{err: failure})
	}
	switch {
	case p.state != starting || p.retired:
		f.grow()
	case p.failure != nil:
		f.startFailed(p.failure)
	default:
		f.startFailed(failure)
	}
}

// kill ends the process. It may have ended already.
func (p *process) kill() { _ = p.command.Process.Kill() }

// give assigns a call to an idle process. The mutex is held.
func (p *process) give(c *call) {
	p.state, p.call = working, c
	c.deadline = time.Now().Add(p.function.program.Timeout)
	p.timer = time.AfterFunc(p.function.program.Timeout, func() { p.tooLong(c) })
	p.events <- c // has room for it
}

// tooLong ends a process whose call has used up the function's timeout. As on Lambda, that includes the time after its
// response until it requests the next event: otherwise a hanging process would occupy its place for ever.
func (p *process) tooLong(c *call) {
	f := p.function
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.call != c {
		return
	}
	c.finish(answer{err: fmt.Errorf("%w after %s", ErrTimeout, f.program.Timeout)})
	f.say("the process has not been done with an event after %s and is killed", f.program.Timeout)
	p.retired = true
	f.processes = slices.DeleteFunc(f.processes, func(other *process) bool { return other == p })
	p.kill()
	f.grow()
}

// notReady ends a process that has not requested an event in time.
func (p *process) notReady() {
	f := p.function
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.state != starting {
		return
	}
	p.failure = fmt.Errorf("%w: it did not ask for an event within %s of its start", ErrTimeout, f.set.config.readyLimit)
	p.kill()
}

// ready is called when the process requests an event: it has finished the previous call. The channel returns the event,
// or nothing if the process must end.
func (p *process) ready() (<-chan *call, error) {
	f := p.function
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.state == idle || p.state == working {
		return nil, errors.New("the process asks for an event while it has one, or waits for it")
	}
	p.timer.Stop()
	p.call = nil
	if p.retired {
		p.kill()
		return nil, nil
	}
	if p.state == starting {
		f.failures, f.retryAt = 0, time.Time{}
	}
	p.state, p.events = idle, make(chan *call, 1)
	if len(f.waiting) > 0 {
		first := f.waiting[0]
		f.waiting = slices.Delete(f.waiting, 0, 1)
		p.give(first)
	}
	f.grow()
	return p.events, nil
}

// leave is called when the process stops waiting without having received an event. It may not come back.
func (p *process) leave() {
	p.function.mu.Lock()
	defer p.function.mu.Unlock()
	if p.state == idle {
		p.state = answered
		p.kill()
	}
}

// settle completes the call of a request, and reports whether it was the process's current call.
func (p *process) settle(r *http.Request, a answer) bool {
	p.function.mu.Lock()
	defer p.function.mu.Unlock()
	if p.state != working || p.call.id != r.PathValue("id") {
		return false
	}
	p.state = answered
	p.call.finish(a)
	return true
}
