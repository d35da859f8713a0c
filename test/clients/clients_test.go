// Package clients_test tests a served stage with independent clients: aws-amplify, aws-jwt-verify and oidc-client-ts in
// Node, and, with the build tag browser (make browser), the storefront in a real browser. openid-client and node-saml
// use the stage's identity providers in the place of the user pool. If a client disagrees with the local stage, the
// local stage is wrong. The AWS SDK for Go and a Go client of SRP are in package e2e.
package clients_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
)

// patience is the time limit of a client on a slow machine, where the walk through the storefront takes two to four
// minutes.
const patience = 8 * time.Minute

func TestMain(m *testing.M) { os.Exit(localtest.Run(m)) }

func TestClientsInNode(t *testing.T) {
	t.Parallel()
	node(t, federation(t), tests(t, "*.test.mjs"))
}

func TestClientsInNodeWhereASecondFactorIsRequired(t *testing.T) {
	t.Parallel()
	node(t, staging(t, moved(t, stagingOrigin, devOrigin)), tests(t, "staging/*.test.mjs"))
}

// tests are the arguments with which one process of Node runs files: loading Amplify takes seconds.
func tests(t *testing.T, patterns ...string) []string {
	t.Helper()
	arguments := []string{"--test-reporter=spec", "all.mjs"}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no test of a client is %s: %v", pattern, err)
		}
		arguments = append(arguments, files...)
	}
	return arguments
}

// node runs a program in Node, and serves a stage to it meanwhile.
func node(t *testing.T, config local.Config, arguments []string, environment ...string) {
	t.Helper()
	server := localtest.Serve(t, config)
	outputs, certificate := filepath.Join(t.TempDir(), "outputs.json"), filepath.Join(t.TempDir(), "managed-login.pem")
	must.Do(t, server.WriteOutputs(outputs))
	must.Do(t, os.WriteFile(certificate, server.Certificate(), 0o600))
	environment = append(append(environment, server.Environment()...),
		"SECURECART_OUTPUTS="+outputs, "NODE_EXTRA_CA_CERTS="+certificate, "STOREFRONT_URL="+server.WebOrigin(),
		fmt.Sprintf("SECURECART_BEHIND=%d", time.Since(server.Now()).Milliseconds()))
	run(t, arguments, environment...)
}

// run runs a program in Node.
func run(t *testing.T, arguments []string, environment ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	program := exec.CommandContext(ctx, "node", arguments...)
	program.Env = append(os.Environ(), environment...)
	output, err := program.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Errorf("%v: %v", arguments, err)
	}
}
