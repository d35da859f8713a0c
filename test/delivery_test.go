package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/iam"
)

// delivered is a stage that a pipeline deploys, with what the pipeline's own stack says.
type delivered struct {
	assembly.Synthesized
	config config.Stage
	own    assembly.Stack
}

// eachDelivered runs check for every stage and variant that has a pipeline.
func eachDelivered(t *testing.T, check func(t *testing.T, d delivered)) {
	t.Helper()
	met := 0
	for _, cfg := range append(config.Stages(), variants()...) {
		own := pipelinesOwn(cfg)
		if (len(own) == 1) != cfg.Delivery.Pipeline() {
			t.Errorf("%s: has a pipeline: %v; has a stack for it: %v", cfg.ID(), cfg.Delivery.Pipeline(), len(own) == 1)
		}
		if len(own) != 1 {
			continue
		}
		met++
		stage, _ := synthesized().Stage(cfg.ID())
		t.Run(cfg.Name, func(t *testing.T) { check(t, delivered{stage, cfg, own[0]}) })
	}
	if met == 0 {
		t.Fatal("no stage has a pipeline: nothing was checked")
	}
}

// policies returns the managed policies whose names end in one of the suffixes.
func (d delivered) policies(t *testing.T, suffixes ...string) []iam.Policy {
	t.Helper()
	var found []iam.Policy
	for _, r := range d.own.Template.OfType("AWS::IAM::ManagedPolicy") {
		name := fmt.Sprint(r.Properties["ManagedPolicyName"])
		if !slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) }) {
			continue
		}
		found = append(found, iam.Policy{Name: name, Document: parse(t, name, r.Properties["PolicyDocument"])})
	}
	if len(found) != len(suffixes) {
		t.Fatalf("found %d policies for %v", len(found), suffixes)
	}
	return found
}

// execution are the policies of CloudFormation.
func (d delivered) execution(t *testing.T) []iam.Policy {
	t.Helper()
	return d.policies(t, "-Users", "-Data", "-Functions", "-Api")
}

func parse(t *testing.T, name string, document any) *iam.Document {
	t.Helper()
	parsed, err := iam.ParseValue(document)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return parsed
}

// allowed reports whether policies of one kind allow a request.
func allowed(t *testing.T, policies []iam.Policy, r iam.Request) bool {
	t.Helper()
	decision, err := iam.Evaluate(policies, r)
	if err != nil {
		t.Fatalf("%s on %s: %v", r.Action, r.Resource, err)
	}
	return decision.Outcome == iam.Allowed
}

// notUsed are actions that CloudFormation's handlers name for what no stage has. Each needs a reason: an action that is
// left out by mistake fails the deploy.
var notUsed = map[string]*regexp.Regexp{
	"no resource of these services is in a stage": regexp.MustCompile(`^(amplify|apprunner|appsync|bedrock-agentcore|` +
		`ec2|elasticloadbalancing|elasticfilesystem|s3files|kinesis|firehose|s3tables|cognito-sync):`),
	"no table is imported, replicated, streamed or has a resource policy": regexp.MustCompile(`^dynamodb:(Associate.*|` +
		`BatchWriteItem|.*Replica|(Put|Get|Update|Delete)Item|Query|Scan|.*Import.*|.*able(Kinesis).*|` +
		`UpdateKinesis.*|(Put|Delete)ResourcePolicy)$`),
	"no bucket has this": regexp.MustCompile(`^s3:(PutObject|PutObjectAcl|DeleteObject|GetObjectMetadata|` +
		`.*(Accelerate|Analytics|Inventory|IntelligentTiering|Website|Replication|Notification|Metrics|Abac|` +
		`MetadataTable|Metadata.*Table).*|PutBucketAcl|PutObjectLockConfiguration|DeleteBucket(Cors|Encryption|` +
		`Lifecycle|Logging)|REST\.PUT\.OBJECT)$`),
	"no log group has this": regexp.MustCompile(`^logs:(PutBearer.*|.*(DataProtectionPolicy|IndexPolic)[a-z]*|` +
		`PutLogGroupDeletionProtection|DeleteResourcePolicy|(Create|Put)Log(Stream|Events)|DescribeLogStreams)$`),
	"no function has this": regexp.MustCompile(`^lambda:(GetCodeSigningConfig|(Put|Delete)FunctionCodeSigningConfig|` +
		`GetLayerVersion|PassCapacityProvider|PublishVersion|PutFunctionScalingConfig)$`),
	"roles only, and their boundary is never taken away": regexp.MustCompile(`^iam:(.*(User|Group).*|` +
		`DeleteRolePermissionsBoundary|DescribeOrganization)$`),
	"no topic has a data protection policy":  regexp.MustCompile(`^sns:PutDataProtectionPolicy$`),
	"keys encrypt nothing else":              regexp.MustCompile(`^kms:(GenerateDataKeyWithoutPlaintext|ReEncrypt.*)$`),
	"web ACLs belong to the account":         regexp.MustCompile(`^wafv2:(Get|Put)PermissionPolicy$`),
	"cloudfront has no action in lower case": regexp.MustCompile(`^cloudfront:updateDistribution$`),
}

