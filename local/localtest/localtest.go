// Package localtest configures a served stage for tests: the reviewed Dev stage, or one with something taken out of its templates,
// on ports that nobody else uses. No kernel of the CDK is needed: the tests of package test prove that the reviewed templates are
// the synthesized ones.
package localtest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
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

// handlers are the folders below lambda/ that have a program.
var handlers = []string{"catalog", "customers", "orders", "tokens"}

var built struct {
	once sync.Once
	err  error
}

// build makes what the assembly would hold, once: the folder of each handler with its program.
func build(root string) error {
	built.once.Do(func() { built.err = buildAll(root) })
	return built.err
}

func buildAll(root string) error {
	compiled := filepath.Join(root, programs, "compiled")
	arguments := []string{"build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", compiled + string(filepath.Separator)}
	for _, name := range handlers {
		arguments = append(arguments, "./lambda/"+name)
	}
	command := exec.Command("go", arguments...)
	command.Dir = root
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build handlers: %w\n%s", err, output)
	}
	for _, name := range handlers {
		// A link by name: what it leads to may be built anew by another test at any time.
		folder := filepath.Join(root, programs, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.Symlink(filepath.Join("..", "compiled", name), filepath.Join(folder, "bootstrap")); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
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
	stage, err := e2e.Served(server)
	if err != nil {
		t.Fatal(err)
	}
	return stage
}
