package localtest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest/await"
)

// Log is what the stage of [Reviewed] writes.
var Log await.Output

// shared are the stages that tests of a package share, by a name.
var shared = map[string]*once{}
var sharing sync.Mutex

type once struct {
	sync.Once

	server *local.Server
	err    error
}

// Reviewed serves the Dev stage as it was reviewed, once for all tests of a package that leave it as it is.
func Reviewed(t testing.TB) *local.Server {
	t.Helper()
	return Shared(t, "reviewed", func() local.Config { return Config(t, &Log) })
}

// Shared serves a stage when the first test asks for it by this name, until the last test of the package ends.
func Shared(t testing.TB, name string, config func() local.Config) *local.Server {
	t.Helper()
	sharing.Lock()
	stage, asked := shared[name]
	if !asked {
		stage = &once{}
		shared[name] = stage
	}
	sharing.Unlock()
	stage.Do(func() { stage.server, stage.err = local.Serve(context.Background(), config()) })
	if stage.err != nil {
		t.Fatal(stage.err)
	}
	if stage.server == nil {
		t.Fatalf("the stage %s could not be configured, as the first test that wanted it says", name)
	}
	return stage.server
}

// Run runs the tests of a package and closes the stages that they share. It returns the exit code.
func Run(m *testing.M) int {
	// Half of a test is waiting for a stage. More at a time would keep the functions from answering within the patience
	// that they have on AWS, too: with 16 on two cores under the race detector, a sign-in was given up.
	if err := flag.Set("test.parallel", "4"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	for name, stage := range shared {
		if stage.server == nil {
			continue
		}
		if err := stage.server.Close(); err != nil {
			fmt.Fprintf(os.Stderr, "close the stage %s that tests share: %v\n", name, err)
			code = 1
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
