package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/internal/sources"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// TestAChangedConfigIsServedAndABrokenOneIsNot saves a file of config three times: what is synthesized of it is another
// stage, an error, and a stage that no user could live in.
func TestAChangedConfigIsServedAndABrokenOneIsNot(t *testing.T) {
	server := must.Get(local.Serve(t.Context(), localtest.Config(t, io.Discard)))(t)
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	first := server
	root := t.TempDir()
	file := filepath.Join(root, "config", "stages.go")
	save := func(text string) {
		t.Helper()
		must.Do(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must.Do(t, os.WriteFile(file, []byte(text), 0o600))
	}
	save("package config")
	output := &await.Output{}
	f := &follower{
		options: options.Options{Assembly: filepath.Join(root, "cdk.out")}, stdout: &heartbeat{out: output},
		server: &server, root: root, look: 10 * time.Millisecond, files: filepath.Join(root, "files"),
	}
	must.Do(t, os.Mkdir(f.files, 0o755))
	f.synth = func(_ context.Context, folder string) error {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(text), "mistake") {
			err = errors.New("config/stages.go:1: mistake")
		}
		return errors.Join(err, os.Mkdir(folder, 0o755))
	}
	f.read = func(string) (local.Config, error) {
		text, err := os.ReadFile(file)
		return localtest.Config(t, io.Discard, func(templates map[string]assembly.Template) {
			for _, pool := range templates["UserPool"].OfType("AWS::Cognito::UserPool") {
				pool.Properties["UsernameConfiguration"] = map[string]any{
					"CaseSensitive": strings.Contains(string(text), "sensitive"),
				}
			}
		}), err
	}
	ctx, stop := context.WithCancel(t.Context())
	var following sync.WaitGroup
	served := must.Get(sources.Of(root, app...))(t)
	following.Go(func() { f.followFrom(ctx, served) })
	save("package config // another rate")
	output.Says(t, file+" changed: synthesizing the stage anew.\n")
	output.Says(t, "The stage was synthesized anew: 0 users, 5 tables kept; client ids unchanged.\n")
	save("package config // mistake")
	output.Says(t, "config/stages.go:1: mistake\nThe stage goes on being served as it was.\n")
	save("package config // sensitive names")
	output.Says(t, "cannot take the place of what is served: the user pool's UsernameConfiguration is")
	output.Says(t, "To serve it, start again: users and orders are forgotten then\nThe stage goes on being served")
	stop()
	following.Wait()

	if server == first {
		t.Error("the first server serves at the end")
	}
	if _, err := os.Stat(filepath.Join(f.files, "env.sh")); err != nil {
		t.Errorf("the files for other programs: %v", err)
	}
	if left, err := filepath.Glob(f.options.Assembly + ".*"); err != nil || len(left) > 0 {
		t.Errorf("it leaves %q, %v", left, err)
	}
}

// TestTheStageIsSynthesizedAnewAsAtFirst compares the arguments with those of the Makefile.
func TestTheStageIsSynthesizedAnewAsAtFirst(t *testing.T) {
	makefile := must.Get(os.ReadFile(filepath.Join(stagetest.Root(t), "Makefile")))(t)
	line := "env CDK_VALIDATION=false SECURECART_STAGE=$(STAGE) cdk " + strings.Join(synthesize, " ") + " $(SERVED)"
	if !strings.Contains(string(makefile), line) {
		t.Errorf("the Makefile does not synthesize by %q", line)
	}
	for _, path := range app {
		if _, err := os.Stat(filepath.Join(stagetest.Root(t), path)); err != nil {
			t.Errorf("what is watched is not there: %v", err)
		}
	}
	if !slices.Contains(app, "config") {
		t.Error("config is not watched")
	}
}
