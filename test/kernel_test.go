// Package test proves what SecureCart identity provisions, from the templates that CloudFormation would get.
//
// Every test reads the same synth, made once: one kernel, every committed stage and a few variants of them. The tests
// decode templates into Go values rather than ask the CDK's assertions, so that "every", "exactly" and "none" are loops,
// and a loop that met nothing is a failure.
package test

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/stacks"
)

// root is the folder of go.mod and cdk.json.
const root = ".."

// TestMain starts and closes the jsii kernel once: closing it per test takes seconds each time, and races.
func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	// The template validation costs seconds; `make synth` runs it. jsii copied the environment when its package was
	// loaded, for a kernel that it has not started yet: closing that one lets the next see the variable.
	if err := os.Setenv("CDK_VALIDATION", "false"); err != nil {
		panic(err)
	}
	jsii.Close()
	defer jsii.Close()
	return m.Run()
}

// synthesized is the one synth. It panics, because sync.OnceValue has no test to fail, and no test could go on.
var synthesized = sync.OnceValue(func() *assembly.Assembly {
	dir, err := os.MkdirTemp("", "securecart-synth-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
	a, err := synth(append(config.Stages(), variants()...), dir, func(awscdk.App) {})
	if err != nil {
		panic(err)
	}
	return a
})

// synth writes the stages into dir as the CDK CLI would, after letting look inspect the app, and reads the result.
func synth(stages []config.Stage, dir string, look func(awscdk.App)) (*assembly.Assembly, error) {
	flags, err := featureFlags()
	if err != nil {
		return nil, err
	}
	app, err := stacks.NewApp(stages, stacks.Synthesis{Root: root, Outdir: dir, Context: flags})
	if err != nil {
		return nil, err
	}
	look(app)
	app.Synth(nil)
	return assembly.Read(dir)
}

// featureFlags are those of cdk.json, which the CDK CLI would hand over.
func featureFlags() (map[string]any, error) {
	data, err := os.ReadFile(root + "/cdk.json")
	if err != nil {
		return nil, err
	}
	var cdk struct {
		Context map[string]any `json:"context"`
	}
	if err := json.Unmarshal(data, &cdk); err != nil {
		return nil, fmt.Errorf("read cdk.json: %w", err)
	}
	return cdk.Context, nil
}

// stageOf pairs a synthesized stage with the configuration that it was made from.
type stageOf struct {
	assembly.Synthesized
	config config.Stage
}

// eachStage runs check for every stage and variant.
func eachStage(t *testing.T, check func(t *testing.T, s stageOf)) {
	t.Helper()
	all := append(config.Stages(), variants()...)
	if got := len(synthesized().Stages); got != len(all) {
		t.Fatalf("synthesized %d stages, want %d: a stage would go unchecked", got, len(all))
	}
	for _, cfg := range all {
		stage, ok := synthesized().Stage(cfg.ID())
		if !ok {
			t.Fatalf("stage %s was not synthesized", cfg.ID())
		}
		t.Run(cfg.Name, func(t *testing.T) { check(t, stageOf{stage, cfg}) })
	}
}

// stack returns the stage's stack called id.
func (s stageOf) stack(t *testing.T, id string) assembly.Stack {
	t.Helper()
	stack, ok := s.Stack(id)
	if !ok {
		t.Fatalf("%s has no stack %s", s.ID, id)
	}
	return stack
}

// found is a resource with the stack that holds it.
type found struct {
	assembly.Resource
	id    string
	stack assembly.Stack
	stage stageOf
}

func (f found) String() string { return f.stack.Name + "/" + f.id }

// all returns every resource of a type in the whole stage. It fails if there is none: a check of nothing proves nothing.
func (s stageOf) all(t *testing.T, typ string) []found {
	t.Helper()
	var list []found
	for _, stack := range s.Stacks {
		for _, id := range stack.Template.IDs() {
			if r := stack.Template.Resources[id]; r.Type == typ {
				list = append(list, found{r, id, stack, s})
			}
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no %s", s.ID, typ)
	}
	return list
}

// only returns the one resource of a type in the whole stage.
func (s stageOf) only(t *testing.T, typ string) found {
	t.Helper()
	list := s.all(t, typ)
	if len(list) != 1 {
		t.Fatalf("%s has %d %s, want exactly one: %v", s.ID, len(list), typ, list)
	}
	return list[0]
}

// none fails if the stage has a resource of the type.
func (s stageOf) none(t *testing.T, typ, harm string) {
	t.Helper()
	for _, stack := range s.Stacks {
		for id := range stack.Template.OfType(typ) {
			t.Errorf("%s/%s: %s must not exist: %s", stack.Name, id, typ, harm)
		}
	}
}

// get returns the property at path, or nil.
func (f found) get(path ...any) any {
	var value any = f.Properties
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			value = v[fmt.Sprint(step)]
		case []any:
			i, ok := step.(int)
			if !ok || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// text returns the property at path as assembly.Synthesized.Text writes it.
func (f found) text(t *testing.T, path ...any) string {
	t.Helper()
	text, err := f.stage.Text(f.stack, f.get(path...))
	if err != nil {
		t.Fatalf("%s: %v: %v", f, path, err)
	}
	return text
}

// strings returns the list of texts at path.
func (f found) strings(t *testing.T, path ...any) []string {
	t.Helper()
	list, ok := f.get(path...).([]any)
	if !ok {
		t.Fatalf("%s: %v is %v, want a list", f, path, f.get(path...))
	}
	texts := make([]string, 0, len(list))
	for i := range list {
		texts = append(texts, f.text(t, append(append([]any(nil), path...), i)...))
	}
	return texts
}
