package local_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// TestAnotherSynthIsServedWithWhatIsRemembered lets guests in without credentials, which only the new template does,
// and looks for everything that was there before.
func TestAnotherSynthIsServedWithWhatIsRemembered(t *testing.T) {
	var log bytes.Buffer
	server := must.Get(local.Serve(t.Context(), localtest.Config(t, &log)))(t)
	// The server that is there at the end is closed.
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	stage := localtest.Open(t, server)
	ann := e2e.NewCustomer("ann")
	must.Do(t, stage.SignUp(t.Context(), ann, ""))
	tokens := must.Get(stage.SignIn(t.Context(), ann, stage.WebClientID))(t)
	guest := must.Get(stage.Credentials(t.Context(), ""))(t)
	outputs := server.Outputs()
	objects := s3.NewFromConfig(server.AWS(), func(o *s3.Options) { o.UsePathStyle = true })
	put := &s3.PutObjectInput{
		Bucket: aws.String(outputs["MediaBucket"]), Key: aws.String("products/new.txt"), Body: strings.NewReader("new"),
	}
	must.Get(objects.PutObject(t.Context(), put))(t)

	open := method("GET", "products", func(properties map[string]any) { properties["AuthorizationType"] = "NONE" })
	changed := localtest.Config(t, &log, open)
	next, kept, err := server.Replace(t.Context(), changed.Stage, changed.AssetsFrom)
	if err != nil {
		t.Fatal(err)
	}
	server = next
	if kept.Users != 1 || kept.Tables != 5 || kept.Clients != "client ids unchanged" {
		t.Errorf("kept %+v, want one user and five tables", kept)
	}

	products := e2e.Call{Method: http.MethodGet, Path: "/products"}
	if got := status(t, stage, products); got != "200 by the function" {
		t.Errorf("GET /products of anybody: %s; the new template is not served", got)
	}
	if got := status(t, stage, e2e.Call{Method: http.MethodGet, Path: "/orders", Token: tokens.Access}); got[:3] != "200" {
		t.Errorf("GET /orders with a token of before: %s; its keys are lost", got)
	}
	if _, err := stage.Refresh(t.Context(), tokens); err != nil {
		t.Errorf("a session of before: %v", err)
	}
	if _, err := stage.SignIn(t.Context(), ann, stage.WebClientID); err != nil {
		t.Errorf("a customer of before signs in: %v", err)
	}
	products.Credentials = guest
	if got := status(t, stage, products); got[:3] != "200" {
		t.Errorf("GET /products with credentials of before: %s", got)
	}
	if _, err := objects.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: put.Bucket, Key: put.Key}); err != nil {
		t.Errorf("an object of before, with the operator's credentials of before: %v", err)
	}
	rows, err := dynamodb.NewFromConfig(server.AWS()).Scan(t.Context(), &dynamodb.ScanInput{
		TableName: aws.String(outputs["ProductsTable"]),
	})
	if err != nil || rows.Count == 0 {
		t.Errorf("the catalogue: %v, %v", rows, err)
	}
}

// TestASynthThatDoesNotFitIsRefused changes what cannot change below users and rows, and breaks a template: the stage
// goes on as it was.
func TestASynthThatDoesNotFitIsRefused(t *testing.T) {
	server, stage := reviewed(t)
	for name, c := range map[string]struct {
		change stagetest.Change
		says   string
	}{
		"another schema": {
			each("UserPool", "AWS::Cognito::UserPool", func(properties map[string]any) {
				properties["UsernameConfiguration"] = map[string]any{"CaseSensitive": true}
			}),
			"the user pool's UsernameConfiguration is {CaseSensitive:true}, and was {CaseSensitive:false}",
		},
		"another key": {
			each("Data", "AWS::DynamoDB::Table", func(properties map[string]any) {
				delete(properties, "LocalSecondaryIndexes")
			}),
			"the keys or indexes of table SecureCart-Dev-Data-OrdersA9B65338 have changed",
		},
		"a policy that is not understood": {
			each("IdentityPool", "AWS::IAM::Role", func(properties map[string]any) {
				properties["AssumeRolePolicyDocument"] = map[string]any{"Version": "1999-01-01"}
			}),
			"policies of stage SecureCart-Dev",
		},
	} {
		changed := localtest.Config(t, &bytes.Buffer{}, c.change)
		_, _, err := server.Replace(t.Context(), changed.Stage, changed.AssetsFrom)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
		if got := status(t, stage, e2e.Call{Method: http.MethodGet, Path: "/products"}); got != "403 by API Gateway" {
			t.Errorf("%s: the old stage answers %s", name, got)
		}
	}
}
