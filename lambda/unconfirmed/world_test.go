package main

import (
	"strings"
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

// A world has a user pool, a table and a clock.
type world struct {
	t *testing.T
	*lambdatest.Services

	config aws.Config
	now    time.Time
	people map[string]*person
	stale  map[string]*person // what is listed, if not what there is
	page   int                // how many accounts a page has
	table  string

	// confirmAt is the number of the call before which alice confirms; lenient says whether a disabled account may.
	confirmAt int
	lenient   bool
	confirmed bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, table: lambdatest.Table(t, "Proofs")}
	w.Services = lambdatest.NewServices(t, w.answer)
	w.Name = describe
	w.config = lambdatest.AWSConfig(w.URL)
	w.anew()
	return w
}

// anew resets the world, which is faster than creating another.
func (w *world) anew() {
	w.t.Helper()
	lambdatest.StoreProof(w.t, w.table, "unconfirmed-removals", nil)
	w.now, w.people, w.stale, w.page, w.Calls = today, map[string]*person{}, nil, 2, nil
	w.StopAt, w.After, w.confirmAt, w.lenient, w.confirmed = 0, false, 0, false, false
	w.Before = w.confirms
}

// is adds an account of this age to the pool.
func (w *world) is(username, status string, age time.Duration) *person {
	made := &person{status: status, enabled: true, created: w.now.Add(-age)}
	w.people[username] = made
	return made
}

// confirms is alice entering her code before a call.
func (w *world) confirms(number int, _ string) string {
	alice := w.people["alice"]
	if number == w.confirmAt && alice != nil && (alice.enabled || w.lenient) {
		alice.status, w.confirmed = "CONFIRMED", true
	}
	return ""
}

// describe returns a request's operation and its account, or the first word of its expression.
func describe(call lambdatest.Call) string {
	about, _ := call.Request["Username"].(string)
	if expression, found := call.Request["UpdateExpression"].(string); found {
		about, _, _ = strings.Cut(expression, " ")
	}
	return strings.TrimSpace(call.Operation + " " + about)
}

// removals reads and writes the item directly, without counting calls.
func (w *world) removals() removals {
	w.t.Helper()
	return newRemovals(lambdatest.DynamoDB(w.t), w.table)
}