func unused(action string) bool {
	for _, pattern := range notUsed {
		if pattern.MatchString(action) {
			return true
		}
	}
	return false
}

// TestCloudFormationCanMakeEveryResourceOfADeliveredStage asks the policies for every action that the handlers of every
// resource's type name, on that resource as it will be called and tagged.
func TestCloudFormationCanMakeEveryResourceOfADeliveredStage(t *testing.T) {
	handlers := handlerPermissions(t)
	eachDelivered(t, func(t *testing.T, d delivered) {
		policies, asked := d.execution(t), 0
		for _, stack := range d.Stacks {
			for id, r := range stack.Template.Resources {
				actions, known := handlers[r.Type]
				if !known {
					t.Errorf("%s/%s: testdata/handlers.json does not say what %s needs", stack.Name, id, r.Type)
				}
				for _, action := range actions {
					if unused(action) || r.Type == "AWS::Cognito::UserPoolClient" && strings.HasPrefix(action, "iam:") {
						continue // The roles of a client are those of Pinpoint's analytics, which no client has.
					}
					asked++
					request := d.request(action, stack, id, r)
					if !allowed(t, policies, request) {
						t.Errorf("%s/%s (%s): %s on %s with %v is refused: the deploy would fail",
							stack.Name, id, r.Type, action, request.Resource, request.Context)
					}
				}
			}
		}
		if asked < 1000 {
			t.Errorf("asked for %d actions only", asked)
		}
	})
}

func handlerPermissions(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/handlers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Types map[string][]string }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	return file.Types
}

// request is an action of a handler on the resource, or on what the action is about: a function's role is passed, its
// code read.
func (d delivered) request(action string, stack assembly.Stack, id string, r assembly.Resource) iam.Request {
	service, name, _ := strings.Cut(action, ":")
	generated := stack.Name + "-" + id[:min(len(id), 20)] + "-A1B2C3D4E5F6"
	arn := func(resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", strings.ToLower(service), d.config.Region, d.config.Account, resource)
	}
	context := map[string][]string{}
	tags := func(key string) {
		if tag := stageTag(r); tag != "" {
			context[key] = []string{tag}
		}
	}
	request := iam.Request{Action: action, Context: context}
	switch service {
	case "iam":
		request.Resource = d.role(r, generated)
		if boundary, ok := r.Properties["PermissionsBoundary"]; ok {
			text, _ := d.Text(stack, boundary)
			context["iam:PermissionsBoundary"] = []string{strings.ReplaceAll(text, "${AWS::Partition}", "aws")}
		} else if r.Type == "AWS::IAM::Policy" {
			context["iam:PermissionsBoundary"] = []string{d.boundaryARN()}
		}
		if name == "CreateServiceLinkedRole" {
			by := map[string]string{"WAFv2": "wafv2", "DynamoDB": "dynamodb", "Cognito": "email.cognito-idp"}
			of := by[strings.Split(r.Type, "::")[1]] + ".amazonaws.com"
			request.Resource = "arn:aws:iam::" + d.config.Account + ":role/aws-service-role/" + of + "/AWSServiceRoleForIt"
			context["iam:AWSServiceName"] = []string{of}
		}
	case "s3", "S3":
		request.Resource = "arn:aws:s3:::" + strings.ToLower(generated)
		if strings.HasPrefix(name, "GetObject") {
			request.Resource = fmt.Sprintf("arn:aws:s3:::cdk-%s-assets-%s-%s/0a1b.zip", d.config.Delivery.Qualifier,
				d.config.Account, d.config.Region)
		}
		context["aws:ResourceAccount"] = []string{d.config.Account}
	case "cognito-idp", "cognito-identity", "kms", "wafv2", "apigateway":
		request.Resource = d.tagged(service, name, r, arn)
		made := strings.HasPrefix(name, "Create") && name != "CreateGrant" && stageTag(r) != "" || name == "TagResource" ||
			request.Resource == "arn:aws:apigateway:"+d.config.Region+"::/restapis"
		if made {
			tags("aws:RequestTag/stage")
		} else {
			context["aws:ResourceTag/stage"] = []string{d.config.Name}
		}
	default:
		request.Resource = arn(map[string]string{
			"dynamodb": "table/", "lambda": "function:", "events": "rule/", "cloudwatch": "alarm:", "sns": "",
			"logs": "log-group:", "ssm": "parameter",
		}[service] + d.named(stack, r, generated))
	}
	return request
}

