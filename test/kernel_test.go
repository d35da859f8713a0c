// Package test checks the templates of SecureCart identity, as CloudFormation would get them.
//
// Every test reads the same synth: one kernel, every committed stage and a few variants. Package threats judges
// properties that protect against attacks, package access the permissions of roles. The tests here cover the rest:
// outputs, tags, order, retention, messages, the reviewed templates, and misuse of constructs.
package test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/stacks"
	"github.com/securecart/identity/test/threats"
)

// root is the folder of go.mod and cdk.json.
const root = ".."

// TestMain starts and closes the jsii kernel once: closing it per test takes seconds each time, and races.
func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) (code int) {
	// The template validation costs seconds; `make synth` runs it. jsii copies the environment when its package is loaded,
	// before it starts a kernel. Closing makes the next kernel see the variable.
	for name, value := range map[string]string{
		"CDK_VALIDATION": "false",
		// jsii would print a warning about Node's version above every failure.
		"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
		"JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION":  "1",
		"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION":    "1",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	jsii.Close()
	defer jsii.Close()
	debug.SetGCPercent(400) // what tests make is garbage at once, and little stays
	flag.Parse()
	if *update {
		// A value that a construct refuses is told in one line, without the trace of a test's panic.
		defer program.ConstructMisuse(&code, os.Stderr)
		synthesized()
	}
	return m.Run()
}

// inspected is the one synth, with cdk-nag in it, and what cdk-nag found. It panics on failure, because sync.OnceValue
// has no test to fail, and no test could continue.
var inspected = sync.OnceValue(func() inspection {
	dir, err := os.MkdirTemp("", "securecart-synth-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
	stages := append(config.Stages(), variants()...)
	a, err := synth(stages, "", dir, func(app awscdk.App) {
		for _, stage := range stages {
			// Aspects stop at the border of a stage, so each stage gets the packs.
			names := append(replicaNames(stage), stage.ID())
			if stage.Delivery.Pipeline() {
				names = append(names, delivery.Name(stage.Name))
			}
			for _, name := range names {
				inspect(app.Node().FindChild(jsii.String(name)))
			}
		}
	})
	if err != nil {
		panic(err)
	}
	i := inspection{assembly: a}
	if i.findings, err = nagFindings(dir); err != nil {
		panic(err)
	}
	if i.suppressed, err = suppressed(dir); err != nil {
		panic(err)
	}
	return i
})

// synthesized has the templates of the one synth. cdk-nag changes none.
func synthesized() *assembly.Assembly { return inspected().assembly }

// synth calls look with the app, writes the stages, or only one of them, into dir as the CDK CLI would, and reads the
// result.
func synth(stages []config.Stage, only, dir string, look func(awscdk.App)) (*assembly.Assembly, error) {
	flags, err := featureFlags()
	if err != nil {
		return nil, err
	}
	app, err := stacks.NewApp(stages, stacks.Synthesis{Root: root, Outdir: dir, Context: flags, Only: only})
	if err != nil {
		return nil, err
	}
	look(app)
	app.Synth(nil)
	return assembly.Read(dir)
}

// featureFlags are those of cdk.json, which the CDK CLI would pass, one with which cdk-nag writes findings only into
// the report of a synth, without printing them or panicking, and one with which no stack traces are written.
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
	cdk.Context["@aws-cdk/core:failSynthOnValidationErrors"] = false
	cdk.Context["aws:cdk:disable-stack-trace"] = true
	return cdk.Context, nil
}

// targets are every committed stage and every variant.
var targets = sync.OnceValue(func() []*threats.Target {
	var all []*threats.Target
	for _, cfg := range append(config.Stages(), variants()...) {
		stage, ok := synthesized().Stage(cfg.ID())
		if !ok {
			panic("stage " + cfg.ID() + " was not synthesized")
		}
		all = append(all, threats.NewTarget(stage, cfg))
	}
	if len(all) != len(synthesized().Stages) {
		panic(fmt.Sprintf("%d stages were synthesized, want %d", len(synthesized().Stages), len(all)))
	}
	return all
})

// eachStage runs check on every stage and variant. Each finding is reported once, with the stages that have it.
func eachStage(t *testing.T, check func(in *threats.Inspection)) {
	t.Helper()
	var found findings
	for _, target := range targets() {
		for _, finding := range threats.Inspect(target, check) {
			found.add(target, finding.String())
		}
	}
	found.report(t)
}

// findings are texts, each with the stages that have the finding.
type findings struct{ stages map[string][]string }

func (f *findings) add(target *threats.Target, text string) {
	if f.stages == nil {
		f.stages = map[string][]string{}
	}
	if names := f.stages[text]; !slices.Contains(names, target.Config.Name) {
		f.stages[text] = append(names, target.Config.Name)
	}
}

func (f *findings) report(t *testing.T) {
	t.Helper()
	for _, text := range slices.Sorted(maps.Keys(f.stages)) {
		in := strings.Join(f.stages[text], ", ")
		if len(f.stages[text]) == len(targets()) {
			in = "every stage"
		}
		t.Errorf("in %s: %s", in, text)
	}
}
