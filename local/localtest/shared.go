package localtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest/await"
)

// Log is what the stage of [Reviewed] writes.
var Log await.Output

// shared is nil until a test asks for it.
var shared struct {
	serve  sync.Once
	server *local.Server
	err    error
}

// Reviewed serves the Dev stage as it was reviewed, once for all tests of a package that leave it as it is.
func Reviewed(t testing.TB) *local.Server {
	t.Helper()
	shared.serve.Do(func() {
		shared.server, shared.err = local.Serve(context.Background(), Config(t, &Log))
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Run runs the tests of a package and closes the stage that they share. It returns the exit code.
func Run(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "close the stage that tests share:", err)
			return 1
		}
	}
	return code
}

// Serve serves a stage until the test ends.
func Serve(t testing.TB, config local.Config) *local.Server {
	t.Helper()
	server, err := local.Serve(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server
}
