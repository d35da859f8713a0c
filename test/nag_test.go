package test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/securecart/identity/assembly"
	"github.com/securecart/identity/config"
)

// inspect lets three packs of cdk-nag judge everything in scope: AwsSolutions, HIPAA Security and PCI DSS 3.2.1.
func inspect(scope constructs.IConstruct) {
	props := &cdknag.NagPackProps{Reports: jsii.Bool(false), Verbose: jsii.Bool(true)}
	for _, pack := range []awscdk.IAspect{cdknag.NewAwsSolutionsChecks(props), cdknag.NewHIPAASecurityChecks(props), cdknag.NewPCIDSS321Checks(props)} {
		awscdk.Aspects_Of(scope).Add(pack, nil)
	}
}

// findings are what cdk-nag found: a synth writes them into its report, and fails if one is an error.
func findings(t *testing.T, dir string, synthesize func()) []assembly.Finding {
	t.Helper()
	func() {
		defer func() {
			if failed := recover(); failed != nil {
				t.Log(failed)
			}
		}()
		synthesize()
	}()
	found, err := assembly.ReadFindings(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // with validation off the CDK writes a report only if there is a finding
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryFindingOfCdkNagIsMendedOrAccepted has a synth of its own, because a finding makes the synth fail, and would
// take every other test with it.
func TestEveryFindingOfCdkNagIsMendedOrAccepted(t *testing.T) {
	stages, dir, finished := append(config.Stages(), variants()...), t.TempDir(), false
	for _, finding := range findings(t, dir, func() {
		_, err := synth(stages, dir, func(app awscdk.App) {
			for _, stage := range stages {
				// Aspects stop at the border of a stage, so each stage gets the pack.
				inspect(app.Node().FindChild(jsii.String(stage.ID())))
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		finished = true
	}) {
		t.Errorf("%s\nmend it, or accept it beside the resource with nag.Accept and a reason", finding)
	}
	if !finished && !t.Failed() {
		t.Error("the synth failed without any finding in its report")
	}
}

// TestCdkNagFindsWhatIsWrong shows that no finding above means nothing to find.
func TestCdkNagFindsWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	flags, err := featureFlags()
	if err != nil {
		t.Fatal(err)
	}
	found := findings(t, dir, func() {
		app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(dir), Context: &flags})
		awss3.NewCfnBucket(awscdk.NewStack(app, jsii.String("S"), nil), jsii.String("Bucket"), nil)
		inspect(app)
		app.Synth(nil)
	})
	var texts []string
	for _, finding := range found {
		texts = append(texts, finding.String())
	}
	all := strings.Join(texts, "\n")
	for _, rule := range []string{"AwsSolutions-S10", "HIPAA.Security-S3BucketSSLRequestsOnly", "PCI.DSS.321-S3BucketSSLRequestsOnly"} {
		if !strings.Contains(all, rule) {
			t.Errorf("cdk-nag did not find %s on a bucket that takes requests without TLS, only\n%s", rule, all)
		}
	}
}
