package e2e_test

import (
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// outputsFile names the environment variable with the outputs file of a running stage. Without the variable, the tests
// serve the Dev stage as it was reviewed.
const outputsFile = "SECURECART_OUTPUTS"

func TestMain(m *testing.M) { os.Exit(localtest.Run(m)) }

func open(t *testing.T) *e2e.Running {
	t.Helper()
	if file := os.Getenv(outputsFile); file != "" {
		outputs := must.Get(e2e.ReadOutputs(file))(t)
		stage := must.Get(e2e.Open(t.Context(), outputs))(t)
		return stage
	}
	return localtest.Open(t, localtest.Reviewed(t))
}

// apart are stages whose clock one test at a time sets forward, instead of waiting for an authenticator's next code.
// Dev has a provider of every kind there.
var apart = map[string]*struct {
	sync.Mutex

	clock *e2e.Clock
}{
	"SecureCart-Dev": {clock: e2e.NewClock(2 * time.Minute)}, "SecureCart-Staging": {clock: e2e.NewClock(2 * time.Minute)},
}

// alone gives a stage apart to one test. Its subtests must not be parallel: they might wait for the tests that wait for
// the stage.
func alone(t *testing.T, id string) *e2e.Running {
	t.Helper()
	if os.Getenv(outputsFile) != "" {
		return open(t)
	}
	its := apart[id]
	its.Lock()
	t.Cleanup(its.Unlock)
	stage := localtest.Open(t, localtest.Shared(t, id, func() local.Config {
		var changes []stagetest.Change
		if id == "SecureCart-Dev" {
			changes = append(changes, stagetest.Federation(t))
		}
		config := localtest.StageConfig(t, id, io.Discard, changes...)
		config.Now = its.clock.Now
		return config
	}))
	stage.Clock = its.clock
	return stage
}
