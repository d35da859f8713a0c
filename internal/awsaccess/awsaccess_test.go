package awsaccess

import (
	"path/filepath"
	"strings"
	"testing"
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
	_, err := Load(t.Context(), "eu-central-1")
	if err == nil || !strings.HasPrefix(err.Error(), "there are no credentials on this machine: ") ||
		!strings.HasSuffix(err.Error(), "; "+SignIn) || strings.Contains(err.Error(), "operation error") {
		t.Errorf("got %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	if loaded, err := Load(t.Context(), "eu-central-1"); err != nil || loaded.Region != "eu-central-1" {
		t.Errorf("got %q, %v", loaded.Region, err)
	}
}
