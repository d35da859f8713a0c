package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/securecart/identity/config"
)

// Status is the severity of a finding.
type Status string

const (
	// OK means that nothing has to be done.
	OK Status = "ok"
	// Warning means that the deploy works, but something fails later or could not be checked.
	Warning Status = "warning"
	// Failure means that the deploy would fail, or that customers could not sign in after it.
	Failure Status = "failure"
)

// Result is the result of a check.
type Result struct {
	// Check is the check's name, such as "bootstrap".
	Check string `json:"check"`
	// Status is the finding's severity.
	Status Status `json:"status"`
	// Finding is a sentence.
	Finding string `json:"finding"`
	// Remedy is the command or page that solves the problem. Empty if nothing has to be done.
	Remedy string `json:"remedy,omitempty"`
}

func ok(format string, values ...any) Result {
	return Result{Status: OK, Finding: fmt.Sprintf(format, values...)}
}

func warning(remedy, format string, values ...any) Result {
	return Result{Status: Warning, Finding: fmt.Sprintf(format, values...), Remedy: remedy}
}

func failure(remedy, format string, values ...any) Result {
	return Result{Status: Failure, Finding: fmt.Sprintf(format, values...), Remedy: remedy}
}

// Subject is the input of the checks.
type Subject struct {
	// Stage is the stage to deploy. Required, and valid.
	Stage config.Stage
	// Now is the time for comparing expiries. Required.
	Now time.Time
	// Services are the AWS services. All are required.
	Services Services
	// account is the account of the credentials, once it is known.
	account string
}

// Progress reports, while checks run, which have not ended.
type Progress struct {
	// Ticks triggers reports. No reports if nil.
	Ticks <-chan time.Time
	// Waiting is called with the names of the checks that have not ended, in their order.
	Waiting func(names []string)
}

// check is one check.
type check struct {
	name string
	// applies selects the stages to which the check applies. All if nil.
	applies func(config.Stage) bool
	run     func(context.Context, Subject) []Result
}

// runChecks first checks the credentials, so that no other check reads a wrong account. Then it runs all checks that
// apply to the stage in parallel. Results are in the order of the checks. Checks that have not ended when ctx ends are
// warnings.
func runChecks(ctx context.Context, s Subject, progress Progress) []Result {
	account, credentials := credentialsOf(ctx, s)
	credentials.Check = "credentials"
	if credentials.Status == Failure {
		return []Result{credentials}
	}
	s.account = account
	checks := slices.DeleteFunc(all(), func(c check) bool { return c.applies != nil && !c.applies(s.Stage) })
	results := make([][]Result, len(checks))
	waiting := newWaitingFor(checks)
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() {
			defer waiting.ended(c.name)
			results[i] = c.run(ctx, s)
			for j := range results[i] {
				results[i][j].Check = c.name
			}
		})
	}
	waiting.report(progress, &running)
	return append([]Result{credentials}, slices.Concat(results...)...)
}

// waitingFor is which checks have not ended.
type waitingFor struct {
	mutex sync.Mutex
	names []string
}

func newWaitingFor(checks []check) *waitingFor {
	w := &waitingFor{}
	for _, c := range checks {
		w.names = append(w.names, c.name)
	}
	return w
}

func (w *waitingFor) ended(name string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.names = slices.DeleteFunc(w.names, func(n string) bool { return n == name })
}

// report returns when all checks have ended.
func (w *waitingFor) report(progress Progress, running *sync.WaitGroup) {
	over := make(chan struct{})
	go func() {
		running.Wait()
		close(over)
	}()
	for {
		select {
		case <-over:
			return
		case <-progress.Ticks:
			w.mutex.Lock()
			names := slices.Clone(w.names)
			w.mutex.Unlock()
			progress.Waiting(names)
		}
	}
}

// worstOf is the most severe status, OK if there is no result.
func worstOf(results []Result) Status {
	worst := OK
	for _, r := range results {
		if r.Status == Failure || worst == OK {
			worst = r.Status
		}
	}
	return worst
}
