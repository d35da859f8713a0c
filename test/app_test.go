package test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/stacks"
)

func TestABadConfigurationWritesNoTemplate(t *testing.T) {
	prod, dir := configtest.Stage("Prod"), t.TempDir()
	prod.Protection.Retain = false
	app, err := stacks.NewApp([]config.Stage{prod}, stacks.Synthesis{Root: root, Outdir: dir})
	const want = "SecureCart-Prod: Protection.Retain: must be true in Production (customers and orders would go with " +
		"their stack), got false; set it to true"
	if err == nil || err.Error() != want || app != nil {
		t.Errorf("got app %v and error %v, want no app and %q", app, err, want)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("wrote %v (%v): a template of a refused configuration could be deployed", files, err)
	}
}

func TestOneStageIsSynthesizedAlone(t *testing.T) {
	a, err := synth(config.Stages(), "Staging", t.TempDir(), func(awscdk.App) {})
	if err != nil || len(a.Stages) != 1 || a.Stages[0].ID != "SecureCart-Staging" {
		t.Fatalf("got %+v, %v; want Staging alone", a, err)
	}
	if deploymentOf(t, a, "SecureCart-Staging") != deploymentOf(t, synthesized(), "SecureCart-Staging") {
		t.Error("the deployment changes without a change: every deploy would redeploy the API")
	}
	if app, err := stacks.NewApp(config.Stages(), stacks.Synthesis{Root: root, Only: "Nope"}); err == nil || app != nil {
		t.Errorf("got app %v and error %v; want a stage that does not exist to be refused before anything is built",
			app, err)
	}
}

// deploymentOf is the id of the deployment of a stage's API.
func deploymentOf(t *testing.T, a *assembly.Assembly, id string) string {
	t.Helper()
	stage, _ := a.Stage(id)
	stack, _ := stage.Stack("Api")
	ids := slices.Collect(maps.Keys(stack.Template.OfType("AWS::ApiGateway::Deployment")))
	if len(ids) != 1 {
		t.Fatalf("%s has %d deployments, want one", id, len(ids))
	}
	return ids[0]
}

// TestARouteThatChangesIsDeployed: the origin is in preflights and gateway responses only.
func TestARouteThatChangesIsDeployed(t *testing.T) {
	builder := &golambda.Builder{Root: greeter(t)}
	deployedFor := func(origin string) string {
		flags, err := featureFlags()
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(dir), Context: &flags})
		stack := awscdk.NewStack(awscdk.NewStage(app, jsii.String("Shop"), nil), jsii.String("Api"), nil)
		logs := kept(stack)
		handler := golambda.New(stack, "Fn", golambda.Props{
			Builder: builder, Name: "greeter", Description: "d", Logs: logs,
		})
		restapi.New(stack, "Shop", restapi.Props{Pool: pool, WebOrigin: origin, Logs: logs, API: limits}).Add(
			restapi.Route{
				Method: "GET", Path: "/links", Caller: restapi.CustomerWith(contract.ProfileRead), Handler: handler,
			},
			restapi.Route{
				Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(contract.LinksWrite), Handler: handler,
			})
		app.Synth(nil)
		a, err := assembly.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		return deploymentOf(t, a, "Shop")
	}
	before := deployedFor("https://a.test")
	if deployedFor("https://a.test") != before {
		t.Error("the deployment changes without a change")
	}
	if deployedFor("https://another.test") == before {
		t.Error("the deployment stays when preflights and gateway responses change: " +
			"API Gateway would go on serving the old ones")
	}
}

// TestTheSameSourceGivesTheSameProgram builds in two places, because a path in the program would show there. One of
// them is a working copy, whose state would show, too. It compares one program: all are compiled by one call with the
// same flags.
func TestTheSameSourceGivesTheSameProgram(t *testing.T) {
	here, there := greeter(t), greeter(t)
	put(t, filepath.Join(here, ".git", "HEAD"), "ref: refs/heads/main\n")
	if !slices.Equal(bootstrap(t, here), bootstrap(t, there)) {
		t.Error("the programs differ: every machine would deploy a program of its own")
	}
	if bytes.Contains(bootstrap(t, there), []byte(there)) {
		t.Error("the program holds the path that it was built in")
	}
}

// bootstrap is the greeter of a module, as it would be deployed.
func bootstrap(t *testing.T, root string) []byte {
	t.Helper()
	folder, err := (&golambda.Builder{Root: root}).Build("greeter")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