// stageTag is the value of a resource's tag stage, in whichever of the forms its type has.
func stageTag(r assembly.Resource) string {
	for property, value := range r.Properties {
		if !strings.HasSuffix(property, "Tags") || property == "PrincipalTags" {
			continue
		}
		switch tags := value.(type) {
		case map[string]any:
			return fmt.Sprint(tags["stage"])
		case []any:
			for _, tag := range tags {
				if pair := tag.(map[string]any); pair["Key"] == "stage" {
					return fmt.Sprint(pair["Value"])
				}
			}
		}
	}
	return ""
}

func (d delivered) boundaryARN() string {
	return "arn:aws:iam::" + d.config.Account + ":policy/SecureCart-Delivery-" + d.config.Name + "-Boundary"
}

func (d delivered) role(r assembly.Resource, generated string) string {
	name := generated
	if given, ok := r.Properties["RoleName"].(string); ok {
		name = given
	}
	return "arn:aws:iam::" + d.config.Account + ":role/" + name
}

// named is the resource's name, which CloudFormation chooses unless the template does.
func (d delivered) named(stack assembly.Stack, r assembly.Resource, generated string) string {
	for _, property := range []string{"LogGroupName", "TableName", "FunctionName", "Name", "TopicName", "AlarmName"} {
		value, given := r.Properties[property]
		if !given || r.Type == "AWS::Lambda::Permission" {
			continue
		}
		if text, err := d.Text(stack, value); err == nil && !strings.HasPrefix(text, "${") {
			return text
		}
	}
	return generated
}

// tagged is the ARN of a resource whose id AWS chooses.
func (d delivered) tagged(service, name string, r assembly.Resource, arn func(string) string) string {
	switch service {
	case "cognito-idp":
		if name == "CreateUserPool" || name == "DescribeUserPoolDomain" {
			return "*"
		}
		return arn("userpool/" + d.config.Region + "_AbCdEfGhI")
	case "cognito-identity":
		if name == "CreateIdentityPool" {
			return "*"
		}
		return arn("identitypool/" + d.config.Region + ":00000000-0000-0000-0000-000000000000")
	case "kms":
		if name == "CreateKey" || name == "ListAliases" {
			return "*"
		}
		return arn("key/00000000-0000-0000-0000-000000000000")
	case "wafv2":
		return arn("regional/webacl/Acl-A1B2/00000000-0000-0000-0000-000000000000")
	}
	apis := "arn:aws:apigateway:" + d.config.Region + "::"
	switch {
	case r.Type == "AWS::ApiGateway::Account":
		return apis + "/account"
	case r.Type == "AWS::ApiGateway::RestApi" && name == "POST":
		return apis + "/restapis"
	}
	return apis + "/restapis/a1b2c3d4e5/stages/v1"
}

