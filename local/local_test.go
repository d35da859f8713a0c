package local_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

func TestMain(m *testing.M) { os.Exit(localtest.Run(m)) }

// reviewed is the Dev stage as it was reviewed.
func reviewed(t *testing.T) (*local.Server, *e2e.Running) {
	t.Helper()
	server := localtest.Reviewed(t)
	return server, localtest.Open(t, server)
}

// serve serves the Dev stage with something changed in its templates.
func serve(t *testing.T, changes ...stagetest.Change) (*local.Server, *e2e.Running) {
	t.Helper()
	server := localtest.Serve(t, localtest.Config(t, io.Discard, changes...))
	return server, localtest.Open(t, server)
}

func TestOnlyThisMachineIsServed(t *testing.T) {
	for _, address := range []string{"0.0.0.0", "::", "192.0.2.1", "localhost", "", "127.0.0.1.example"} {
		config := localtest.Config(t, io.Discard)
		config.Address = address
		_, err := local.Serve(t.Context(), config)
		if err == nil || !strings.Contains(err.Error(), "for this machine only; use 127.0.0.1") {
			t.Errorf("address %q: got %v, want to be refused", address, err)
		}
	}
}

// TestOutputsNameThisMachine: what is entered at providers stands below managed login, which is here.
func TestOutputsNameThisMachine(t *testing.T) {
	server, _ := reviewed(t)
	outputs := server.Outputs()
	login := outputs["ManagedLoginUrl"]
	if !strings.HasPrefix(login, "https://127.0.0.1:") || outputs["ProviderRedirectUrl"] != login+"/oauth2/idpresponse" {
		t.Errorf("managed login at %s, providers return to %s", login, outputs["ProviderRedirectUrl"])
	}
}

func TestAPortInUseIsNamedWithTheWayOut(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // it was only in the way
	config := localtest.Config(t, io.Discard)
	config.Ports.API = taken.Addr().(*net.TCPAddr).Port
	_, err = local.Serve(t.Context(), config)
	if err == nil || !strings.Contains(err.Error(), "is in use") || !strings.Contains(err.Error(), "-api-port") {
		t.Errorf("got %v, want an error that names the port and its flag", err)
	}
}

// TestTheTemplateDecides takes what protects the stage out of its templates: what was refused must go through, or the
// refusal was not the template's. The stage as it was reviewed refuses all of it. A start takes most of a second, so
// changes that do not touch the same calls share one.
func TestTheTemplateDecides(t *testing.T) {
	_, reviewed := reviewed(t)
	for _, group := range controls() {
		var changes []stagetest.Change
		for _, c := range group {
			changes = append(changes, c.change)
		}
		_, changed := serve(t, changes...)
		for name, c := range group {
			if got := c.try(t, reviewed); got != c.reviewed {
				t.Errorf("%s, as reviewed: got %s, want %s", name, got, c.reviewed)
			}
			if got := c.try(t, changed); got != c.changed {
				t.Errorf("%s, changed: got %s, want %s", name, got, c.changed)
			}
		}
	}
}

// manyAtOnce proves that a stage answers everybody of a thousand, and goes on afterwards.
func manyAtOnce(t *testing.T, stage *e2e.Running) {
	t.Helper()
	statuses := make(chan int)
	const callers = 1000
	for range callers {
		go func() {
			answer, err := stage.Do(context.Background(), e2e.Call{Method: http.MethodGet, Path: "/orders"})
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

// TestAFailedStartSaysWhy breaks what the parts need, one thing at a time.
func TestAFailedStartSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*local.Config)
		says   string
	}{
		"no handler where the asset is": {func(c *local.Config) {
			withAsset(c, t.TempDir())
		}, "its asset must hold a Go program named bootstrap"},
		"no asset":                 {func(c *local.Config) { withAsset(c, "") }, "names no asset"},
		"no engine for the tables": {func(c *local.Config) { c.Root = t.TempDir() }, "node"},
		"no built storefront":      {func(c *local.Config) { c.Storefront = t.TempDir() }, "run make storefront"},
		"a policy that is not understood": {func(c *local.Config) {
			for _, stack := range c.Stage.Stacks {
				for _, role := range stack.Template.OfType("AWS::IAM::Role") {
					role.Properties["AssumeRolePolicyDocument"].(map[string]any)["Version"] = "1999-12-31"
				}
			}
		}, "1999-12-31"},
	} {
		config := localtest.Config(t, io.Discard)
		c.change(&config)
		server, err := local.Serve(t.Context(), config)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.says)
		}
		if server != nil {
			t.Errorf("%s: got a server", name)
		}
	}
}

// withAsset gives every function another asset.
func withAsset(c *local.Config, folder string) {
	for _, stack := range c.Stage.Stacks {
		for _, function := range stack.Template.OfType("AWS::Lambda::Function") {
			function.Metadata["aws:asset:path"] = folder
		}
	}
}

func TestOnlyThisMachinesNamesAreAnswered(t *testing.T) {
	server, _ := reviewed(t)
	for host, want := range map[string]int{
		"127.0.0.1":                   200,
		"localhost:8704":              200,
		"evil.example":                421,
		"127.0.0.1.evil.example:8704": 421,
	} {
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodGet, server.InboxURL(), nil))(t)
		request.Host = host
		response := must.Get(http.DefaultClient.Do(request))(t)
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != want {
			t.Errorf("inbox asked for %s: got %d, want %d", host, response.StatusCode, want)
		}
	}
}

// Without this a developer would look for the fault in their own code: nothing but failing calls would tell.
func TestAStageWithoutItsTablesIsKnownToBeBroken(t *testing.T) {
	server, stage := serve(t)
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

func TestAStageAnswersManyAtOnceUntilItGivesItsPortsBack(t *testing.T) {
	server := must.Get(local.Serve(t.Context(), localtest.Config(t, io.Discard)))(t)
	stage := localtest.Open(t, server)
	manyAtOnce(t, stage)
	must.Do(t, server.Close())
	if _, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodGet, Path: "/orders"}); err == nil {
		t.Error("somebody still answers")
	}
}
