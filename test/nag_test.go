package test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/securecart/identity/config"
)

// TestEveryFindingOfCdkNagIsMendedOrAccepted has a synth of its own, because a finding makes the synth fail, and would
// take every other test with it.
func TestEveryFindingOfCdkNagIsMendedOrAccepted(t *testing.T) {
	stages := append(config.Stages(), variants()...)
	defer func() {
		if failed := recover(); failed != nil {
			t.Errorf("%v\nmend it, or accept it beside the resource with nag.Accept and a reason", failed)
		}
	}()
	a, err := synth(stages, t.TempDir(), func(app awscdk.App) {
		for _, stage := range stages {
			pack := cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Reports: jsii.Bool(false), Verbose: jsii.Bool(true)})
			// Aspects stop at the border of a stage, so each stage gets the pack.
			awscdk.Aspects_Of(app.Node().FindChild(jsii.String(stage.ID()))).Add(pack, nil)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range a.Findings {
		t.Errorf("%s\nmend it, or accept it beside the resource with nag.Accept and a reason", finding)
	}
}
