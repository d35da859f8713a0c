package test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/iam"
)

// TestCloudFormationReachesNothingOutsideItsStage tries requests that would give a pipeline more than its stage: on
// another stage's resources, for roles without the boundary, on the pipeline's own policies, and for customers' data.
func TestCloudFormationReachesNothingOutsideItsStage(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		policies, own, arn := d.execution(t), d.ID, d.arn
		role := func(name string) string { return "arn:aws:iam::" + d.config.Account + ":role/" + name }
		bounded := map[string][]string{"iam:PermissionsBoundary": {d.boundaryARN()}}
		other := map[string][]string{"aws:ResourceTag/stage": {"Other"}}
		mine := map[string][]string{"aws:ResourceTag/stage": {d.config.Name}}
		for _, attempt := range []struct {
			what, action, resource string
			context                map[string][]string
		}{
			{"a role without the boundary", "iam:CreateRole", role(own + "-Api-X"), nil},
			{"a role with another boundary", "iam:CreateRole", role(own + "-Api-X"), map[string][]string{
				"iam:PermissionsBoundary": {"arn:aws:iam::aws:policy/AdministratorAccess"}}},
			{"more for a role without the boundary", "iam:PutRolePolicy", role(own + "-Api-X"), nil},
			{"a role that is the account's", "iam:CreateRole", role("Admin"), bounded},
			{"a role of another stage", "iam:PutRolePolicy", role("SecureCart-Other-Api-X"), bounded},
			{"a role of a stage whose name begins alike", "iam:PutRolePolicy", role(own + "2-Api-X"), bounded},
			{"the account's role for a function", "iam:PassRole", role("Admin"), nil},
			{"its own boundary, widened", "iam:CreatePolicyVersion", d.boundaryARN(), nil},
			{"its own boundary, taken away", "iam:DeleteRolePermissionsBoundary", role(own + "-Api-X"), bounded},
			{"its pipeline's role", "iam:UpdateAssumeRolePolicy", role("SecureCart-Delivery-" + d.config.Name + "-Deploy"), nil},
			{"its bootstrap's role", "iam:PutRolePolicy", role(d.config.ExecutionRole(d.config.Account)), bounded},
			{"a user", "iam:CreateUser", "arn:aws:iam::" + d.config.Account + ":user/x", nil},
			{"a key for a user", "iam:CreateAccessKey", "arn:aws:iam::" + d.config.Account + ":user/x", nil},
			{"another role's session", "sts:AssumeRole", role("Admin"), nil},
			{"another stage's pool", "cognito-idp:UpdateUserPool", arn("cognito-idp", "userpool/x_1"), other},
			{"a pool without a tag", "cognito-idp:DeleteUserPool", arn("cognito-idp", "userpool/x_1"), nil},
			{"another stage's pool as its own", "cognito-idp:TagResource", arn("cognito-idp", "userpool/x_1"),
				map[string][]string{"aws:RequestTag/stage": {d.config.Name}, "aws:ResourceTag/stage": {"Other"}}},
			{"a pool for another stage", "cognito-idp:CreateUserPool", "*",
				map[string][]string{"aws:RequestTag/stage": {"Other"}}},
			{"customers' passwords", "cognito-idp:AdminSetUserPassword", arn("cognito-idp", "userpool/x_1"), mine},
			{"customers' names", "cognito-idp:ListUsers", arn("cognito-idp", "userpool/x_1"), mine},
			{"another stage's key", "kms:Decrypt", arn("kms", "key/1"), other},
			{"a key without a tag", "kms:PutKeyPolicy", arn("kms", "key/1"), nil},
			{"another stage's API", "apigateway:PATCH", "arn:aws:apigateway:" + d.config.Region + "::/restapis/a", other},
			{"another stage's web ACL", "wafv2:DeleteWebACL", arn("wafv2", "regional/webacl/a/1"), other},
			{"another stage's table", "dynamodb:DeleteTable", arn("dynamodb", "table/SecureCart-Other-Data-Orders"), nil},
			{"customers' orders", "dynamodb:GetItem", arn("dynamodb", "table/"+own+"-Data-Orders"), nil},
			{"a copy of customers' orders", "dynamodb:ExportTableToPointInTime",
				arn("dynamodb", "table/"+own+"-Data-Orders"), nil},
			{"another stage's bucket", "s3:PutBucketPolicy", "arn:aws:s3:::securecart-other-data-media",
				map[string][]string{"aws:ResourceAccount": {d.config.Account}}},
			{"a bucket of another account", "s3:PutBucketPolicy", "arn:aws:s3:::" + strings.ToLower(own) + "-data-media",
				map[string][]string{"aws:ResourceAccount": {"999999999999"}}},
			{"customers' documents", "s3:GetObject", "arn:aws:s3:::" + strings.ToLower(own) + "-data-documents/customers/1/a",
				map[string][]string{"aws:ResourceAccount": {d.config.Account}}},
			{"another stage's function", "lambda:UpdateFunctionCode",
				arn("lambda", "function:SecureCart-Other-Api-Orders"), nil},
			{"a function's answer", "lambda:InvokeFunction", arn("lambda", "function:"+own+"-Api-Orders"), nil},
			{"another's secret", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:payroll-AbCdEf"), nil},
			{"another stage's clients", "ssm:PutParameter", arn("ssm", "parameter/securecart/other/clients"), nil},
			{"another stage's anomaly monitor as its own", "ce:TagResource",
				"arn:aws:ce::" + d.config.Account + ":anomalymonitor/1",
				map[string][]string{"aws:RequestTag/stage": {d.config.Name}, "aws:ResourceTag/stage": {"Other"}}},
			{"another stack", "cloudformation:UpdateStack", arn("cloudformation", "stack/SecureCart-Other-Api/1"), nil},
		} {
			if allowed(t, policies, iam.Request{Action: attempt.action, Resource: attempt.resource, Context: attempt.context}) {
				t.Errorf("%s: %s on %s is allowed", attempt.what, attempt.action, attempt.resource)
			}
		}
	})
}

