// Package drill breaks parts of a stage that is being served, and counts what CloudWatch would count meanwhile. What it
// counts, and under which dimensions, is AWS's; each file says where it is documented. Metrics that no drill moves are
// not counted: web ACLs, quotas, e-mail.
package drill

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Drill is the state of a drill. A nil Drill breaks and counts nothing. It is safe for concurrent use.
type Drill struct {
	mutex sync.Mutex
	// down are functions, by ARN; throttled are tables, by name.
	down, throttled map[string]bool
	// minutes are those that are over, each with what was counted; now is the one that is not.
	minutes []minute
	now     minute
}

// New returns a drill in which nothing is broken yet.
func New() *Drill {
	return &Drill{down: map[string]bool{}, throttled: map[string]bool{}, now: minute{}}
}

// TakeDown makes every run of a function fail from now on, as if its program ended at once, or no longer.
func (d *Drill) TakeDown(functionARN string, down bool) { d.set(d.down, functionARN, down) }

// Throttle makes a table refuse every request from now on, as beyond its maximum throughput, or no longer.
func (d *Drill) Throttle(table string, refuse bool) { d.set(d.throttled, table, refuse) }

func (d *Drill) set(of map[string]bool, name string, broken bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	of[name] = broken
}

func (d *Drill) is(of map[string]bool, name string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return of[name]
}

// errDown is what Lambda says of a program that ends at once.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-context.html
var errDown = errors.New("RequestId: drill Error: Runtime exited with error: exit status 1")

// Invoke runs a function unless it is down, and counts the run.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (d *Drill) Invoke(
	ctx context.Context, name, arn string, run func(context.Context) ([]byte, error),
) ([]byte, error) {
	if d == nil {
		return run(ctx)
	}
	begun := time.Now()
	var answer []byte
	err := errDown
	if !d.is(d.down, arn) {
		answer, err = run(ctx)
	}
	of := Dimensions{"FunctionName": name}
	d.count("AWS/Lambda", "Invocations", of, 1)
	d.count("AWS/Lambda", "Errors", of, truth(err != nil))
	d.count("AWS/Lambda", "Throttles", of, 0)
	d.count("AWS/Lambda", "Duration", of, milliseconds(begun))
	return answer, err
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
