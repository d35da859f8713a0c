// Package localtest configures a served stage for tests: a reviewed one, or one with something taken out of its
// templates, on ports that nobody else uses. No kernel of the CDK is needed: the tests of package test prove that the
// reviewed templates are the synthesized ones.
package localtest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/internal/module"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/userpool"
	"github.com/securecart/identity/test/e2e"
)

// Config is for local.Serve: the Dev stage.
func Config(t testing.TB, log io.Writer, changes ...stagetest.Change) local.Config {
	t.Helper()
	return StageConfig(t, "SecureCart-Dev", log, changes...)
}

// StageConfig is for local.Serve: the stage with this construct id.
func StageConfig(t testing.TB, id string, log io.Writer, changes ...stagetest.Change) local.Config {
	t.Helper()
	folder, err := assets()
	if err != nil {
		t.Fatal(err)
	}
	changes = append(changes, func(templates map[string]assembly.Template) { addAssets(templates, folder) })
	shared, err := keys()
	if err != nil {
		t.Fatal(err)
	}
	return local.Config{
		Keys: shared, Built: true, Unhurried: true, Root: stagetest.Root(t), Now: clock.Now,
		Stage: stagetest.Reviewed(t, id, changes...), Address: "127.0.0.1", Output: log,
	}
}

// clock begins where a period of authenticators does: three codes can be had from there without waiting.
var clock = e2e.NewClock(time.Since(time.Now().Truncate(e2e.Period)))

// keys are made once: that takes longer than all the rest of a start.
var keys = sync.OnceValues(userpool.NewKeys)

// handlers are the folders below lambda/ that have a program.
func handlers(root string) ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "lambda", "*", "main.go"))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(mains))
	for i, main := range mains {
		names[i] = filepath.Base(filepath.Dir(main))
	}
	return names, nil
}

// assets makes what the assembly would hold, once, and returns where: the folder of each handler with its program.
var assets = sync.OnceValues(func() (string, error) {
	root, err := module.Root()
	if err != nil {
		return "", err
	}
	names, err := handlers(root)
	if err != nil {
		return "", err
	}
	programs, err := functions.Build(context.Background(), root, names...)
	if err != nil {
		return "", err
	}
	all := filepath.Join(root, ".build", "assets")
	for i, name := range names {
		folder := filepath.Join(all, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
		program, err := filepath.Rel(folder, programs[i])
		if err != nil {
			return "", err
		}
		if err := os.Symlink(program, filepath.Join(folder, "bootstrap")); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return all, nil
})

// addAssets gives every function the metadata that a reviewed template does not have, because it changes with every
// line of a handler.
func addAssets(templates map[string]assembly.Template, folder string) {
	for _, template := range templates {
		for id, function := range template.OfType("AWS::Lambda::Function") {
			name, _, _ := strings.Cut(id, "Function")
			function.Metadata = map[string]any{"aws:asset:path": filepath.Join(folder, strings.ToLower(name))}
			template.Resources[id] = function
		}
	}
}

// Open is a served stage, as its customers see it.
func Open(t testing.TB, server *local.Server) *e2e.Running {
	t.Helper()
	stage, err := e2e.Served(server)
	if err != nil {
		t.Fatal(err)
	}
	return stage
}
