package test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/internal/assembly"
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
	flags, err := featureFlags()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	app, err := stacks.NewApp(config.Stages(), stacks.Synthesis{Root: root, Outdir: dir, Context: flags, Only: "Staging"})
	if err != nil {
		t.Fatal(err)
	}
	app.Synth(nil)
	a, err := assembly.Read(dir)
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

func TestARouteThatChangesIsDeployed(t *testing.T) {
	stage := configtest.Stage("Dev")
	stage.Web = config.Web{
		Origin:       "https://another.test",
		CallbackURLs: []string{"https://another.test/in"}, LogoutURLs: []string{"https://another.test/"},
	}
	changed, err := synth([]config.Stage{stage}, t.TempDir(), func(awscdk.App) {})
	if err != nil {
		t.Fatal(err)
	}
	if deploymentOf(t, changed, stage.ID()) == deploymentOf(t, synthesized(), stage.ID()) {
		t.Error("the deployment stays when preflights and gateway responses change: " +
			"API Gateway would go on serving the old ones")
	}
}

// TestTheSameSourceGivesTheSameProgram builds in two places, because a path in the program would show there. It
// compares one program: all are compiled by one call with the same flags.
func TestTheSameSourceGivesTheSameProgram(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "elsewhere")
	for _, part := range []string{"lambda/catalog", "lambda/contract", "lambda/internal", "go.mod", "go.sum"} {
		duplicate(t, filepath.Join(root, part), filepath.Join(copied, part))
	}
	here, there := program(t, root, "catalog"), program(t, copied, "catalog")
	if !slices.Equal(here, there) {
		t.Errorf("lambda/catalog: %d and %d bytes that differ: every machine would deploy a program of its own",
			len(here), len(there))
	}
	if strings.Contains(string(there), copied) {
		t.Error("lambda/catalog holds the path that it was built in")
	}
}

func program(t *testing.T, root, name string) []byte {
	t.Helper()
	folder, err := (&golambda.Builder{Root: root}).Build(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// duplicate copies a file or a folder.
func duplicate(t *testing.T, from, to string) {
	t.Helper()
	if err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	}); err != nil {
		t.Fatal(err)
	}
}
