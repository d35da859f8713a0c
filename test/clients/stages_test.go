package clients_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
)

// The web origins of the reviewed stages, at which their front ends must be served.
const (
	devOrigin     = "http://localhost:5173"
	stagingOrigin = "https://staging.securecart.example"
)

// dev returns the Dev stage, which asks only customers with a second factor for it.
func dev(t *testing.T, changes ...stagetest.Change) local.Config {
	t.Helper()
	return localtest.Config(t, io.Discard, changes...)
}

// federation returns dev with a provider of every kind.
func federation(t *testing.T, changes ...stagetest.Change) local.Config {
	t.Helper()
	return dev(t, append([]stagetest.Change{stagetest.Federation(t)}, changes...)...)
}

// staging returns the Staging stage, which asks every customer for a second factor.
func staging(t *testing.T, changes ...stagetest.Change) local.Config {
	t.Helper()
	return localtest.StageConfig(t, "SecureCart-Staging", io.Discard, changes...)
}

// moved changes the front end's origin in callback and logout URLs, in CORS, and in the handlers' settings.
func moved(t *testing.T, from, to string) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for name, template := range templates {
			text := must.Get(json.Marshal(template))(t)
			var there assembly.Template
			must.Do(t, json.Unmarshal([]byte(strings.ReplaceAll(string(text), from, to)), &there))
			templates[name] = there
		}
	}
}
