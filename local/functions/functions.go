// Package functions runs the Lambda functions of a synthesized stage on this machine: it builds the handlers that the
// template deploys, runs each in its own processes and serves them the Lambda Runtime API, as Lambda does.
//
// It is for development and is not a sandbox: a function's memory is not limited, its processes are not frozen between
// events, and every local program can connect to them. It does not know callers of a function or the meaning of its
// response.
package functions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/securecart/identity/internal/sources"
)

// Config configures how functions run.
type Config struct {
	// Root is the folder of go.mod. The programs are built into .build/local below it. Required.
	Root string
	// Output receives the functions' output, line by line, each after the name of its folder below lambda/, and messages
	// about builds. Only one goroutine writes to it at a time. Required.
	Output io.Writer
	// Processes is how many events of one function may be worked on at once: 4 if zero.
	Processes int
	// Debug is the function that runs under Delve.
	Debug Debug
	// Built says that [Build] has just compiled all handlers, so that Start need not ask the compiler, which takes longer
	// than the rest of a start.
	Built bool

	// Tests use shorter limits.
	readyLimit, look time.Duration
}

// defaultProcesses is how many events of one function are worked on at once. Each process works on one at a time, and
// waits for a table most of that time. BenchmarkInvoke, 16 callers and a table that answers after 3 ms, on 2 cores:
//
//	processes   calls/s   p99
//	1               260   72 ms
//	2               520   42 ms
//	4              1090   16 ms
//	8              1530   20 ms
//
// GET /orders must serve 300 requests/s with a p99 of 50 ms, authorizer included, so two would leave no room for a
// slower table. With lambda/orders and dynalite, which keeps a core busy, four did 750 to 1530 calls/s, eight no more.
// All except the first are started only when calls wait.
const defaultProcesses = 4

// Set is all functions of a stage.
type Set struct {
	config    Config
	builder   builder
	output    *output
	guard     *guard
	functions map[string]*Function
	// seen are the sources that Start built, so that Watch misses no later change.
	seen sources.Snapshot
	// running are the goroutines of all processes.
	running sync.WaitGroup
}

// Start builds the functions and starts one process of each. It does not wait until they are ready: the first
// [Function.Invoke] returns the error of a broken function, as with Lambda, while the others serve. Its errors are
// about the specs, all at once, or hold the compiler's output. ctx ends the build; the processes run until [Set.Close],
// or until this program ends in any way.
func Start(ctx context.Context, config Config, specs []Spec) (*Set, error) {
	root, err := filepath.Abs(config.Root)
	if err != nil {
		return nil, fmt.Errorf("start functions: %w", err)
	}
	b := builder{root: root, output: &output{to: config.Output}, slow: slow}
	programs, err := inspect(specs, b)
	if err != nil {
		return nil, err
	}
	if err := debugged(programs, config.Debug, b); err != nil {
		return nil, err
	}
	seen, err := files(root)
	if err != nil {
		return nil, fmt.Errorf("start functions: %w", err)
	}
	if !config.Built {
		if err := b.build(ctx, names(programs)); err != nil {
			return nil, err
		}
	}
	if config.Debug.Name != "" {
		if err := b.buildDebug(ctx, config.Debug.Name); err != nil {
			return nil, fmt.Errorf("build lambda/%s for the debugger: %w", config.Debug.Name, err)
		}
	}
	set, err := run(config, b, programs)
	if err != nil {
		return nil, err
	}
	set.seen = seen
	return set, nil
}

// run starts one process of each program.
func run(config Config, b builder, programs []program) (*Set, error) {
	g, err := newGuard()
	if err != nil {
		return nil, err
	}
	config.Processes = cmp.Or(config.Processes, defaultProcesses)
	config.readyLimit = cmp.Or(config.readyLimit, readyLimit)
	config.look = cmp.Or(config.look, look)
	set := &Set{
		config:    config,
		builder:   b,
		output:    b.output,
		guard:     g,
		functions: make(map[string]*Function, len(programs)),
	}
	var failures []error
	for _, p := range programs {
		f := &Function{program: p, set: set, built: p.file()}
		set.functions[p.ARN] = f
		failures = append(failures, f.start())
	}
	if err := errors.Join(failures...); err != nil {
		set.Close()
		return nil, err
	}
	return set, nil
}

// Function returns the function with an ARN, and whether there is one.
func (s *Set) Function(arn string) (*Function, bool) {
	f, ok := s.functions[arn]
	return f, ok
}

// Close ends all processes and returns when they have ended. Waiting and running calls fail with [ErrClosed]. It may be
// called twice.
func (s *Set) Close() {
	s.endDebuggers()
	for _, f := range s.functions {
		f.close()
	}
	s.guard.close()
	s.running.Wait()
}