// TestCloudFormationReachesNothingOutsideItsStage asks for what would give a pipeline more than its stage: another
// stage's resources, roles without the boundary, the pipeline's own bounds, and what customers have written.
func TestCloudFormationReachesNothingOutsideItsStage(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		policies, own := d.execution(t), "SecureCart-"+d.config.Name
		arn := func(service, resource string) string {
			return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, d.config.Region, d.config.Account, resource)
		}
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
			{"its bootstrap's role", "iam:PutRolePolicy",
				role("cdk-" + d.config.Delivery.Qualifier + "-cfn-exec-role-" + d.config.Account + "-" + d.config.Region), bounded},
			{"a user", "iam:CreateUser", "arn:aws:iam::" + d.config.Account + ":user/x", nil},
			{"a key for a user", "iam:CreateAccessKey", "arn:aws:iam::" + d.config.Account + ":user/x", nil},
			{"another role's session", "sts:AssumeRole", role("Admin"), nil},
			{"another stage's pool", "cognito-idp:UpdateUserPool", arn("cognito-idp", "userpool/x_1"), other},
			{"a pool without a tag", "cognito-idp:DeleteUserPool", arn("cognito-idp", "userpool/x_1"), nil},
			{"another stage's pool as its own", "cognito-idp:TagResource", arn("cognito-idp", "userpool/x_1"),
				map[string][]string{"aws:RequestTag/stage": {d.config.Name}, "aws:ResourceTag/stage": {"Other"}}},
			{"a pool for another stage", "cognito-idp:CreateUserPool", "*", map[string][]string{"aws:RequestTag/stage": {"Other"}}},
			{"customers' passwords", "cognito-idp:AdminSetUserPassword", arn("cognito-idp", "userpool/x_1"), mine},
			{"customers' names", "cognito-idp:ListUsers", arn("cognito-idp", "userpool/x_1"), mine},
			{"another stage's key", "kms:Decrypt", arn("kms", "key/1"), other},
			{"a key without a tag", "kms:PutKeyPolicy", arn("kms", "key/1"), nil},
			{"another stage's API", "apigateway:PATCH", "arn:aws:apigateway:" + d.config.Region + "::/restapis/a", other},
			{"another stage's web ACL", "wafv2:DeleteWebACL", arn("wafv2", "regional/webacl/a/1"), other},
			{"another stage's table", "dynamodb:DeleteTable", arn("dynamodb", "table/SecureCart-Other-Data-Orders"), nil},
			{"customers' orders", "dynamodb:GetItem", arn("dynamodb", "table/"+own+"-Data-Orders"), nil},
			{"a copy of customers' orders", "dynamodb:ExportTableToPointInTime", arn("dynamodb", "table/"+own+"-Data-Orders"), nil},
			{"another stage's bucket", "s3:PutBucketPolicy", "arn:aws:s3:::securecart-other-data-media",
				map[string][]string{"aws:ResourceAccount": {d.config.Account}}},
			{"a bucket of another account", "s3:PutBucketPolicy", "arn:aws:s3:::" + strings.ToLower(own) + "-data-media",
				map[string][]string{"aws:ResourceAccount": {"999999999999"}}},
			{"customers' documents", "s3:GetObject", "arn:aws:s3:::" + strings.ToLower(own) + "-data-documents/customers/1/a",
				map[string][]string{"aws:ResourceAccount": {d.config.Account}}},
			{"another stage's function", "lambda:UpdateFunctionCode", arn("lambda", "function:SecureCart-Other-Api-Orders"), nil},
			{"a function's answer", "lambda:InvokeFunction", arn("lambda", "function:"+own+"-Api-Orders"), nil},
			{"another's secret", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:payroll-AbCdEf"), nil},
			{"another stage's clients", "ssm:PutParameter", arn("ssm", "parameter/securecart/other/clients"), nil},
			{"another stack", "cloudformation:UpdateStack", arn("cloudformation", "stack/SecureCart-Other-Api/1"), nil},
		} {
			if allowed(t, policies, iam.Request{Action: attempt.action, Resource: attempt.resource, Context: attempt.context}) {
				t.Errorf("%s: %s on %s is allowed", attempt.what, attempt.action, attempt.resource)
			}
		}
	})
}

// TestABoundaryTakesNothingFromTheRolesOfItsStage asks the boundary for every action that a role is granted, on the
// resource that it is granted on.
func TestABoundaryTakesNothingFromTheRolesOfItsStage(t *testing.T) {
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
		for _, action := range []string{"iam:CreateRole", "sts:AssumeRole", "cloudformation:CreateStack", "lambda:UpdateFunctionCode"} {
			if allowed(t, boundary, iam.Request{Action: action, Resource: "*"}) {
				t.Errorf("the boundary allows %s: code of the stage could give itself more", action)
			}
		}
	})
}

// placeholder is what assembly.Synthesized.Text writes of a reference: stack, logical id, attribute.
var placeholder = regexp.MustCompile(`\$\{(\w+)\.(\w+)(\.Arn)?\}`)

// granted are the requests that the statements of documents are about.
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

// physical is the ARN or the name of what a placeholder refers to.
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
		}[r.Type]
		kind, prefix, _ := strings.Cut(service, ":")
		switch {
		case kind == "s3":
			return "arn:aws:s3:::" + strings.ToLower(name)
		case kind != "" && match[3] != "":
			return fmt.Sprintf("arn:aws:%s:%s:%s:%s%s", kind, d.config.Region, d.config.Account, prefix, name)
		}
	}
	return name
}

