package local_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// TestAStageUntilItsEnd needs a stage of its own, of which nothing is left. What it logs is complete when it is closed.
func TestAStageUntilItsEnd(t *testing.T) {
	var output await.Output
	config := localtest.Config(t, &output)
	config.JSON = true
	server := must.Get(local.Serve(t.Context(), config))(t)
	stage := localtest.Open(t, server)
	ask(t, server)
	manyAreAnsweredAtOnce(t, stage)
	withoutItsTablesItIsKnownToBeBroken(t, server, stage)
	must.Do(t, server.Close())
	if _, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodGet, Path: "/orders"}); err == nil {
		t.Error("somebody still answers at its port")
	}
	itsLogIsJSON(t, output.String())
}

func manyAreAnsweredAtOnce(t *testing.T, stage *e2e.Running) {
	t.Helper()
	statuses := make(chan int)
	const callers = 1000
	for range callers {
		go func() {
			answer, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodGet, Path: "/orders"})
			if err != nil {
				t.Errorf("a caller was not answered: %v", err)
			}
			statuses <- answer.Status
		}()
	}
	for range callers {
		// Who comes when the stage's throttle is used up is told so.
		if status := <-statuses; status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
			t.Errorf("got %d, want 401 or 429", status)
		}
	}
	if _, err := stage.Credentials(t.Context(), ""); err != nil {
		t.Errorf("the stage is not served any more: %v", err)
	}
}

// Without this a developer would look for the fault in their own code: nothing but failing calls would tell.
func withoutItsTablesItIsKnownToBeBroken(t *testing.T, server *local.Server, stage *e2e.Running) {
	t.Helper()
	select {
	case <-server.Broken():
		t.Fatal("broken from the start")
	default:
	}
	server.EndTables()
	select {
	case <-server.Broken():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed")
	}
	guest := must.Get(stage.Credentials(t.Context(), ""))(t)
	answer, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodGet, Path: "/products", Credentials: guest})
	if err != nil || answer.Status < 500 {
		t.Errorf("got %d, %v; want the server to answer, and to fail", answer.Status, err)
	}
}

func itsLogIsJSON(t *testing.T, log string) {
	t.Helper()
	whats := map[any]any{}
	for line := range strings.Lines(log) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		whats[fields["what"]] = fields["status"]
	}
	if whats["/v1/nowhere"] != 403.0 || whats["InitiateAuth"] != 400.0 || strings.Contains(log, secret) {
		t.Errorf("got %s", log)
	}
}
