package test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/test/threats"
)

func TestEveryStageHasTheListedStacksInOrder(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		prefix := "SecureCart-" + in.Config.Name + "-"
		needs := map[string][]string{}
		for i, stack := range in.Stacks {
			needs[stack.Name] = slices.Sorted(slices.Values(stack.DependsOn))
			if stack.TerminationProtection != in.Config.Protection.TerminationProtection {
				in.Fail(stack.ID, "has termination protection: %v", stack.TerminationProtection)
			}
			for _, before := range stack.DependsOn {
				if !slices.ContainsFunc(in.Stacks[:i], func(earlier assembly.Stack) bool { return earlier.Name == before }) {
					in.Fail(stack.ID, "is deployed before %s, which it needs", before)
				}
			}
		}
		expected := map[string][]string{
			prefix + "UserPool":          nil,
			prefix + "IdentityProviders": {prefix + "UserPool"},
			prefix + "Data":              nil,
			prefix + "Api":               {prefix + "Data", prefix + "UserPool"},
			prefix + "IdentityPool":      {prefix + "Api", prefix + "Data", prefix + "IdentityProviders", prefix + "UserPool"},
			prefix + "Operations": {
				prefix + "Api", prefix + "Data", prefix + "IdentityPool", prefix + "IdentityProviders", prefix + "UserPool",
			},
		}
		if diff := cmp.Diff(expected, needs); diff != "" {
			in.Fail(in.ID, "has other stacks, or they need others (-want +got)\n%s", diff)
		}
	})
}

// supported reports whether the stage has a support desk.
func supported(in *threats.Inspection) bool {
	return len(in.Config.Support.Agents)+len(in.Config.Support.PrivacyOfficers) > 0
}

func TestEveryReferenceBetweenStacksResolves(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		imports := 0
		for i, stack := range in.Stacks {
			exported := map[string]bool{}
			for _, earlier := range in.Stacks[:i] {
				if slices.Contains(stack.DependsOn, earlier.Name) {
					for _, output := range earlier.Template.Outputs {
						exported[output.Export.Name] = true
					}
				}
			}
			for _, r := range stack.Template.Resources {
				walk(r.Properties, func(value any) {
					if call, ok := value.(map[string]any); ok && call["Fn::ImportValue"] != nil {
						imports++
						if name, _ := call["Fn::ImportValue"].(string); !exported[name] {
							in.Fail(stack.ID, "imports %v, which no stack that it depends on exports", name)
						}
					}
				})
			}
		}
		if imports == 0 {
			in.Fail(in.ID, "has no import: this test would prove nothing")
		}
	})
}

// walk calls visit with value and everything inside it.
func walk(value any, visit func(any)) {
	visit(value)
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	}
}

