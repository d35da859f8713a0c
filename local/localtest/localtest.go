// Package localtest configures a served stage for tests: the reviewed Dev stage, or one with something taken out of its templates,
// on ports that nobody else uses. No kernel of the CDK is needed: the tests of package test prove that the reviewed templates are
// the synthesized ones.
package localtest

import (
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/securecart/identity/assembly"
	"github.com/securecart/identity/e2e"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/stage/stagetest"
	"github.com/securecart/identity/local/userpool"
)

// Config is for local.Serve.
func Config(t testing.TB, log io.Writer, changes ...stagetest.Change) local.Config {
	t.Helper()
	root := stagetest.Root(t)
	if err := build(root); err != nil {
		t.Fatal(err)
	}
	changes = append(changes, func(templates map[string]assembly.Template) { addAssets(templates, root) })
	shared, err := keys()
	if err != nil {
		t.Fatal(err)
	}
	return local.Config{
		Keys: shared, Root: root, Stage: stagetest.Reviewed(t, "SecureCart-Dev", changes...), Address: "127.0.0.1", Output: log,
	}
}

// keys are made once: that takes longer than all the rest of a start.
var keys = sync.OnceValues(userpool.NewKeys)

// programs is where the handlers are, each in a folder of its own, as in an assembly.
const programs = ".build/test"

// build makes what the assembly would hold. The compiler leaves alone what is up to date.
func build(root string) error {
	for _, name := range []string{"catalog", "customers", "orders", "tokens"} {
		target := filepath.Join(root, programs, name, "bootstrap")
		command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", target, "./lambda/"+name)
		command.Dir = root
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("build lambda/%s: %w\n%s", name, err, output)
		}
	}
	return nil
}

// addAssets gives every function the metadata that a reviewed template does not have, because it changes with every line of a handler.
func addAssets(templates map[string]assembly.Template, root string) {
	for _, template := range templates {
		for id, function := range template.OfType("AWS::Lambda::Function") {
			name, _, _ := strings.Cut(id, "Function")
			function.Metadata = map[string]any{"aws:asset:path": filepath.Join(root, programs, strings.ToLower(name))}
			template.Resources[id] = function
		}
	}
}

// Open is a served stage, as its customers see it.
func Open(t testing.TB, server *local.Server) *e2e.Stage {
	t.Helper()
	outputs, err := e2e.NewOutputs(server.Outputs())
	if err != nil {
		t.Fatal(err)
	}
	return e2e.New(outputs, server.AWS(), server.InboxURL())
}
