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

// delivered is a stage that a pipeline deploys, with the pipeline's own stack.
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

// arn is the ARN of a resource in the stage's account and Region.
func (d delivered) arn(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, d.config.Region, d.config.Account, resource)
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

// notUsed are actions of CloudFormation's handlers for features that no stage uses. Each needs a reason: an action that
// is missing by mistake makes the deploy fail.
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

// TestCloudFormationCanMakeEveryResourceOfADeliveredStage evaluates the policies for every action of the handlers of
// every resource's type, on that resource with its future name and tags.
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

// TestAPipelinesStackNeedsNoBucket: the CDK CLI sends a template of up to 50 KiB in the request, as YAML. By
// cdk synth, that is 1.4 times as long as JSON without spaces. A longer one needs the bucket of a bootstrap, which
// does not exist yet.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
func TestAPipelinesStackNeedsNoBucket(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		var compact bytes.Buffer
		if err := json.Compact(&compact, d.own.JSON); err != nil {
			t.Fatal(err)
		}
		if got := compact.Len(); got > 36_000 {
			t.Errorf("%s has %d bytes without spaces, want at most 36000", d.own.Name, got)
		}
		for id, r := range d.own.Template.OfType("AWS::IAM::ManagedPolicy") {
			policy, err := json.Marshal(r.Properties["PolicyDocument"])
			if err != nil || len(policy) > 6144 {
				t.Errorf("%s has %d characters (%v): IAM takes 6144", id, len(policy), err)
			}
		}
	})
}
