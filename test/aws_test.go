package test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// The tests of this file are one for each row of docs/aws.md that templates can keep, and bear its number.

// TestB3OnlyTheAccountClientWritesTheNumberOfAFactor: managed login never prompts for a factor where it is optional,
// so that some client has to be able to write a number; one that also signs up would have the sign-up confirmed by
// SMS.
func TestB3OnlyTheAccountClientWritesTheNumberOfAFactor(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var writers []string
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			if slices.Contains(client.strings(t, "WriteAttributes"), "phone_number") {
				writers = append(writers, client.text(t, "ClientName"))
			}
		}
		compare(
			t,
			writers,
			[]string{"Account"},
			"no customer could set up a factor by SMS, or sign-ups would be confirmed by SMS",
		)
		pool := s.only(t, "AWS::Cognito::UserPool")
		automatic := pool.strings(t, "AutoVerifiedAttributes")
		for _, verified := range pool.strings(t, "UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate") {
			if !slices.Contains(automatic, verified) {
				t.Errorf("%s: %s must be verified before an update but not automatically, which Cognito refuses", pool, verified)
			}
		}
	})
}

// TestB7NoFunctionOfTheAPIWritesToTheUserPoolInACustomersName: the pool's web ACL would judge Lambda's address.
// Handlers of the shop's data do not know the pool at all.
func TestB7NoFunctionOfTheAPIWritesToTheUserPoolInACustomersName(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, id := range []string{"OrdersFunction", "CatalogFunction", "CustomersFunction"} {
			want(
				t,
				s.resource(t, "Api", id),
				nil,
				"one blocked address would be everybody's 503",
				"Environment",
				"Variables",
				"USER_POOL_ID",
			)
		}
	})
}

// pulledIn are the types that say what may be done with, or by, the resource that they point at: without them it is
// there and does not work.
var pulledIn = []string{
	"AWS::Lambda::Permission",
	"AWS::IAM::Policy",
	"AWS::SNS::TopicPolicy",
	"AWS::Cognito::LogDeliveryConfiguration",
}

// TestB8WhatARetainedResourceRefersToIsRetained: a pool that is kept without the role that sends its SMS refuses every
// update, one without its triggers every sign-in.
func TestB8WhatARetainedResourceRefersToIsRetained(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		checked := 0
		for _, id := range []string{"UserPool", "IdentityProviders"} {
			stack := s.stack(t, id)
			for name, resource := range stack.Template.Resources {
				for _, needed := range s.references(stack, resource.Properties) {
					other := needed.stack.Template.Resources[needed.id]
					checked++
					if isKept(resource) && !isKept(other) {
						t.Errorf(
							"%s: %s is kept, and refers to %s %s, which is deleted with its stack",
							stack.Name,
							name,
							other.Type,
							needed.id,
						)
					}
					if slices.Contains(pulledIn, resource.Type) && isKept(other) && !isKept(resource) {
						t.Errorf("%s: %s is deleted, and %s %s, which is kept, works by it", stack.Name, name, other.Type, needed.id)
					}
				}
			}
		}
		if checked < 10 {
			t.Fatalf("%s: %d references checked: this test would prove nothing", s.ID, checked)
		}
	})
}

// TestB8TheKeptPoolKeepsAllItWorksWith names what the general test above cannot know: what the pool finds by name.
func TestB8TheKeptPoolKeepsAllItWorksWith(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var types []string
		for _, id := range []string{"UserPool", "IdentityProviders"} {
			stack := s.stack(t, id)
			for name, resource := range stack.Template.Resources {
				if !slices.Contains(types, resource.Type) {
					types = append(types, resource.Type)
				}
				if isKept(resource) != s.config.Protection.Retain {
					t.Errorf("%s: %s %s has DeletionPolicy %q", stack.Name, resource.Type, name, resource.DeletionPolicy)
				}
				granting := resource.Type == "AWS::IAM::Role" || slices.Contains(pulledIn, resource.Type)
				if granting && isKept(resource) && resource.UpdateReplacePolicy != "Delete" {
					t.Errorf("%s: %s %s would go on granting after it was replaced", stack.Name, resource.Type, name)
				}
			}
		}
		for _, needed := range []string{
			"AWS::Cognito::UserPoolClient", "AWS::SSM::Parameter", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::IAM::Role",
			"AWS::IAM::Policy", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::Cognito::UserPoolDomain",
			"AWS::Cognito::UserPoolResourceServer",
		} {
			if !slices.Contains(types, needed) {
				t.Errorf("%s: no %s was checked", s.ID, needed)
			}
		}
	})
}

func isKept(r assembly.Resource) bool { return strings.HasPrefix(r.DeletionPolicy, "Retain") }

// target is a resource that another one refers to.
type target struct {
	stack assembly.Stack
	id    string
}

// references are the resources that value refers to, in the stack and, by import, in others of the stage.
func (s stageOf) references(stack assembly.Stack, value any) []target {
	var found []target
	add := func(id any) {
		if name, ok := id.(string); ok {
			if _, exists := stack.Template.Resources[name]; exists {
				found = append(found, target{stack, name})
			}
		}
	}
	walk(value, func(inner any) {
		call, ok := inner.(map[string]any)
		if !ok || len(call) != 1 {
			return
		}
		add(call["Ref"])
		if attribute, ok := call["Fn::GetAtt"].([]any); ok {
			add(attribute[0])
		}
		if name, ok := call["Fn::ImportValue"].(string); ok {
			for _, other := range s.Stacks {
				for _, output := range other.Template.Outputs {
					if output.Export.Name == name {
						found = append(found, s.references(other, output.Value)...)
					}
				}
			}
		}
	})
	return found
}

