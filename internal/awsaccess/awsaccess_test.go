package awsaccess

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
)

func TestMissingCredentialsAreSaidOnceWithTheWayOut(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_WEB_IDENTITY_TOKEN_FILE": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none,
	} {
		t.Setenv(name, value)
	}
	ran := func() (code int, told, region string) {
		var stderr strings.Builder
		code = ForStage(program.Flags("drift", "", &stderr), []string{"-stage", "Dev"}, &stderr,
			func(_ context.Context, _ config.Stage, loaded aws.Config) error {
				region = loaded.Region
				return nil
			})
		return code, stderr.String(), region
	}
	if code, told, _ := ran(); code != program.Failed ||
		!strings.HasPrefix(told, "there are no credentials on this machine: ") ||
		!strings.HasSuffix(told, "; "+SignIn+"\n") || strings.Contains(told, "operation error") {
		t.Errorf("got %d, %s", code, told)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	if code, told, region := ran(); code != program.Done || region != "eu-central-1" {
		t.Errorf("got %d, %s, in %q", code, told, region)
	}
}
