package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const poolID = "eu-central-1_Pool00001"

// today is when tests begin, with a fraction of a second that must not count.
var today = time.Unix(1_800_000_000, 999_000_000)

type object = map[string]any

// A person is an account of the user pool.
type person struct {
	status  string
	enabled bool
	created time.Time
}

// A world has a user pool, a table and a clock. Each call of either is counted before it takes effect.
type world struct {
	t *testing.T

	mutex  sync.Mutex
	now    time.Time
	people map[string]*person
	stale  map[string]*person // what is listed, if not what there is
	page   int                // how many accounts a page has
	calls  []string
	tables http.Handler
	table  string
	url    string

	// before is called before each call, with its number, and returns a code with which the call fails, or "".
	before func(number int, call string) string
	// stopAt is the number of the call at which the run is stopped, and after says whether the call still takes effect.
	stopAt int
	after  bool
	dead   bool
	cancel context.CancelFunc
	// confirmAt is the number of the call before which alice confirms; lenient says whether a disabled account may.
	confirmAt int
	lenient   bool
	confirmed bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, table: lambdatest.Table(t, "Proofs")}
	w.anew()
	w.tables = lambdatest.Redirected(t, lambdatest.DynamoDBEndpoint(t))
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// anew resets the world, which is faster than creating another.
func (w *world) anew() {
	w.t.Helper()
	lambdatest.StoreProof(w.t, w.table, "unconfirmed-removals", nil)
	w.now, w.people, w.stale, w.page, w.calls = today, map[string]*person{}, nil, 2, nil
	w.before, w.stopAt, w.after, w.confirmAt, w.lenient, w.confirmed = nil, 0, false, 0, false, false
}

// is adds an account of this age to the pool.
func (w *world) is(username, status string, age time.Duration) *person {
	made := &person{status: status, enabled: true, created: w.now.Add(-age)}
	w.people[username] = made
	return made
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	body, err := io.ReadAll(r.Body)
	var request object
	if err != nil || json.Unmarshal(body, &request) != nil {
		return // a run that was stopped may send half a request
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if w.dead {
		panic(http.ErrAbortHandler)
	}
	call := describe(operation, request)
	w.calls = append(w.calls, call)
	number := len(w.calls)
	if number == w.confirmAt {
		w.confirm()
	}
	if number == w.stopAt && !w.after {
		w.stop()
	}
	if number == w.stopAt {
		out = httptest.NewRecorder() // takes effect, and the run that is stopped does not learn it
	}
	code := ""
	if w.before != nil {
		code = w.before(number, call)
	}
	switch {
	case code != "":
		fault(out, code)
	case service == "DynamoDB_20120810":
		w.tables.ServeHTTP(out, r)
	default:
		w.serve(out, operation, request)
	}
	if number == w.stopAt {
		w.stop()
	}
}

// stop ends the run as Lambda does: further calls have no effect, and pending calls are not answered. A response could
// reach the run before its deadline does.
func (w *world) stop() {
	w.dead = true
	w.cancel()
	panic(http.ErrAbortHandler)
}

// confirm is alice entering her code.
func (w *world) confirm() {
	alice := w.people["alice"]
	if alice != nil && (alice.enabled || w.lenient) {
		alice.status, w.confirmed = "CONFIRMED", true
	}
}

// describe returns a request's operation and its account, or the first word of its expression.
func describe(operation string, request object) string {
	about, _ := request["Username"].(string)
	if expression, found := request["UpdateExpression"].(string); found {
		about, _, _ = strings.Cut(expression, " ")
	}
	return strings.TrimSpace(operation + " " + about)
}

func fault(out http.ResponseWriter, code string) {
	lambdatest.Answer(out, http.StatusBadRequest,
		object{"__type": code, "message": code + ": " + lambdatest.ARN + " alice"})
}

// config is the function's configuration, with this world's services.
func (w *world) config() aws.Config {
	w.t.Helper()
	return lambdatest.FunctionConfig(w.t, lambdatest.Unhurried, map[string]string{
		"DYNAMODB": w.url, "COGNITO_IDENTITY_PROVIDER": w.url,
	})
}

// removals reads and writes the item directly, without counting calls.
func (w *world) removals() removals {
	w.t.Helper()
	return newRemovals(lambdatest.DynamoDB(w.t), w.table)
}
