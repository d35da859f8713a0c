package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/cmd/bench/recorded"
)

// measureReplay compares a synth, by the program that measureSynth built, with its own calls of the jsii kernel,
// replayed without Go. TypeScript through jsii could not be faster than the replay. TypeScript itself has no kernel and
// would be, so the ratio to it is larger than this one.
func measureReplay(dir string) ([]row, error) {
	synthesized, err := record(dir)
	if err != nil {
		return nil, err
	}
	took, err := medians(synthRuns, synthesized.replay, synth(dir, "real", "false"))
	if err != nil {
		return nil, err
	}
	calls := bytes.Count(synthesized.calls, []byte("\n"))
	made, err := resources(filepath.Join(dir, "real"))
	if err != nil {
		return nil, err
	}
	return []row{
		{
			// A promise of calls in all would be broken by every new resource.
			"every stage, calls to the jsii kernel",
			fmt.Sprintf("%d, %.1f for each resource", calls, float64(calls)/float64(made)), "≤ 3.5 for each resource",
		},
		{"the recorded calls, replayed in the kernel without Go", seconds(took[0]), ""},
		{
			"every stage, validation off, against the replay", seconds(took[1]) + ", " + times(took[1], took[0]),
			"≤ 2 × of TypeScript, which has no kernel",
		},
	}, nil
}

// recording has a synth's calls of the jsii kernel and the kernel's responses, one a line.
type recording struct {
	calls, responses []byte
	dir, kernel      string
	environment      []string
}

// record runs one synth and records its calls.
func record(dir string) (*recording, error) {
	environment, err := synthEnvironment(dir, "real", "false")
	if err != nil {
		return nil, err
	}
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/jsii-runtime-go").Output()
	if err != nil {
		return nil, fmt.Errorf("find the jsii runtime: %w", err)
	}
	r := &recording{
		dir:    dir,
		kernel: filepath.Join(strings.TrimSpace(string(module)), "internal/embedded/resources/bin/jsii-runtime.js"),
	}
	// The CDK numbers its tokens from a random start, and later calls name them: with other numbers they would fail.
	seed := filepath.Join(dir, "seed.js")
	if err := os.WriteFile(seed, []byte("Math.random = () => 0\n"), 0o600); err != nil {
		return nil, err
	}
	r.environment = slices.Concat(environment, []string{"NODE_OPTIONS=--require=" + seed})
	calls, responses := filepath.Join(dir, "calls"), filepath.Join(dir, "responses")
	through := fmt.Sprintf("JSII_RUNTIME=tee '%s' | node '%s' | tee '%s'", calls, r.kernel, responses)
	if err := command(append(r.environment, through), filepath.Join(dir, "real.bin")); err != nil {
		return nil, err
	}
	if r.calls, err = os.ReadFile(calls); err != nil {
		return nil, err
	}
	if r.responses, err = os.ReadFile(responses); err != nil {
		return nil, err
	}
	kept, err := recorded.Tarballs()
	if err != nil {
		return nil, err
	}
	replayable, err := recorded.WithTarballs(r.calls, kept)
	if err != nil {
		return nil, err
	}
	return r, os.WriteFile(calls, replayable, 0o600)
}

// replay measures the kernel alone. It has to respond as it did to the synth, because a call that fails is fast.
func (r *recording) replay() (time.Duration, error) {
	responses := filepath.Join(r.dir, "replayed")
	took, err := timed(r.environment, "sh", "-c",
		fmt.Sprintf("node '%s' < '%s' > '%s'", r.kernel, filepath.Join(r.dir, "calls"), responses))
	if err != nil {
		return 0, err
	}
	got, err := os.ReadFile(responses)
	if err != nil {
		return 0, err
	}
	if !bytes.Equal(got, r.responses) {
		return 0, errors.New("the kernel responds differently to the recorded calls than to the synth: " +
			"the replay is not the same work")
	}
	return took, nil
}
