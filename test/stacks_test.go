package test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

func TestEveryStageHasTheListedStacksInOrder(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		prefix := "SecureCart-" + s.config.Name + "-"
		needs := map[string][]string{}
		for i, stack := range s.Stacks {
			needs[stack.Name] = slices.Sorted(slices.Values(stack.DependsOn))
			if stack.TerminationProtection != s.config.Protection.TerminationProtection {
				t.Errorf("%s: termination protection %v", stack.Name, stack.TerminationProtection)
			}
			for _, before := range stack.DependsOn {
				if !slices.ContainsFunc(s.Stacks[:i], func(earlier assembly.Stack) bool { return earlier.Name == before }) {
					t.Errorf("%s is deployed before %s, which it needs", stack.Name, before)
				}
			}
		}
		expected := map[string][]string{
			prefix + "UserPool":          nil,
			prefix + "IdentityProviders": {prefix + "UserPool"},
			prefix + "Data":              nil,
			prefix + "Api":               {prefix + "Data", prefix + "UserPool"},
			prefix + "IdentityPool":      {prefix + "Api", prefix + "Data", prefix + "IdentityProviders", prefix + "UserPool"},
		}
		if supported(s) {
			expected[prefix+"Operations"] = []string{prefix + "Data", prefix + "UserPool"}
		}
		if diff := cmp.Diff(expected, needs); diff != "" {
			t.Errorf("%s: stacks and what they need (-want +got)\n%s", s.ID, diff)
		}
	})
}

// supported says whether anybody may help the stage's customers.
func supported(s stageOf) bool {
	return len(s.config.Support.Agents)+len(s.config.Support.PrivacyOfficers) > 0
}

func TestEveryReferenceBetweenStacksResolves(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		imports := 0
		for i, stack := range s.Stacks {
			exported := map[string]bool{}
			for _, earlier := range s.Stacks[:i] {
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
							t.Errorf("%s imports %v, which no stack that it depends on exports", stack.Name, call["Fn::ImportValue"])
						}
					}
				})
			}
		}
		if imports == 0 {
			t.Errorf("%s has no import: this test would prove nothing", s.ID)
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

// outputs are the values that people and front ends look for, by stack.
var outputs = map[string][]string{
	"UserPool": {
		"AccountClientId", "FeaturePlan", "ManagedLoginUrl", "PasswordLength", "ProofsTable", "Region", "SecondFactors", "StepUpClientId",
		"UserPoolId",
	},
	"IdentityProviders": {"WebClientId"},
	"Data":              {"CustomersTable", "DocumentsBucket", "LinksTable", "MediaBucket", "OrdersTable", "ProductsTable"},
	"Api":               {"ApiUrl"},
	"IdentityPool":      {"IdentityPoolId"},
	"Operations":        {"PrivacyRoleArn", "SupportRoleArn"},
}

func TestEveryOutputForPeopleExistsAndIsDescribed(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		got := map[string][]string{}
		for _, stack := range s.Stacks {
			for _, name := range slices.Sorted(maps.Keys(stack.Template.Outputs)) {
				if output := stack.Template.Outputs[name]; output.Export.Name == "" {
					got[stack.ID] = append(got[stack.ID], name)
					if output.Description == "" {
						t.Errorf("%s: output %s has no description", stack.Name, name)
					}
				}
			}
		}
		expected := maps.Clone(outputs)
		if !supported(s) {
			delete(expected, "Operations")
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s: outputs (-want +got)\n%s", s.ID, diff)
		}
	})
}

// tagged says, for every type in use, under which property it takes tags; empty for types that take none
// (CloudFormation's resource type reference). A type that is missing here fails the test until somebody looks it up.
var tagged = map[string]string{
	"AWS::Cognito::UserPool":                            "UserPoolTags",
	"AWS::Cognito::IdentityPool":                        "IdentityPoolTags",
	"AWS::Cognito::UserPoolClient":                      "",
	"AWS::Cognito::UserPoolDomain":                      "",
	"AWS::Cognito::UserPoolIdentityProvider":            "",
	"AWS::Cognito::UserPoolResourceServer":              "",
	"AWS::Cognito::UserPoolRiskConfigurationAttachment": "",
	"AWS::Cognito::LogDeliveryConfiguration":            "",
	"AWS::Cognito::ManagedLoginBranding":                "",
	"AWS::Cognito::IdentityPoolPrincipalTag":            "",
	"AWS::Cognito::IdentityPoolRoleAttachment":          "",
	"AWS::IAM::Role":                                    "Tags",
	"AWS::IAM::Policy":                                  "",
	"AWS::KMS::Key":                                     "Tags",
	"AWS::DynamoDB::Table":                              "Tags",
	"AWS::S3::Bucket":                                   "Tags",
	"AWS::S3::BucketPolicy":                             "",
	"AWS::Logs::LogGroup":                               "Tags",
	"AWS::Lambda::Function":                             "Tags",
	"AWS::Lambda::Permission":                           "",
	"AWS::ApiGateway::RestApi":                          "Tags",
	"AWS::ApiGateway::Stage":                            "Tags",
	"AWS::ApiGateway::Account":                          "",
	"AWS::ApiGateway::Authorizer":                       "",
	"AWS::ApiGateway::Deployment":                       "",
	"AWS::ApiGateway::GatewayResponse":                  "",
	"AWS::ApiGateway::Method":                           "",
	"AWS::ApiGateway::Model":                            "",
	"AWS::SSM::Parameter":                               "Tags",
	"AWS::ApiGateway::RequestValidator":                 "",
	"AWS::ApiGateway::Resource":                         "",
	"AWS::CloudWatch::Alarm":                            "Tags",
	"AWS::Events::Rule":                                 "Tags",
	"AWS::SNS::Topic":                                   "Tags",
	"AWS::SNS::TopicPolicy":                             "",
	"AWS::SNS::Subscription":                            "",
	"AWS::WAFv2::WebACL":                                "Tags",
	"AWS::WAFv2::WebACLAssociation":                     "",
	"AWS::WAFv2::LoggingConfiguration":                  "",
}

