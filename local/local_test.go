package local_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

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
	taken := must.Get(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer taken.Close() //nolint:errcheck // it was only in the way
	config := localtest.Config(t, io.Discard)
	config.Ports.API = taken.Addr().(*net.TCPAddr).Port
	_, err := local.Serve(t.Context(), config)
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

// TestAFailedStartSaysWhy breaks what the parts need, one thing at a time.
func TestAFailedStartSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*local.Config)
		says   string
	}{
		"no asset":                 {withoutAssets, "names no asset"},
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

func withoutAssets(c *local.Config) {
	for _, stack := range c.Stage.Stacks {
		for _, function := range stack.Template.OfType("AWS::Lambda::Function") {
			function.Metadata["aws:asset:path"] = ""
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
