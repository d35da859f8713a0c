package test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/iam"
)

// TestABoundaryKeepsRolesToTheirStage evaluates the boundary for another stage's resources.
func TestABoundaryKeepsRolesToTheirStage(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		boundary, arn := d.policies(t, "-Boundary"), d.arn
		for _, r := range []iam.Request{
			{Action: "dynamodb:GetItem", Resource: arn("dynamodb", "table/SecureCart-Other-Data-Orders")},
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::securecart-other-data-documents/a"},
			{Action: "cognito-idp:AdminGetUser", Resource: arn("cognito-idp", "userpool/x_1")},
			{Action: "kms:Decrypt", Resource: arn("kms", "key/1")},
			{Action: "ssm:GetParameter", Resource: arn("ssm", "parameter/securecart/other/clients")},
			{Action: "sqs:SendMessage", Resource: arn("sqs", "SecureCart-Other-Operations-Undelivered")},
			{Action: "sqs:ReceiveMessage", Resource: arn("sqs", "SecureCart-Other-Operations-Undelivered")},
		} {
			r.Context = map[string][]string{"aws:ResourceTag/stage": {"Other"}, "aws:ResourceAccount": {d.config.Account}}
			if allowed(t, boundary, r) {
				t.Errorf("the boundary allows %s on %s", r.Action, r.Resource)
			}
		}
	})
}

// TestABootstrapIsKeptToItsStage evaluates the boundary of the bootstrap's roles, whose own policies are the CDK's.
func TestABootstrapIsKeptToItsStage(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		ceiling, account := d.policies(t, "-Bootstrap"), map[string][]string{"aws:ResourceAccount": {d.config.Account}}
		stack := func(name string) string { return d.arn("cloudformation", "stack/"+name+"/1") }
		for _, c := range []struct {
			action, resource string
			context          map[string][]string
			want             bool
		}{
			{"cloudformation:DeleteStack", stack(d.ID + "-Api"), account, true},
			{"cloudformation:DeleteStack", stack("SecureCart-Other-Api"), account, false},
			{"cloudformation:UpdateStack", stack(d.own.Name), account, false},
			{"cloudformation:CreateStackRefactor", "*", account, false},
			{"s3:PutObject", "arn:aws:s3:::cdk-x-assets/a", account, true},
			{"s3:PutObject", "arn:aws:s3:::elsewhere/a", map[string][]string{"aws:ResourceAccount": {"999999999999"}}, false},
			{"kms:CreateKey", "*", nil, true},
		} {
			got := allowed(t, ceiling, iam.Request{Action: c.action, Resource: c.resource, Context: c.context})
			if got != c.want {
				t.Errorf("%s on %s: allowed is %v, want %v", c.action, c.resource, got, c.want)
			}
		}
	})
}

// TestAReviewSeesTheReplicaOfAStageThatHasOne: otherwise the weekly search could not find one that was left active.
func TestAReviewSeesTheReplicaOfAStageThatHasOne(t *testing.T) {
	replicated := 0
	eachDelivered(t, func(t *testing.T, d delivered) {
		var text string
		for _, document := range d.documents("DeliveryReview") {
			text += fmt.Sprint(document)
		}
		if got, want := strings.Contains(text, "cognito-idp:ListUserPoolReplicas"), d.config.Replica != ""; got != want {
			t.Errorf("a review may list replicas: %t, want %t", got, want)
		}
		if d.config.Replica != "" {
			replicated++
		}
	})
	if replicated == 0 {
		t.Error("no stage with a pipeline has a replica: half of this test checked nothing")
	}
}

// TestAReviewReadsNoCustomerDataAndNoSecret: everybody who may push to the repository can run a review.
func TestAReviewReadsNoCustomerDataAndNoSecret(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		var policies []iam.Policy
		for _, document := range d.documents("DeliveryReview") {
			policies = append(policies, iam.Policy{Name: "Review", Document: parse(t, "Review", document)})
		}
		name := d.arn
		context := map[string][]string{
			"aws:ResourceTag/stage": {d.config.Name}, "aws:ResourceAccount": {d.config.Account},
		}
		look := iam.Request{
			Action: "cognito-idp:DescribeUserPool", Resource: name("cognito-idp", "userpool/x_1"), Context: context,
		}
		if !allowed(t, policies, look) {
			t.Error("a review may not even look at the user pool: nothing is checked")
		}
		bucket := "arn:aws:s3:::" + strings.ToLower(d.ID) + "-data-documents/a"
		for action, resource := range map[string]string{
			"cognito-idp:DescribeIdentityProvider": name("cognito-idp", "userpool/x_1"),
			"cognito-idp:ListUsers":                name("cognito-idp", "userpool/x_1"),
			"secretsmanager:GetSecretValue":        name("secretsmanager", "secret:"+d.config.Providers[0].SecretName+"-AbCdEf"),
			"dynamodb:GetItem":                     name("dynamodb", "table/"+d.ID+"-Data-Orders"),
			"dynamodb:Scan":                        name("dynamodb", "table/"+d.ID+"-Data-Orders"),
			"s3:GetObject":                         bucket,
			"logs:GetLogEvents":                    name("logs", "log-group:"+d.ID+"-Api-OrdersLog:log-stream:x"),
			"logs:FilterLogEvents":                 name("logs", "log-group:"+d.ID+"-Api-OrdersLog"),
			"kms:Decrypt":                          name("kms", "key/1"),
			"sts:AssumeRole":                       "arn:aws:iam::" + d.config.Account + ":role/Admin",
			"lambda:InvokeFunction":                name("lambda", "function:"+d.ID+"-Api-Orders"),
		} {
			if allowed(t, policies, iam.Request{Action: action, Resource: resource, Context: context}) {
				t.Errorf("a review may %s on %s", action, resource)
			}
		}
	})
}

// TestADeployOnlyStartsDeployments: a stolen session of Deploy must reach AWS through the bootstrap's two roles only.
func TestADeployOnlyStartsDeployments(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		got := map[string]bool{}
		for _, request := range d.granted(t, d.own, d.documents("DeliveryDeploy")) {
			got[request.Action+" "+request.Resource] = true
		}
		role := func(name string) string {
			return "sts:AssumeRole arn:aws:iam::" + d.config.Account + ":role/cdk-" + d.config.Delivery.Qualifier + "-" + name +
				"-" + d.config.Account + "-" + d.config.Region
		}
		want := map[string]bool{
			role("deploy-role"): true, role("file-publishing-role"): true,
			"cloudformation:DescribeStacks " + d.arn("cloudformation", "stack/"+d.ID+"-x/x"): true,
		}
		if !maps.Equal(got, want) {
			t.Errorf("Deploy may %v, want %v", got, want)
		}
	})
}

// documents are the policies of the pipeline's own role whose logical ids begin with prefix.
func (d delivered) documents(prefix string) []any {
	var documents []any
	for id, r := range d.own.Template.OfType("AWS::IAM::Policy") {
		if strings.HasPrefix(id, prefix) {
			documents = append(documents, r.Properties["PolicyDocument"])
		}
	}
	return documents
}
