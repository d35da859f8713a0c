// Package check looks at an AWS account before a stage is deployed to it: whether what a deploy needs is there, and
// what would fail or mislead after it. Every check reads, and changes nothing; none reads a secret's value.
//
// A check is a small function over a small interface of an AWS service. It answers with what it found and, unless all
// is well, with the command or the page that mends it. What a check may not read, or what does not answer, is a
// warning that says so: it is no reason not to deploy.
package check

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/securecart/identity/config"
)

// Status says how much a finding matters.
type Status string

const (
	// OK means that nothing is to be done.
	OK Status = "ok"
	// Warning means that the deploy works, and something does not work after it or could not be looked at.
	Warning Status = "warning"
	// Failure means that the deploy would fail, or that customers could not sign in after it.
	Failure Status = "failure"
)

// Result is what a check found.
type Result struct {
	// Check is the check's name, such as "bootstrap".
	Check string `json:"check"`
	// Status says how much it matters.
	Status Status `json:"status"`
	// Finding is a sentence.
	Finding string `json:"finding"`
	// Remedy is the command or page that mends it. Empty if nothing is to be done.
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

// Subject is what is looked at.
type Subject struct {
	// Stage is what is to be deployed. Required, and valid.
	Stage config.Stage
	// Now is the time by which expiries are judged. Required.
	Now time.Time
	// Services is where to look. All are required.
	Services Services
	// account is whose the credentials are, once that is known.
	account string
}

// Progress tells, while checks run, which have not ended.
type Progress struct {
	// Ticks is when to tell. Never if nil.
	Ticks <-chan time.Time
	// Waiting is called with the names of the checks that have not ended, in their order.
	Waiting func(names []string)
}

// check is one of them.
type check struct {
	name string
	// applies says for which stages. For all if nil.
	applies func(config.Stage) bool
	run     func(context.Context, Subject) []Result
}

// Run runs all checks that apply to the stage at once, after the one of the credentials, without which the others would
// look at another account or at none. Results are in the order of the checks, whatever ends first. Checks that have not
// ended when ctx does are warnings.
func Run(ctx context.Context, s Subject, progress Progress) []Result {
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

// report returns when everything that runs has ended.
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

// Worst is the status that matters most, OK if there is no result.
func Worst(results []Result) Status {
	worst := OK
	for _, r := range results {
		if r.Status == Failure || worst == OK {
			worst = r.Status
		}
	}
	return worst
}
