package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/internal/assembly"
)

// synthRuns is enough for a median that is stable to a few percent.
const synthRuns = 5

func measureSynth(dir string) ([]row, error) {
	programs := map[string]string{"real": ".", "empty": "./cmd/bench/emptyapp"}
	for name, source := range programs {
		if err := command(nil, "go", "build", "-o", filepath.Join(dir, name+".bin"), source); err != nil {
			return nil, err
		}
	}
	var rows []row
	for _, validation := range []struct{ value, name, promise string }{
		{"false", "off", "≤ 5 ×"}, {"true", "on", "≤ 2.5 ×"},
	} {
		took, err := medians(synthRuns, synth(dir, "empty", validation.value), synth(dir, "real", validation.value))
		if err != nil {
			return nil, err
		}
		rows = append(rows,
			row{"empty app, validation " + validation.name, seconds(took[0]), ""},
			row{
				"every stage, validation " + validation.name, seconds(took[1]) + ", " + times(took[1], took[0]),
				validation.promise,
			})
	}
	names, err := functions()
	if err != nil {
		return nil, err
	}
	built, err := medians(synthRuns, func() (time.Duration, error) {
		builder := &golambda.Builder{Root: "."}
		start := time.Now()
		for _, name := range names {
			if _, err := builder.Build(name); err != nil {
				return 0, err
			}
		}
		return time.Since(start), nil
	})
	if err != nil {
		return nil, err
	}
	return append(rows, row{"building unchanged functions (part of every synth)", seconds(built[0]), "≤ 1.5 s"}), nil
}

// synth measures the program name, which writes into the folder name below dir.
func synth(dir, name, validation string) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		environment, err := synthEnvironment(dir, name, validation)
		if err != nil {
			return 0, err
		}
		return timed(environment, filepath.Join(dir, name+".bin"))
	}
}

// synthEnvironment is what the CDK CLI would set for a program that writes into the folder name below dir.
func synthEnvironment(dir, name, validation string) ([]string, error) {
	context, err := featureFlags()
	return []string{
		"CDK_VALIDATION=" + validation, "CDK_CONTEXT_JSON=" + context, "CDK_OUTDIR=" + filepath.Join(dir, name),
	}, err
}

// resources counts those of all stacks in an assembly.
func resources(dir string) (int, error) {
	a, err := assembly.Read(dir)
	if err != nil {
		return 0, err
	}
	stacks := a.Outside
	for _, stage := range a.Stages {
		stacks = append(stacks, stage.Stacks...)
	}
	var count int
	for _, stack := range stacks {
		count += len(stack.Template.Resources)
	}
	return count, nil
}

func measureTests(string) ([]row, error) {
	if err := command(nil, "go", "test", "./..."); err != nil { // warms the build cache
		return nil, err
	}
	took, err := timed(nil, "go", "test", "-count=1", "./...")
	return []row{{"go test ./..., build cache warm", seconds(took), "≤ 40 s"}}, err
}

// featureFlags returns the flags of cdk.json in the form in which the CDK CLI passes them.
func featureFlags() (string, error) {
	data, err := os.ReadFile("cdk.json")
	if err != nil {
		return "", fmt.Errorf("%w; run in the folder of go.mod", err)
	}
	var cdk struct {
		Context json.RawMessage `json:"context"`
	}
	if err := json.Unmarshal(data, &cdk); err != nil {
		return "", fmt.Errorf("read cdk.json: %w", err)
	}
	return string(cdk.Context), nil
}

func timed(env []string, name string, args ...string) (time.Duration, error) {
	start := time.Now()
	err := command(env, name, args...)
	return time.Since(start), err
}

// command runs a program, whose output becomes part of an error.
func command(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", name, args, err, output.Bytes())
	}
	return nil
}
