// Package assembly reads the output of `cdk synth`: the stages, their stacks with decoded templates, and the
// validation's findings. It imports neither the constructs nor the CDK, so that tests and tools see what CloudFormation
// will see.
package assembly

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Assembly is a synthesized app.
type Assembly struct {
	// Stages are in the order of the manifest, which is that of config.Stages.
	Stages []Synthesized
	// Outside are the stacks that belong to no stage: the pipelines' own.
	Outside []Stack
}

// Synthesized is a stage as `cdk synth` wrote it: one deployable set of stacks.
type Synthesized struct {
	// ID is the stage's construct id, such as "SecureCart-Dev".
	ID string
	// Stacks are sorted so that each comes after its dependencies.
	Stacks []Stack
}

// Stack is one synthesized stack.
type Stack struct {
	// ID is the stack's construct id, such as "UserPool".
	ID string
	// Name is its name in CloudFormation, such as "SecureCart-Dev-UserPool".
	Name string
	// TerminationProtection says that CloudFormation will refuse to delete it.
	TerminationProtection bool
	// JSON is the template as the CDK wrote it.
	JSON []byte
	// Tags are the tags of the stack itself, which CloudFormation also gives to its resources.
	Tags map[string]string
	// Region and Account are where the stack is deployed. Each is empty if it is decided at deploy time.
	Region, Account string
	// DependsOn are the names of the stacks that are deployed before it.
	DependsOn []string
	Template  Template
}

// Read decodes the assembly in dir, the folder that `cdk synth` wrote.
func Read(dir string) (*Assembly, error) {
	artifacts, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	assembly := &Assembly{}
	outside, err := readStacks(dir, "", artifacts)
	if err != nil {
		return nil, err
	}
	assembly.Outside = outside
	for _, a := range artifacts {
		if a.Type != "cdk:cloud-assembly" {
			continue
		}
		stage, err := readStage(filepath.Join(dir, a.Properties.DirectoryName), a.Properties.DisplayName)
		if err != nil {
			return nil, err
		}
		assembly.Stages = append(assembly.Stages, stage)
	}
	if len(assembly.Stages) == 0 {
		return nil, fmt.Errorf("read %s: no stage in manifest.json; run `make synth`", dir)
	}
	return assembly, nil
}

// Stage returns the stage called id, and whether there is one.
func (a *Assembly) Stage(id string) (Synthesized, bool) {
	i := slices.IndexFunc(a.Stages, func(s Synthesized) bool { return s.ID == id })
	if i < 0 {
		return Synthesized{}, false
	}
	return a.Stages[i], true
}

// Stack returns the stack called id, and whether there is one.
func (s Synthesized) Stack(id string) (Stack, bool) {
	i := slices.IndexFunc(s.Stacks, func(stack Stack) bool { return stack.ID == id })
	if i < 0 {
		return Stack{}, false
	}
	return s.Stacks[i], true
}

// artifact holds the needed fields of an entry of manifest.json.
type artifact struct {
	Type         string   `json:"type"`
	DisplayName  string   `json:"displayName"`
	Environment  string   `json:"environment"`
	Dependencies []string `json:"dependencies"`
	Properties   struct {
		DirectoryName         string `json:"directoryName"`
		DisplayName           string `json:"displayName"`
		TemplateFile          string `json:"templateFile"`
		StackName             string `json:"stackName"`
		TerminationProtection bool   `json:"terminationProtection"`

		Tags map[string]string `json:"tags"`
	} `json:"properties"`

	id string
}

// readManifest returns the artifacts in the order of manifest.json, in which the CDK writes dependencies first.
func readManifest(dir string) ([]artifact, error) {
	file := filepath.Join(dir, "manifest.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read assembly: %w; run `make synth`", err)
	}
	var manifest struct {
		Artifacts json.RawMessage `json:"artifacts"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	// Token by token, because a map would lose the order.
	decoder := json.NewDecoder(bytes.NewReader(manifest.Artifacts))
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("read %s: artifacts: %w", file, err)
	}
	var artifacts []artifact
	for decoder.More() {
		id, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read %s: artifacts: %w", file, err)
		}
		a := artifact{id: fmt.Sprint(id)}
		if err := decoder.Decode(&a); err != nil {
			return nil, fmt.Errorf("read %s: artifact %s: %w", file, a.id, err)
		}
		artifacts = append(artifacts, a)
	}
	return artifacts, nil
}

func readStage(dir, id string) (Synthesized, error) {
	artifacts, err := readManifest(dir)
	if err != nil {
		return Synthesized{}, err
	}
	stacks, err := readStacks(dir, id+"/", artifacts)
	return Synthesized{ID: id, Stacks: stacks}, err
}

// readStacks reads the stacks among the artifacts of dir, whose display names begin with prefix.
func readStacks(dir, prefix string, artifacts []artifact) ([]Stack, error) {
	var stacks []Stack
	names := map[string]string{}
	for _, a := range artifacts {
		if a.Type != "aws:cloudformation:stack" {
			continue
		}
		// The CDK leaves out a name that is also the artifact's id.
		name := cmp.Or(a.Properties.StackName, a.id)
		names[a.id] = name
		template, raw, err := readTemplate(filepath.Join(dir, a.Properties.TemplateFile))
		if err != nil {
			return nil, err
		}
		stack := Stack{
			ID:                    strings.TrimPrefix(a.DisplayName, prefix),
			Name:                  name,
			TerminationProtection: a.Properties.TerminationProtection,
			Tags:                  a.Properties.Tags,
			JSON:                  raw,
			Template:              template,
		}
		stack.Account, stack.Region = environment(a.Environment)
		for _, dependency := range a.Dependencies {
			if other, isStack := names[dependency]; isStack {
				stack.DependsOn = append(stack.DependsOn, other)
			}
		}
		stacks = append(stacks, stack)
	}
	return stacks, nil
}

// environment splits "aws://<account>/<region>". Either may be "unknown-account" or "unknown-region".
func environment(uri string) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(uri, "aws://"), "/")
	return strings.TrimPrefix(account, "unknown-account"), strings.TrimPrefix(region, "unknown-region")
}
