package functions

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnvironmentIsWhatLambdaAndTheTemplateSetAndNothingElse(t *testing.T) {
	t.Setenv("AWS_PROFILE", "prod")
	p := fakeProgram("function")
	p.Asset = t.TempDir()
	p.Environment["LANG"] = "de_DE.UTF-8"
	f, _ := running(t, p, Config{})
	got := ask(t, f, order{Do: "tell"})
	varies := regexp.MustCompile(`^(AWS_LAMBDA_RUNTIME_API=127\.0\.0\.1:)\d+$|` +
		`^(AWS_LAMBDA_LOG_STREAM_NAME=)\d{4}/\d\d/\d\d/(\[\$LATEST\])[0-9a-f]{32}$`)
	for i, variable := range got.Environment {
		got.Environment[i] = varies.ReplaceAllString(variable, "$1$2$3")
	}
	want := []string{
		"AWS_DEFAULT_REGION=eu-central-1",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
		"AWS_LAMBDA_FUNCTION_NAME=Shop-Fake",
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/Shop-Fake",
		"AWS_LAMBDA_LOG_STREAM_NAME=[$LATEST]",
		"AWS_LAMBDA_RUNTIME_API=127.0.0.1:",
		"AWS_REGION=eu-central-1",
		"LAMBDA_RUNTIME_DIR=/var/runtime",
		"LAMBDA_TASK_ROOT=" + p.Asset,
		"LANG=de_DE.UTF-8",
		"PATH=/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"SECURECART_TEST_AS=function",
		"TABLE=Orders",
		"TZ=:UTC",
		"_HANDLER=bootstrap",
		"_X_AMZN_TRACE_ID=" + got.Trace,
	}
	if diff := cmp.Diff(want, got.Environment); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got.FunctionName != "Shop-Fake" || got.Group != "/aws/lambda/Shop-Fake" {
		t.Errorf("aws-lambda-go read %q and %q", got.FunctionName, got.Group)
	}
	folder, err := filepath.EvalSymlinks(p.Asset)
	if err != nil || got.Folder != folder {
		t.Errorf("works in %s, want %s, %v", got.Folder, folder, err)
	}
}
