package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// A rig is a trigger with working services, and its log.
type rig struct {
	*trigger
	*lambdatest.Services
	value   string // of the parameter
	table   string
	written *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{value: ids, table: lambdatest.Table(t, "Proofs")}
	r.Services = lambdatest.NewServices(t, r.answer)
	r.Name = describe
	r.connect(t, lambdatest.Unhurried, nil)
	r.within = time.Minute // a busy machine is no failure
	return r
}

// connect creates the trigger again, as in a new process, with other endpoints for some services.
func (r *rig) connect(t *testing.T, patience function.Patience, others map[string]string) {
	t.Helper()
	endpoints := r.Endpoints()
	maps.Copy(endpoints, others)
	cfg := lambdatest.Bubbled(t, lambdatest.FunctionConfig(t, patience, endpoints))
	r.written = &bytes.Buffer{}
	r.trigger = newTrigger(slog.New(slog.NewJSONHandler(r.written, nil)), cfg, parameter, r.table)
	r.now = func() time.Time { return now }
}

// begin clears recorded calls and log, and stores an item of alice if one is given.
func (r *rig) begin(t *testing.T, item lambdatest.ProofItem) {
	t.Helper()
	r.Calls, r.Before = nil, nil
	r.written.Reset()
	if item != nil {
		lambdatest.StoreProof(t, r.table, alice, item)
	}
}

func (r *rig) wantCalls(t *testing.T, want ...string) {
	t.Helper()
	lambdatest.Same(t, "calls", r.Calls, want)
}

func (r *rig) wantItem(t *testing.T, want lambdatest.ProofItem) {
	t.Helper()
	lambdatest.Same(t, "item", lambdatest.StoredProof(t, r.table, alice), want)
}

// documented returns the event of a file with changed values, each at a path of names.
func documented(t testing.TB, file string, changes map[string]any) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var event object
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	for path, value := range changes {
		names := strings.Split(path, ".")
		within := event
		for _, name := range names[:len(names)-1] {
			within = within[name].(object)
		}
		last := names[len(names)-1]
		if within[last] = value; value == absent {
			delete(within, last)
		}
	}
	encoded, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// absent removes a value.
var absent = new(struct{ int })

// confirms sends an event after a confirmation. The event must come back unchanged in any case.
func (r *rig) confirms(t testing.TB, payload []byte) {
	t.Helper()
	answer, err := r.Invoke(t.Context(), payload)
	if err != nil || !bytes.Equal(answer, payload) {
		t.Errorf("answer %s, error %v; want the event as it was sent", answer, err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
