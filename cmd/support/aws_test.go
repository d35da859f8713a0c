package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

const outputs = `{"SecureCart-Dev-All": {"Region": "eu-central-1", "UserPoolId": "eu-central-1_Pool00001",
"OrdersTable": "Orders", "CustomersTable": "Customers", "LinksTable": "Links", "ProofsTable": "Proofs",
"DocumentsBucket": "documents", "SecondFactors": "TOTP",
"SupportRoleArn": "arn:aws:iam::111122223333:role/SecureCart-Dev-Support"}}`

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIASUPPORT</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`

// TestASessionOfTheRoleDoesTheWork: the operator's own credentials only assume the role. Endpoints come from the
// environment, as for the local stage, where buckets have no host name.
func TestASessionOfTheRoleDoesTheWork(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/")
		_ = r.ParseForm()
		what := r.FormValue("Action") + " " + r.FormValue("RoleSessionName") + r.Header.Get("X-Amz-Target")
		if strings.Contains(r.URL.RawQuery, "versions") {
			what = r.URL.Path
		}
		asked = append(asked, who+" "+what)
		switch {
		case strings.HasPrefix(what, "AssumeRole"):
			fmt.Fprint(w, assumed)
		case strings.HasPrefix(what, "/"):
			fmt.Fprint(w, "<ListVersionsResult/>")
		default:
			fmt.Fprint(w, `{"Users": []}`)
		}
	}))
	defer server.Close()
	// By name: for an IP address the SDK itself avoids host names of buckets.
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL":  strings.Replace(server.URL, "127.0.0.1", "localhost", 1),
		"AWS_ACCESS_KEY_ID": "AKIAOPERATOR", "AWS_SECRET_ACCESS_KEY": "o", "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	file := filepath.Join(t.TempDir(), "outputs.json")
	if err := os.WriteFile(file, []byte(outputs), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{
		command: command{name: "find", role: support.Support},
		outputs: file,
		Session: support.Session{Ticket: "T-1", Reason: "why"},
	}
	desk, err := open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Find(t.Context(), supporttest.Sub); err == nil ||
		support.Explain(err) != "there is no customer "+supporttest.Sub {
		t.Errorf("find: %v", err)
	}
	if _, err := desk.Documents.ListObjectVersions(
		t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("documents")},
	); err != nil {
		t.Errorf("list: %v", err)
	}
	want := []string{
		"AKIAOPERATOR AssumeRole T-1", "ASIASUPPORT  AWSCognitoIdentityProviderService.ListUsers", "ASIASUPPORT /documents",
	}
	if strings.Join(asked, "\n") != strings.Join(want, "\n") {
		t.Errorf("asked %q", asked)
	}
	o.command.role = support.Privacy
	if _, err := open(t.Context(), o); err == nil ||
		!strings.Contains(support.Explain(err), "the stage has no role Privacy") {
		t.Errorf("a role that nobody may assume: %v", err)
	}
	o.outputs = filepath.Join(t.TempDir(), "none.json")
	if _, err := open(t.Context(), o); err == nil || !strings.Contains(support.Explain(err), "cannot be read") {
		t.Errorf("no outputs: %v", err)
	}
}
