package local_test

import (
	"archive/zip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// sits returns the desk with a session of its role, as cmd/support begins.
func sits(t *testing.T, server *local.Server, user string, role support.Role) *support.Desk {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outputs.json")
	must.Do(t, server.WriteOutputs(file))
	names := must.Get(support.ReadNames(file))(t)
	session := support.Session{Ticket: "TICKET-1", Reason: "asked by the customer"}
	config := server.AWSAs("arn:aws:iam::111122223333:user/" + user)
	assumed := must.Get(session.Assume(t.Context(), sts.NewFromConfig(config), names, role))(t)
	config.Credentials = e2e.Static(assumed)
	return &support.Desk{
		Names: names, Users: cognitoidentityprovider.NewFromConfig(config), Tables: dynamodb.NewFromConfig(config),
		Documents: s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
	}
}

// TestTheDeskDoesItsWork with no more than what the roles grant.
func TestTheDeskDoesItsWork(t *testing.T) {
	server, stage := reviewed(t)
	customer := e2e.NewCustomer("Jane Doe")
	must.Do(t, stage.SignUp(t.Context(), customer, e2e.NewVerifier()))
	agent := sits(t, server, "support-agent", support.Support)
	found := must.Get(agent.Find(t.Context(), customer.Email))(t)
	for i, do := range []func() error{
		func() error { _, err := agent.Show(t.Context(), found); return err },
		func() error { return agent.SignOut(t.Context(), found) },
		func() error { return agent.Disable(t.Context(), found) },
		func() error { return agent.Enable(t.Context(), found) },
		func() error { return agent.ResetFactor(t.Context(), found) },
	} {
		if err := do(); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
	}

	document := "customers/" + found.Sub + "/invoice.txt"
	files := s3.NewFromConfig(server.AWS(), func(o *s3.Options) { o.UsePathStyle = true })
	for _, content := range []string{"draft", "final"} {
		if _, err := files.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(agent.Names.DocumentsBucket), Key: aws.String(document), Body: strings.NewReader(content),
		}); err != nil {
			t.Fatal(err)
		}
	}
	officer := sits(t, server, "privacy-officer", support.Privacy)
	subject := support.SubjectOf(found)
	archive := filepath.Join(t.TempDir(), "export.zip")
	must.Get(officer.Export(t.Context(), subject, archive))(t)
	invoice := func(name string) bool { return strings.Contains(name, "invoice.txt") }
	if names := inside(t, archive); !slices.ContainsFunc(names, invoice) {
		t.Errorf("the export holds %q, want the document", names)
	}
	must.Do(t, officer.Erase(t.Context(), subject))
	if _, err := agent.Find(t.Context(), customer.Email); err == nil {
		t.Error("the account is still there")
	}
	left, err := files.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{
		Bucket: aws.String(agent.Names.DocumentsBucket),
	})
	if err != nil || len(left.Versions)+len(left.DeleteMarkers) > 0 {
		t.Errorf("left of the documents: %v, %v", left, err)
	}
}

func inside(t *testing.T, archive string) []string {
	t.Helper()
	opened := must.Get(zip.OpenReader(archive))(t)
	defer opened.Close() //nolint:errcheck // it was only read
	var names []string
	for _, file := range opened.File {
		names = append(names, file.Name)
	}
	return names
}
