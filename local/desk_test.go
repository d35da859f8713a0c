package local_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
)

// printed are the variables that the served stage prints, by name.
func printed(server *local.Server) map[string]string {
	variables := map[string]string{}
	for _, line := range server.Environment() {
		name, value, _ := strings.Cut(line, "=")
		variables[name] = value
	}
	return variables
}

// TestTheSupportDeskWorksWithWhatIsPrinted assumes the role as cmd/support does, as each user in each of the ways to
// get their credentials, and looks for a customer.
func TestTheSupportDeskWorksWithWhatIsPrinted(t *testing.T) {
	server, _ := reviewed(t)
	agent, officer := "arn:aws:iam::111122223333:user/support-agent", "arn:aws:iam::111122223333:user/privacy-officer"
	if !slices.Equal(server.Users(), []string{officer, agent}) {
		t.Fatalf("users %v", server.Users())
	}
	variables, outputs := printed(server), server.Outputs()
	if variables["AWS_ENDPOINT_URL_STS"] == "" || variables["AWS_ENDPOINT_URL_STS"] != variables["AWS_ENDPOINT_URL_S3"] {
		t.Errorf("STS is at %q", variables["AWS_ENDPOINT_URL_STS"])
	}
	asPrinted := func(user string) aws.Config {
		config, prefix := server.AWS(), "SECURECART_"+user
		config.Credentials = credentials.NewStaticCredentialsProvider(
			variables[prefix+"_ACCESS_KEY_ID"], variables[prefix+"_SECRET_ACCESS_KEY"], variables[prefix+"_SESSION_TOKEN"])
		return config
	}
	for name, c := range map[string]struct {
		config aws.Config
		role   string
		want   string
	}{
		"the agent":                 {asPrinted("SUPPORT_AGENT"), outputs["SupportRoleArn"], "done"},
		"the officer":               {asPrinted("PRIVACY_OFFICER"), outputs["PrivacyRoleArn"], "done"},
		"the agent, later":          {server.AWSAs(agent), outputs["SupportRoleArn"], "done"},
		"the agent, as the officer": {server.AWSAs(agent), outputs["PrivacyRoleArn"], "AccessDenied"},
		"the operator":              {server.AWS(), outputs["SupportRoleArn"], "AccessDenied"},
		"a user whom no policy names": {
			server.AWSAs("arn:aws:iam::111122223333:user/somebody"), outputs["SupportRoleArn"], "no trust policy names the user",
		},
	} {
		output, err := sts.NewFromConfig(c.config).AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: aws.String(c.role), RoleSessionName: aws.String("TICKET-1"), Tags: []types.Tag{
				{Key: aws.String("ticket"), Value: aws.String("TICKET-1")},
				{Key: aws.String("reason"), Value: aws.String("lost phone")},
			},
		})
		if got := outcome(err); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if err != nil {
			continue
		}
		found := server.AWS()
		found.Credentials = credentials.NewStaticCredentialsProvider(
			*output.Credentials.AccessKeyId, *output.Credentials.SecretAccessKey, *output.Credentials.SessionToken)
		_, err = cognitoidentityprovider.NewFromConfig(found).ListUsers(t.Context(), &cognitoidentityprovider.ListUsersInput{
			UserPoolId: aws.String(outputs["UserPoolId"]), Filter: aws.String(`email = "jane@example.com"`),
		})
		if got := outcome(err); got != "done" {
			t.Errorf("%s looks for a customer: %s", name, got)
		}
	}
}

// TestTheStagesSchedulesRun: the functions behind the rules do their work with the grants of their roles.
func TestTheStagesSchedulesRun(t *testing.T) {
	server, _ := reviewed(t)
	if err := server.RunSchedules(t.Context()); err != nil {
		t.Errorf("%v\n%s", err, &localtest.Log)
	}
	for _, name := range []string{"unconfirmed", "userexport"} {
		localtest.Log.Says(t, name+" | ")
	}
}
