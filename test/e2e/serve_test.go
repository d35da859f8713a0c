package e2e_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// outputsFile names the environment variable with the outputs file of a running stage. Without the variable, the tests
// serve the Dev stage as it was reviewed.
const outputsFile = "SECURECART_OUTPUTS"

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	// A test mostly waits for an authenticator's next code, so many can run in parallel on few cores.
	if err := flag.Set("test.parallel", "16"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return localtest.Run(m)
}

func open(t *testing.T) *e2e.Running {
	t.Helper()
	if file := os.Getenv(outputsFile); file != "" {
		outputs := must.Get(e2e.ReadOutputs(file))(t)
		stage := must.Get(e2e.Open(t.Context(), outputs))(t)
		return stage
	}
	return localtest.Open(t, localtest.Reviewed(t))
}

// alone serves a stage to one test, which sets its clock forward instead of waiting for an authenticator's next code.
func alone(t *testing.T, id string) *e2e.Running {
	t.Helper()
	if os.Getenv(outputsFile) != "" {
		return open(t)
	}
	clock := e2e.NewClock(2 * time.Minute)
	config := localtest.StageConfig(t, id, io.Discard)
	config.Now = clock.Now
	stage := localtest.Open(t, localtest.Serve(t, config))
	stage.Clock = clock
	return stage
}