// TestABoundaryAllowsAllGrantsOfItsStage evaluates the boundary for every granted action of a role, on its resource.
func TestABoundaryAllowsAllGrantsOfItsStage(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		boundary, asked := d.policies(t, "-Boundary"), 0
		for _, stack := range d.Stacks {
			for id, r := range stack.Template.Resources {
				var documents []any
				switch r.Type {
				case "AWS::IAM::Role":
					text, _ := d.Text(stack, r.Properties["PermissionsBoundary"])
					if got := strings.ReplaceAll(text, "${AWS::Partition}", "aws"); got != d.boundaryARN() {
						t.Errorf("%s/%s has the boundary %q, want %s: it could be given anything", stack.Name, id, got, d.boundaryARN())
					}
					inline, _ := r.Properties["Policies"].([]any)
					for _, policy := range inline {
						documents = append(documents, policy.(map[string]any)["PolicyDocument"])
					}
				case "AWS::IAM::Policy":
					documents = append(documents, r.Properties["PolicyDocument"])
				}
				for _, request := range d.granted(t, stack, documents) {
					asked++
					if !allowed(t, boundary, request) {
						t.Errorf("%s/%s: the boundary refuses %s on %s", stack.Name, id, request.Action, request.Resource)
					}
				}
			}
		}
		if asked < 60 {
			t.Errorf("asked for %d actions only", asked)
		}
		for _, action := range []string{
			"iam:CreateRole", "sts:AssumeRole", "cloudformation:CreateStack", "lambda:UpdateFunctionCode",
		} {
			if allowed(t, boundary, iam.Request{Action: action, Resource: "*"}) {
				t.Errorf("the boundary allows %s: code of the stage could give itself more", action)
			}
		}
	})
}

// placeholder is the form in which assembly.Synthesized.Text writes a reference: stack, logical id, attribute.
var placeholder = regexp.MustCompile(`\$\{(\w+)\.(\w+)(\.Arn)?\}`)

// granted are the requests that the statements of documents allow.
func (d delivered) granted(t *testing.T, stack assembly.Stack, documents []any) []iam.Request {
	t.Helper()
	var requests []iam.Request
	list := func(value any) []any {
		if several, ok := value.([]any); ok {
			return several
		}
		return []any{value}
	}
	for _, document := range documents {
		for _, statement := range list(document.(map[string]any)["Statement"]) {
			s := statement.(map[string]any)
			for _, resource := range list(s["Resource"]) {
				text, err := d.Text(stack, resource)
				if err != nil {
					t.Fatal(err)
				}
				if text != "*" {
					text = strings.ReplaceAll(placeholder.ReplaceAllStringFunc(text, d.physical), "*", "x")
				}
				for _, action := range list(s["Action"]) {
					requests = append(requests, iam.Request{
						Action: fmt.Sprint(action), Resource: text, Context: map[string][]string{
							"aws:ResourceTag/stage": {d.config.Name}, "aws:ResourceAccount": {d.config.Account},
						},
					})
				}
			}
		}
	}
	return requests
}

// physical is the ARN or the name of a placeholder's resource.
func (d delivered) physical(reference string) string {
	match := placeholder.FindStringSubmatch(reference)
	stack, _ := d.Stack(match[1])
	name := stack.Name + "-" + match[2] + "-A1B2"
	for id, r := range stack.Template.Resources {
		if id != match[2] && id[:max(0, len(id)-8)] != match[2] {
			continue
		}
		service := map[string]string{
			"AWS::DynamoDB::Table": "dynamodb:table/", "AWS::S3::Bucket": "s3", "AWS::KMS::Key": "kms:key/",
			"AWS::Cognito::UserPool": "cognito-idp:userpool/", "AWS::Logs::LogGroup": "logs:log-group:",
			"AWS::SQS::Queue": "sqs:",
		}[r.Type]
		kind, prefix, _ := strings.Cut(service, ":")
		if r.Type == "AWS::SNS::Topic" { // a reference to a topic is its ARN
			return fmt.Sprintf("arn:aws:sns:%s:%s:%s", d.config.Region, d.config.Account, name)
		}
		switch {
		case kind == "s3":
			return "arn:aws:s3:::" + strings.ToLower(name)
		case kind != "" && match[3] != "":
			return fmt.Sprintf("arn:aws:%s:%s:%s:%s%s", kind, d.config.Region, d.config.Account, prefix, name)
		}
	}
	return name
}