func TestB11TheAPITakesTLS12AndNewerOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		api := s.only(t, "AWS::ApiGateway::RestApi")
		want(t, api, "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", "TLS 1.0 would be accepted", "SecurityPolicy")
		want(t, api, "STRICT", "a host name that is not the handshake's would be answered", "EndpointAccessMode")
	})
}

// TestC2NoStandardAttributeIsDeclared: an unchanged declaration of one may make every later update of the pool fail.
func TestC2NoStandardAttributeIsDeclared(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		declared, ok := pool.get("Schema").([]any)
		if !ok || len(declared) != 1 || pool.text(t, "Schema", 0, "Name") != "provider_email" {
			t.Errorf("%s declares %v, want provider_email alone", pool, declared)
		}
		want(t, pool, nil, "customers of providers that send none could not sign in", "Schema", 0, "Required")
	})
}

func TestC3EveryClientHasRotationAndNoRefreshFlow(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			want(
				t,
				client,
				"ENABLED",
				"CloudFormation may refuse a client with neither the flow nor the rotation",
				"RefreshTokenRotation",
				"Feature",
			)
			if slices.Contains(client.strings(t, "ExplicitAuthFlows"), "ALLOW_REFRESH_TOKEN_AUTH") {
				t.Errorf("%s lists the refresh flow, which Cognito refuses beside rotation", client)
			}
		}
	})
}

// TestC7APoolThatSendsSMSHasSMSAsAFactor: Cognito says "Can't turn off SMS_MFA when SMS configuration is set".
func TestC7APoolThatSendsSMSHasSMSAsAFactor(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		factors, _ := pool.get("EnabledMfas").([]any)
		if sends := pool.get("SmsConfiguration") != nil; sends != slices.Contains(factors, any("SMS_MFA")) {
			t.Errorf("%s: sends SMS: %v, second factors: %v", pool, sends, factors)
		}
	})
}

// TestC11NoClientRegistersItself: dynamic client registration is off while the pool says nothing of it.
// CloudFormation has no property for it in awscdk 2.277; the name is that of the API.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-dynamic-client-registration.html
func TestC11NoClientRegistersItself(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		want(t, s.only(t, "AWS::Cognito::UserPool"), nil, "anybody could make a client of the pool", "DcrConfiguration")
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			if scopes, ok := client.get("AllowedOAuthScopes").([]any); ok &&
				slices.Contains(scopes, any("aws.cognito/dcr/register")) {
				t.Errorf("%s can register clients", client)
			}
		}
	})
}

// TestD1TheSchemaVersionStandsAtTheRootOfModels: draft 4 knows $schema at the root only.
func TestD1TheSchemaVersionStandsAtTheRootOfModels(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, model := range s.all(t, "AWS::ApiGateway::Model") {
			want(
				t,
				model,
				"http://json-schema.org/draft-04/schema#",
				"API Gateway would choose the version",
				"Schema",
				"$schema",
			)
			nested := 0
			walk(model.get("Schema", "properties"), func(value any) {
				if object, ok := value.(map[string]any); ok && object["$schema"] != nil {
					nested++
				}
			})
			if nested > 0 {
				t.Errorf("%s: $schema in %d nested objects", model, nested)
			}
		}
	})
}

func TestD2NoticesOfRiskComeFromTheBareAddress(t *testing.T) {
	checked := 0
	eachStage(t, func(t *testing.T, s stageOf) {
		if s.config.Users.MFA != config.RiskBased {
			return
		}
		checked++
		want(
			t,
			s.only(t, "AWS::Cognito::UserPoolRiskConfigurationAttachment"),
			s.config.Email.From,
			"AWS documents no other form",
			"AccountTakeoverRiskConfiguration",
			"NotifyConfiguration",
			"From",
		)
	})
	if checked == 0 {
		t.Error("no stage sends notices")
	}
}

// TestR1RefusalsAreProblemsWhateverTemplateIsTaken: which of several templates API Gateway takes is not documented.
func TestR1RefusalsAreProblemsWhateverTemplateIsTaken(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, response := range s.all(t, "AWS::ApiGateway::GatewayResponse") {
			body := response.text(t, "ResponseTemplates", "application/problem+json")
			if other := response.text(t, "ResponseTemplates", "application/json"); other != body {
				t.Errorf("%s answers %s as problem and %s as JSON", response, body, other)
			}
			want(
				t,
				response,
				"'application/problem+json'",
				"a front end would not know the body",
				"ResponseParameters",
				"gatewayresponse.header.Content-Type",
			)
		}
	})
}

// TestRowsOfTheDocumentationAreProvenByTheTestsThatBearTheirNumber compares docs/aws.md with this file: a row that
// says that a template test proves it has one, and each of these tests has its row.
func TestRowsOfTheDocumentationAreProvenByTheTestsThatBearTheirNumber(t *testing.T) {
	documented, proven := map[string]bool{}, map[string]bool{}
	for file, c := range map[string]struct {
		pattern string
		rows    map[string]bool
	}{root + "/docs/aws.md": {"`Test([BCDR][0-9]+)…`", documented}, "aws_test.go": {`(?m)^func Test([BCDR][0-9]+)[A-Z]`, proven}} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(c.pattern).FindAllStringSubmatch(string(text), -1) {
			c.rows[match[1]] = true
		}
	}
	if len(proven) == 0 || !maps.Equal(documented, proven) {
		t.Errorf(
			"docs/aws.md names template tests of %v, and there are tests of %v",
			slices.Sorted(maps.Keys(documented)),
			slices.Sorted(maps.Keys(proven)),
		)
	}
}