// tagged is the property for tags of every type in use; empty for types without tags (CloudFormation's resource type
// reference). A type that is missing here fails the test until it is looked up.
var tagged = map[string]string{
	"AWS::Cognito::UserPool":                                "UserPoolTags",
	"AWS::Cognito::IdentityPool":                            "IdentityPoolTags",
	"AWS::Cognito::UserPoolClient":                          "",
	"AWS::Cognito::UserPoolDomain":                          "",
	"AWS::Cognito::UserPoolIdentityProvider":                "",
	"AWS::Cognito::UserPoolResourceServer":                  "",
	"AWS::Cognito::UserPoolRiskConfigurationAttachment":     "",
	"AWS::Cognito::LogDeliveryConfiguration":                "",
	"AWS::Cognito::ManagedLoginBranding":                    "",
	"AWS::Cognito::IdentityPoolPrincipalTag":                "",
	"AWS::Cognito::IdentityPoolRoleAttachment":              "",
	"AWS::IAM::Role":                                        "Tags",
	"AWS::IAM::Policy":                                      "",
	"AWS::KMS::Key":                                         "Tags",
	"AWS::DynamoDB::Table":                                  "Tags",
	"AWS::S3::Bucket":                                       "Tags",
	"AWS::S3::BucketPolicy":                                 "",
	"AWS::Logs::LogGroup":                                   "Tags",
	"AWS::Lambda::Function":                                 "Tags",
	"AWS::Lambda::Permission":                               "",
	"AWS::ApiGateway::RestApi":                              "Tags",
	"AWS::ApiGateway::Stage":                                "Tags",
	"AWS::ApiGateway::Account":                              "",
	"AWS::ApiGateway::Authorizer":                           "",
	"AWS::ApiGateway::Deployment":                           "",
	"AWS::ApiGateway::GatewayResponse":                      "",
	"AWS::ApiGateway::Method":                               "",
	"AWS::ApiGateway::Model":                                "",
	"AWS::SSM::Parameter":                                   "Tags",
	"AWS::ApiGateway::RequestValidator":                     "",
	"AWS::ApiGateway::Resource":                             "",
	"AWS::CloudWatch::Alarm":                                "Tags",
	"AWS::CloudWatch::CompositeAlarm":                       "Tags",
	"AWS::CloudWatch::Dashboard":                            "Tags",
	"AWS::Logs::QueryDefinition":                            "",
	"AWS::Budgets::Budget":                                  "ResourceTags",
	"AWS::CE::AnomalyMonitor":                               "ResourceTags",
	"AWS::CE::AnomalySubscription":                          "ResourceTags",
	"AWS::Events::Rule":                                     "Tags",
	"AWS::Logs::MetricFilter":                               "",
	"AWS::Logs::SubscriptionFilter":                         "",
	"AWS::SNS::Topic":                                       "Tags",
	"AWS::SNS::TopicPolicy":                                 "",
	"AWS::SNS::Subscription":                                "",
	"AWS::SQS::Queue":                                       "Tags",
	"AWS::SQS::QueuePolicy":                                 "",
	"AWS::Cognito::UserPoolReplica":                         "UserPoolTagsAtCreate",
	"AWS::Cognito::UserPoolRegionalConfigurationAttachment": "UserPoolTags",
	"AWS::KMS::ReplicaKey":                                  "Tags",
	"AWS::WAFv2::WebACL":                                    "Tags",
	"AWS::WAFv2::WebACLAssociation":                         "",
	"AWS::WAFv2::LoggingConfiguration":                      "",
}

func TestEverythingThatTakesTagsIsTagged(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		for _, stack := range in.Stacks {
			for where, text := range otherTags(stack, tagsFor(in.Config, stack.ID)) {
				in.Fail(where, "%s", text)
			}
		}
	})
}

// tagsFor are the tags of a stack, without which its cost has no owner.
func tagsFor(cfg config.Stage, stack string) map[string]any {
	return map[string]any{"app": "securecart", "stage": cfg.Name, "stack": stack}
}

// otherTags say where the stack or a part of it has other tags.
func otherTags(stack assembly.Stack, want map[string]any) map[string]string {
	other := map[string]string{}
	compare := func(where string, got map[string]any) {
		if diff := cmp.Diff(want, got); diff != "" {
			other[where] = "has other tags (-want +got)\n" + diff
		}
	}
	got := map[string]any{}
	for name, value := range stack.Tags {
		got[name] = value
	}
	compare(stack.ID, got)
	for id, r := range stack.Template.Resources {
		property, known := tagged[r.Type]
		if !known {
			other[stack.ID+"/"+id] = "is a " + r.Type + ": look up whether that takes tags, and add it to tagged"
		}
		if property != "" {
			compare(stack.ID+"/"+id, tagsOf(r.Properties[property]))
		}
	}
	return other
}

// tagsOf reads tags in either of CloudFormation's two forms.
func tagsOf(property any) map[string]any {
	if byName, ok := property.(map[string]any); ok {
		return byName
	}
	tags := map[string]any{}
	pairs, _ := property.([]any)
	for _, pair := range pairs {
		tag := pair.(map[string]any)
		tags[tag["Key"].(string)] = tag["Value"]
	}
	return tags
}
