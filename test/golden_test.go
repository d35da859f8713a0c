package test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

var update = flag.Bool("update", false, "write the golden templates anew (make golden)")

const golden = "testdata/golden"

// TestTemplatesAreAsReviewed compares every template of every committed stage with the one in review. It shows changes
// that no other test covers, and a changed logical id, which replaces the resource, before it is deployed.
func TestTemplatesAreAsReviewed(t *testing.T) {
	if len(synthesized().Stages) == 0 { // before anything is removed
		t.Fatal("nothing was synthesized")
	}
	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(golden, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	reviewed := map[string]bool{}
	var missing []string
	// No committed stage has a replica, so that of a variant is reviewed.
	stacks := replicaStacks(codes())
	for _, cfg := range config.LocalStages() {
		stacks = append(stacks, inReview(cfg)...)
	}
	for _, stack := range stacks {
		file := filepath.Join(golden, stack.Name+".json")
		reviewed[file] = true
		got := normalized(t, stack.JSON)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			missing = append(missing, stack.Name)
			continue
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
			t.Errorf("%s differs from the reviewed template; if that is meant, run `make golden` and review the "+
				"difference\n(-reviewed +synthesized)\n%s", stack.Name, diff)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no template is reviewed of %s; run `make golden`", strings.Join(missing, ", "))
	}
	files, err := filepath.Glob(golden + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden template: %v", err)
	}
	for _, file := range files {
		if !reviewed[file] {
			t.Errorf("%s belongs to no stack; run `make golden`", file)
		}
	}
}

// inReview are the stacks of a stage that are reviewed: all, with the one of its pipeline. A stage that is served on
// this machine only is Dev with other providers, so nothing else of it is worth a review.
func inReview(cfg config.Stage) []assembly.Stack {
	stage, _ := synthesized().Stage(cfg.ID())
	if slices.ContainsFunc(config.Stages(), func(s config.Stage) bool { return s.Name == cfg.Name }) {
		return append(stage.Stacks, pipelinesOwn(cfg)...)
	}
	providers, _ := stage.Stack("IdentityProviders")
	return []assembly.Stack{providers}
}

// pipelinesOwn is the stack with which a pipeline deploys the stage, if it has one.
func pipelinesOwn(cfg config.Stage) []assembly.Stack {
	return slices.DeleteFunc(slices.Clone(synthesized().Outside), func(s assembly.Stack) bool {
		return s.Name != "SecureCart-Delivery-"+cfg.Name
	})
}

var (
	// assetHash changes with every line of a handler, but not with the template.
	assetHash = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	// deploymentHash changes with every change of a route, which the template shows anyway.
	deploymentHash = regexp.MustCompile(`(Deployment[0-9A-F]{8})[0-9a-f]{32}`)
)

// normalized is the template without values whose changes reviewers need not see.
func normalized(t *testing.T, raw []byte) []byte {
	t.Helper()
	var template map[string]any
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	delete(template, "Parameters") // the CDK's BootstrapVersion only
	delete(template, "Rules")      // the CDK's CheckBootstrapVersion only
	for _, resource := range template["Resources"].(map[string]any) {
		metadata, _ := resource.(map[string]any)["Metadata"].(map[string]any)
		for key := range metadata {
			if strings.HasPrefix(key, "aws:") {
				delete(metadata, key)
			}
		}
		if len(metadata) == 0 {
			delete(resource.(map[string]any), "Metadata")
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(template); err != nil {
		t.Fatal(err)
	}
	text := assetHash.ReplaceAll(out.Bytes(), []byte("<asset>"))
	return deploymentHash.ReplaceAll(text, []byte("$1<hash>"))
}
