// Package stagetest provides the reviewed Dev stage to tests, unchanged or with changed templates.
package stagetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/module"
)

// Stacks are the stacks of a stage, in the order of deployment.
var Stacks = []string{"UserPool", "IdentityProviders", "Data", "Api", "IdentityPool", "Operations"}

// Change changes the templates of a stage, by the id of their stack.
type Change func(templates map[string]assembly.Template)

// Dev returns the reviewed Dev stage after changes. Each call reads it again.
func Dev(t testing.TB, changes ...Change) *deployed.Stage {
	t.Helper()
	served, err := deployed.Load(Reviewed(t, "SecureCart-Dev", changes...))
	if err != nil {
		t.Fatal(err)
	}
	return served
}

var unchanged struct {
	read  sync.Once
	stage *deployed.Stage
}

// Unchanged returns the reviewed Dev stage, read once for all tests of a package, which may change copies of it only.
func Unchanged(t testing.TB) *deployed.Stage {
	t.Helper()
	unchanged.read.Do(func() { unchanged.stage = Dev(t) })
	if unchanged.stage == nil {
		t.Fatal("the stage could not be read, as the first test that wanted it says")
	}
	return unchanged.stage
}

// WithoutAlarms is a [Change] that spares half of the time in which a stage is read.
func WithoutAlarms(templates map[string]assembly.Template) { delete(templates, "Operations") }

// Reviewed returns a stage from its golden templates after changes, as it would have been synthesized. Functions have
// no asset.
func Reviewed(t testing.TB, id string, changes ...Change) assembly.Synthesized {
	t.Helper()
	templates := map[string]assembly.Template{}
	for _, name := range Stacks {
		templates[name] = golden(t, id+"-"+name)
	}
	for _, change := range changes {
		change(templates)
	}
	reviewed := assembly.Synthesized{ID: id}
	for _, name := range Stacks {
		reviewed.Stacks = append(reviewed.Stacks, assembly.Stack{
			ID: name, Name: id + "-" + name, Region: "eu-central-1", Template: templates[name],
		})
	}
	return reviewed
}

// parsed are golden templates by name, which take longer to parse than to copy.
var parsed sync.Map

// golden returns a template that the caller may change.
func golden(t testing.TB, name string) assembly.Template {
	t.Helper()
	read, _ := parsed.LoadOrStore(name, sync.OnceValues(func() (template assembly.Template, err error) {
		data, err := os.ReadFile(filepath.Join(Root(t), "test", "testdata", "golden", name+".json"))
		if err != nil {
			return template, fmt.Errorf("%w; run `make golden`", err)
		}
		return template, json.Unmarshal(data, &template)
	}))
	template, err := read.(func() (assembly.Template, error))()
	if err != nil {
		t.Fatal(err)
	}
	template.Resources, template.Outputs = maps.Clone(template.Resources), maps.Clone(template.Outputs)
	for id, resource := range template.Resources {
		resource.Properties, _ = copied(resource.Properties).(map[string]any)
		resource.Metadata, _ = copied(resource.Metadata).(map[string]any)
		template.Resources[id] = resource
	}
	for id, output := range template.Outputs {
		output.Value = copied(output.Value)
		template.Outputs[id] = output
	}
	return template
}

// copied shares nothing with a JSON value that either could change.
func copied(value any) any {
	switch value := value.(type) {
	case map[string]any:
		fresh := maps.Clone(value)
		for key := range fresh {
			fresh[key] = copied(fresh[key])
		}
		return fresh
	case []any:
		fresh := slices.Clone(value)
		for i := range fresh {
			fresh[i] = copied(fresh[i])
		}
		return fresh
	default:
		return value
	}
}

// Federation lets the stage Dev have the providers of the stage Federation, which has one of every kind and is Dev
// otherwise.
func Federation(t testing.TB) Change {
	t.Helper()
	const name = "SecureCart-Federation-IdentityProviders"
	return func(templates map[string]assembly.Template) {
		data, err := os.ReadFile(filepath.Join(Root(t), "test", "testdata", "golden", name+".json"))
		if err != nil {
			t.Fatalf("%v; run `make golden`", err)
		}
		// Its imports name the stacks of its own stage, and its URLs that stage's domain.
		text := strings.NewReplacer("SecureCart-Federation", "SecureCart-Dev", "securecart-federation", "securecart-dev",
			"securecart/federation/", "securecart/dev/").Replace(string(data))
		var template assembly.Template
		if err := json.Unmarshal([]byte(text), &template); err != nil {
			t.Fatal(err)
		}
		templates["IdentityProviders"] = template
	}
}

// Root is the folder of go.mod.
func Root(t testing.TB) string {
	t.Helper()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}
