package test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/stacks"
)

// inspect runs three packs of cdk-nag on everything in scope: AwsSolutions, HIPAA Security and PCI DSS 3.2.1. They
// note accepted findings in the assembly's metadata.
func inspect(scope constructs.IConstruct) {
	props := &cdknag.NagPackProps{
		// Its reports are written whole after every verdict: half of the test's time.
		Reports: jsii.Bool(false), Verbose: jsii.Bool(true), LogIgnores: jsii.Bool(true),
	}
	for _, pack := range []awscdk.IAspect{
		cdknag.NewAwsSolutionsChecks(props), cdknag.NewHIPAASecurityChecks(props), cdknag.NewPCIDSS321Checks(props),
	} {
		awscdk.Aspects_Of(scope).Add(pack, nil)
	}
}

// judged is the context in which cdk-nag writes findings only into the report of a synth, without printing them or
// panicking.
func judged(t *testing.T) map[string]any {
	t.Helper()
	flags, err := featureFlags()
	if err != nil {
		t.Fatal(err)
	}
	flags["@aws-cdk/core:failSynthOnValidationErrors"] = false
	return flags
}

// nagFindings are cdk-nag's findings in the synth that was written to dir.
func nagFindings(t *testing.T, dir string) []assembly.Finding {
	t.Helper()
	found, err := assembly.ReadFindings(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // with validation off there is a report only if there is a finding
		t.Fatal(err)
	}
	return found
}

// TestEveryFindingOfCdkNagIsFixedOrAccepted has its own synth, because the packs take seconds. Every acceptance must
// have a finding in some stage: an unused acceptance would hide a later finding.
func TestEveryFindingOfCdkNagIsFixedOrAccepted(t *testing.T) {
	t.Parallel() // the one such test that talks to the kernel, which answers one caller
	stages, dir := append(config.Stages(), variants()...), t.TempDir()
	app, err := stacks.NewApp(stages, stacks.Synthesis{Root: root, Outdir: dir, Context: judged(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range stages {
		// Aspects stop at the border of a stage, so each stage gets the pack.
		inspect(app.Node().FindChild(jsii.String(stage.ID())))
		for _, name := range replicaNames(stage) {
			inspect(app.Node().FindChild(jsii.String(name)))
		}
	}
	app.Synth(nil)
	in := map[assembly.Finding][]string{}
	for _, finding := range nagFindings(t, dir) {
		var stage string
		stage, finding.Construct, _ = strings.Cut(finding.Construct, "/")
		in[finding] = append(in[finding], stage)
	}
	for finding, stages := range in {
		t.Errorf("%s, in %s\nfix it, or accept it beside the resource with nag.Accept and a reason", finding, stages)
	}
	synthesized, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := suppressed(t, dir)
	for accepted, at := range acceptances(synthesized) {
		if !found[accepted] {
			t.Errorf("%s: %s is accepted (%q), and found nowhere: remove nag.Accept", at, accepted.rule, accepted.reason)
		}
	}
}

// acceptance is a rule whose findings are accepted, and why.
type acceptance struct{ rule, reason string }

// acceptances are the acceptances of all templates, each with one of its resources.
func acceptances(a *assembly.Assembly) map[acceptance]string {
	all := map[acceptance]string{}
	for _, stage := range a.Stages {
		for _, stack := range stage.Stacks {
			for id, resource := range stack.Template.Resources {
				metadata, _ := resource.Metadata["cdk_nag"].(map[string]any)
				rules, _ := metadata["rules_to_suppress"].([]any)
				for _, each := range rules {
					rule := each.(map[string]any)
					all[acceptance{rule["id"].(string), rule["reason"].(string)}] = stack.Name + "/" + id
				}
			}
		}
	}
	return all
}

// suppression is cdk-nag's note beside a construct about an accepted finding. A rule that reports single findings puts
// each before the reason, in brackets.
var suppression = regexp.MustCompile(
	`^CdkNagSuppression(?:\[.*\])?: (\S+) was triggered but suppressed\. Provided reason: "(?:\[.*?\] )?(.*)"`)

// suppressed are the acceptances that the assembly's notes show as used.
func suppressed(t *testing.T, dir string) map[acceptance]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.metadata.json"))
	outside, errOutside := filepath.Glob(filepath.Join(dir, "*.metadata.json"))
	if err := errors.Join(err, errOutside); err != nil {
		t.Fatal(err)
	}
	all := map[acceptance]bool{}
	for _, file := range append(files, outside...) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var notes map[string][]struct{ Data any }
		if err := json.Unmarshal(data, &notes); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, note := range slices.Concat(slices.Collect(maps.Values(notes))...) {
			text, _ := note.Data.(string)
			if found := suppression.FindStringSubmatch(text); found != nil {
				all[acceptance{found[1], found[2]}] = true
			}
		}
	}
	return all
}

// TestCdkNagFindsMistakes shows that cdk-nag runs, so that an empty result above means no mistakes.
func TestCdkNagFindsMistakes(t *testing.T) {
	dir, context := t.TempDir(), judged(t)
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(dir), Context: &context})
	awss3.NewCfnBucket(awscdk.NewStack(app, jsii.String("S"), nil), jsii.String("Bucket"), nil)
	inspect(app)
	app.Synth(nil)
	var texts []string
	for _, finding := range nagFindings(t, dir) {
		texts = append(texts, finding.String())
	}
	all := strings.Join(texts, "\n")
	for _, rule := range []string{
		"AwsSolutions-S10", "HIPAA.Security-S3BucketSSLRequestsOnly", "PCI.DSS.321-S3BucketSSLRequestsOnly",
	} {
		if !strings.Contains(all, rule) {
			t.Errorf("cdk-nag did not find %s on a bucket that takes requests without TLS, only\n%s", rule, all)
		}
	}
}