// TestAPipelineIsOneWorkflowOfOneRepository tries GitHub's tokens against the trust of both roles.
func TestAPipelineIsOneWorkflowOfOneRepository(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		roles := d.own.Template.OfType("AWS::IAM::Role")
		if want := map[bool]int{true: 2, false: 3}[d.config.Purpose == config.Production]; len(roles) != want {
			t.Fatalf("found %d roles, want Deploy and Review, and Verify where there are no customers", len(roles))
		}
		name, tag := d.config.Name, "refs/tags/v1.2.3"
		token := func(changes ...string) map[string][]string {
			claims := map[string]string{
				"aud": "sts.amazonaws.com", "sub": "repo:securecart/identity:environment:" + name, "environment": name,
				"repository_id": d.config.Delivery.RepositoryID, "ref": tag,
				"job_workflow_ref": "securecart/identity/.github/workflows/stage.yml@" + tag,
			}
			for i := 0; i < len(changes); i += 2 {
				claims[changes[i]] = changes[i+1]
			}
			context := map[string][]string{}
			for claim, value := range claims {
				context["token.actions.githubusercontent.com:"+claim] = []string{value}
			}
			return context
		}
		const workflow = "securecart/identity/.github/workflows/"
		review := []string{"environment", name + "-review", "sub", "repo:securecart/identity:environment:" + name + "-review"}
		for _, c := range []struct {
			what           string
			token          map[string][]string
			deploy, review bool
		}{
			{"the workflow of a tag", token(), true, false},
			{"a repository whose subject has numbers", token("sub", "repo:securecart@1/identity@1:environment:"+name), true, false},
			{"a branch", token("job_workflow_ref", workflow+"stage.yml@refs/heads/main", "ref", "refs/heads/main"), false, false},
			{"a branch that calls the workflow of a tag", token("ref", "refs/heads/attack"), false, false},
			{"a tag that calls the workflow of a branch", token("job_workflow_ref", workflow+"stage.yml@refs/heads/attack"), false, false},
			{"a pull request that changes the workflow", token("job_workflow_ref", workflow+"stage.yml@refs/pull/7/merge"), false, false},
			{"another workflow", token("job_workflow_ref", workflow+"ci.yml@"+tag), false, false},
			{"the environment of another stage", token("environment", "Other", "sub", "repo:securecart/identity:environment:Other"), false, false},
			{"a job without an environment", token("environment", "", "sub", "repo:securecart/identity:ref:"+tag), false, false},
			{"the name in another's hands", token("repository_id", "666"), false, false},
			{"another repository", token("sub", "repo:attacker/identity:environment:"+name), false, false},
			{"another audience", token("aud", "https://github.com/securecart"), false, false},
			{"a review", token(review...), false, true},
			{"a review of a pull request", token(append(review, "job_workflow_ref", workflow+"stage.yml@refs/pull/7/merge")...), false, true},
			{"the search for drift", token(append(review, "job_workflow_ref", workflow+"stage.yml@refs/heads/main")...), false, true},
			{"a review by another's repository", token(append(review, "repository_id", "666")...), false, false},
		} {
			for _, r := range roles {
				want := c.review
				if !strings.HasSuffix(fmt.Sprint(r.Properties["RoleName"]), "-Review") {
					want = c.deploy
				}
				trust := iam.Policy{Name: "trust", Document: parse(t, "trust", r.Properties["AssumeRolePolicyDocument"])}
				got := allowed(t, []iam.Policy{trust}, iam.Request{
					Action: "sts:AssumeRoleWithWebIdentity", Resource: "arn:aws:iam::" + d.config.Account + ":role/x",
					Principal: iam.Principal{
						Type: iam.Federated,
						ID:   "arn:aws:iam::" + d.config.Account + ":oidc-provider/token.actions.githubusercontent.com",
					},
					Context: c.token,
				})
				if got != want {
					t.Errorf("%s: %v may be assumed: %v, want %v", c.what, r.Properties["RoleName"], got, want)
				}
			}
		}
	})
}

// TestAPipelinesStackNeedsNoBucket: the CDK CLI hands a template over in the request up to 50 KiB, as YAML, which is a
// quarter longer than JSON without spaces. A longer one wants a bucket of a bootstrap that is not there yet.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func TestAPipelinesStackNeedsNoBucket(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		var compact bytes.Buffer
		if err := json.Compact(&compact, d.own.JSON); err != nil {
			t.Fatal(err)
		}
		if got := compact.Len(); got > 38_000 {
			t.Errorf("%s has %d bytes without spaces, want at most 38000", d.own.Name, got)
		}
		for id, r := range d.own.Template.OfType("AWS::IAM::ManagedPolicy") {
			policy, err := json.Marshal(r.Properties["PolicyDocument"])
			if err != nil || len(policy) > 6144 {
				t.Errorf("%s has %d characters (%v): IAM takes 6144", id, len(policy), err)
			}
		}
	})
}
