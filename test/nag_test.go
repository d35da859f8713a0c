package test

import (
	"encoding/json"
	"errors"
	"fmt"
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

	"github.com/securecart/identity/internal/assembly"
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

// inspection is a synth and what cdk-nag found in it: findings, and acceptances that were used.
type inspection struct {
	assembly   *assembly.Assembly
	findings   []assembly.Finding
	suppressed map[acceptance]bool
}

// nagFindings are cdk-nag's findings in the synth that was written to dir.
func nagFindings(dir string) ([]assembly.Finding, error) {
	found, err := assembly.ReadFindings(dir)
	if errors.Is(err, fs.ErrNotExist) { // with validation off there is a report only if there is a finding
		return nil, nil
	}
	return found, err
}

// TestEveryFindingOfCdkNagIsFixedOrAccepted also wants every acceptance to have a finding in some stage: an unused
// acceptance would hide a later finding.
func TestEveryFindingOfCdkNagIsFixedOrAccepted(t *testing.T) {
	in := map[assembly.Finding][]string{}
	for _, finding := range inspected().findings {
		var stage string
		stage, finding.Construct, _ = strings.Cut(finding.Construct, "/")
		in[finding] = append(in[finding], stage)
	}
	for finding, stages := range in {
		t.Errorf("%s, in %s\nfix it, or accept it beside the resource with nag.Accept and a reason", finding, stages)
	}
	for accepted, at := range acceptances(synthesized()) {
		if !inspected().suppressed[accepted] {
			t.Errorf("%s: %s is accepted (%q), and found nowhere: remove nag.Accept", at, accepted.rule, accepted.reason)
		}
	}
}

// acceptance is a rule whose findings are accepted, and why.
type acceptance struct{ rule, reason string }

// acceptances are the acceptances of all templates, each with one of the places where it stands.
func acceptances(a *assembly.Assembly) map[acceptance]string {
	all := map[acceptance]string{}
	stacks := slices.Clone(a.Outside)
	for _, stage := range a.Stages {
		stacks = append(stacks, stage.Stacks...)
	}
	for _, stack := range stacks {
		accepted := map[string]map[string]any{"the whole stack": stack.Template.Metadata}
		for id, resource := range stack.Template.Resources {
			accepted[id] = resource.Metadata
		}
		for at, metadata := range accepted {
			notes, _ := metadata["cdk_nag"].(map[string]any)
			rules, _ := notes["rules_to_suppress"].([]any)
			for _, each := range rules {
				rule := each.(map[string]any)
				all[acceptance{rule["id"].(string), rule["reason"].(string)}] = stack.Name + "/" + at
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
func suppressed(dir string) (map[acceptance]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.metadata.json"))
	outside, errOutside := filepath.Glob(filepath.Join(dir, "*.metadata.json"))
	if err := errors.Join(err, errOutside); err != nil {
		return nil, err
	}
	all := map[acceptance]bool{}
	for _, file := range append(files, outside...) {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var notes map[string][]struct{ Data any }
		if err := json.Unmarshal(data, &notes); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		for _, note := range slices.Concat(slices.Collect(maps.Values(notes))...) {
			text, _ := note.Data.(string)
			if found := suppression.FindStringSubmatch(text); found != nil {
				all[acceptance{found[1], found[2]}] = true
			}
		}
	}
	return all, nil
}

// TestCdkNagFindsMistakes shows that cdk-nag runs, so that an empty result above means no mistakes.
func TestCdkNagFindsMistakes(t *testing.T) {
	dir := t.TempDir()
	context, err := featureFlags()
	if err != nil {
		t.Fatal(err)
	}
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(dir), Context: &context})
	awss3.NewCfnBucket(awscdk.NewStack(app, jsii.String("S"), nil), jsii.String("Bucket"), nil)
	inspect(app)
	app.Synth(nil)
	found, err := nagFindings(dir)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, finding := range found {
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