func TestEverythingThatTakesTagsIsTagged(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, stack := range s.Stacks {
			if diff := cmp.Diff(map[string]string{"app": "securecart", "stage": s.config.Name, "stack": stack.ID}, stack.Tags); diff != "" {
				t.Errorf("%s: tags (-want +got): its cost has no owner\n%s", stack.Name, diff)
			}
			for id, r := range stack.Template.Resources {
				property, known := tagged[r.Type]
				if !known {
					t.Errorf("%s/%s: look up whether %s takes tags and add it to tagged", stack.Name, id, r.Type)
				}
				if property == "" {
					continue
				}
				got := tagsOf(r.Properties[property])
				if diff := cmp.Diff(map[string]any{"app": "securecart", "stage": s.config.Name, "stack": stack.ID}, got); diff != "" {
					t.Errorf("%s/%s: tags (-want +got): its cost has no owner\n%s", stack.Name, id, diff)
				}
			}
		}
	})
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

// stateful are the types whose loss cannot be undone by deploying again.
var stateful = []string{
	"AWS::Cognito::UserPool", "AWS::Cognito::IdentityPool", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Logs::LogGroup",
}

func TestWhatHoldsSomethingOutlivesItsStackWhereTheStageSaysSo(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		// RetainExceptOnCreate keeps everything but what a failed creation leaves behind.
		deletion, replacement := "Delete", "Delete"
		if s.config.Protection.Retain {
			deletion, replacement = "RetainExceptOnCreate", "Retain"
		} else if s.config.Purpose == config.Production {
			t.Errorf("%s would lose its customers", s.ID)
		}
		for _, typ := range stateful {
			for _, r := range s.all(t, typ) {
				if r.DeletionPolicy != deletion || r.UpdateReplacePolicy != replacement {
					t.Errorf("%s: on deletion %q, on replacement %q, want %q and %q", r, r.DeletionPolicy, r.UpdateReplacePolicy, deletion, replacement)
				}
			}
		}
		protection := map[bool]string{true: "ACTIVE", false: "INACTIVE"}[s.config.Protection.DeletionProtection]
		want(t, s.only(t, "AWS::Cognito::UserPool"), protection, "one call could delete every customer", "DeletionProtection")
	})
}

// TestEveryLogIsEncryptedWithTheLogKeyWhereDeliveryAllowsIt: Cognito refuses to deliver to a group with a customer-managed
// key, and nobody else does.
func TestEveryLogIsEncryptedWithTheLogKeyWhereDeliveryAllowsIt(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var plain []string
		for _, group := range s.all(t, "AWS::Logs::LogGroup") {
			if group.get("KmsKeyId") == nil {
				plain = append(plain, group.stack.ID+"."+group.id[:len(group.id)-8])
			} else if got := group.text(t, "KmsKeyId"); got != "${UserPool.LogKey.Arn}" {
				t.Errorf("%s is encrypted with %s", group, got)
			}
		}
		compare(t, plain, []string{"UserPool.UsersLog"}, "a log would be encrypted with a key that nobody here controls, or Cognito would deliver none")
	})
}

func TestEveryLogIsKeptAsLongAsTheStageSays(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, group := range s.all(t, "AWS::Logs::LogGroup") {
			want(t, group, float64(s.config.Logs.RetentionDays), "an audit would find nothing, or the log would cost for ever", "RetentionInDays")
		}
		rules := []any{"LifecycleConfiguration", "Rules", 0}
		days := s.resource(t, "Data", "AccessLogs").get(append(rules, "ExpirationInDays")...)
		if diff := cmp.Diff(any(float64(s.config.Logs.RetentionDays)), days); diff != "" {
			t.Errorf("%s: access logs of buckets (-want +got)\n%s", s.ID, diff)
		}
	})
}
