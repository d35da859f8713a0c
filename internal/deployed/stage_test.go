package deployed_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
)

func TestEveryReviewedStageIsUnderstood(t *testing.T) {
	for _, id := range []string{"SecureCart-Dev", "SecureCart-Staging", "SecureCart-Prod"} {
		if _, err := deployed.Load(stagetest.Reviewed(t, id)); err != nil {
			t.Error(err)
		}
	}
}

// TestReferencesAreResolved follows each kind of reference to its target.
func TestReferencesAreResolved(t *testing.T) {
	s := stagetest.Dev(t)
	clients := map[string]deployed.UserPoolClient{}
	for id, client := range s.Clients {
		if client.ID != id || client.UserPoolID != s.UserPool.ID {
			t.Errorf("client %s has id %s and pool %s, want pool %s", id, client.ID, client.UserPoolID, s.UserPool.ID)
		}
		clients[client.ClientName] = client
	}
	web, stepUp, settings := clients["Web"], clients["StepUp"], clients["Account"]
	for what, c := range map[string]struct{ got, want string }{
		"import of a Ref":        {s.IdentityPool.CognitoIdentityProviders[0].ClientID, web.ID},
		"import of an attribute": {s.IdentityPool.CognitoIdentityProviders[0].ProviderName, s.UserPool.ProviderName},
		"Join in a parameter": {s.Parameters["/securecart/dev/clients"],
			`{"account":"` + settings.ID + `","stepUp":"` + stepUp.ID + `","web":"` + web.ID + `"}`},
		"output with a Ref": {s.Outputs["WebClientId"], web.ID},
		"output with AWS's suffix": {s.Outputs["ApiUrl"],
			"https://" + s.API.ID + ".execute-api.eu-central-1.amazonaws.com/v1/"},
		"account of nobody's": {s.Account, deployed.Account},
		"name of a provider":  {s.UserPool.ProviderName, "cognito-idp.eu-central-1.amazonaws.com/" + s.UserPool.ID},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", what, c.got, c.want)
		}
	}
}

func TestMethodsHaveTheirPathFunctionAndAuthorizer(t *testing.T) {
	s := stagetest.Dev(t)
	got := map[string]string{}
	for _, m := range s.API.Methods {
		function := strings.TrimRight(s.Functions[m.Integration.FunctionARN].LogicalID, "0123456789ABCDEF")
		got[m.HTTPMethod+" "+m.Path] = m.AuthorizationType + " " + s.API.Authorizers[m.AuthorizerID].Name + " " + function
	}
	for route, want := range map[string]string{ // one of each kind; package access lists all
		"GET /orders":     "COGNITO_USER_POOLS Customers OrdersFunction",
		"DELETE /links":   "COGNITO_USER_POOLS SteppedUp LinksFunction",
		"GET /products":   "AWS_IAM  CatalogFunction",
		"OPTIONS /orders": "NONE  ",
	} {
		if got[route] != want {
			t.Errorf("%s: got %q, want %q", route, got[route], want)
		}
	}
}

func TestRolesHaveEveryPolicyThatIsAttachedToThem(t *testing.T) {
	s := stagetest.Dev(t)
	for arn, role := range s.Roles {
		if len(role.Policies) == 0 {
			t.Errorf("%s has no policy", arn)
		}
	}
	trigger := s.Functions[s.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaArn]
	if got := len(s.Roles[trigger.Role].Policies); got != 2 {
		t.Errorf("the trigger's role has %d policies, want its own and the one for look-ups", got)
	}
	for arn, bucket := range s.Buckets {
		if len(bucket.Policy) == 0 {
			t.Errorf("%s lost its bucket policy", arn)
		}
	}
}

// TestNothingIsIgnored adds unknown parts to the templates.
func TestNothingIsIgnored(t *testing.T) {
	add := func(stack, id string, resource assembly.Resource) stagetest.Change {
		return func(templates map[string]assembly.Template) { templates[stack].Resources[id] = resource }
	}
	set := func(stack, typ, property string, value any) stagetest.Change {
		return func(templates map[string]assembly.Template) {
			for _, r := range templates[stack].OfType(typ) {
				r.Properties[property] = value
			}
		}
	}
	unset := func(stack, typ, property string) stagetest.Change {
		return func(templates map[string]assembly.Template) {
			for _, r := range templates[stack].OfType(typ) {
				delete(r.Properties, property)
			}
		}
	}
	for _, c := range []struct {
		name   string
		change stagetest.Change
		want   string
	}{
		{"an unknown type", add("Api", "Edge", assembly.Resource{Type: "AWS::CloudFront::Distribution"}),
			"Edge (AWS::CloudFront::Distribution): do not know this resource type"},
		{"an unknown property", set("Api", "AWS::ApiGateway::RestApi", "Policy", map[string]any{}),
			`ShopRest6A3215A1 (AWS::ApiGateway::RestApi): a property is not understood: json: unknown field "Policy"`},
		{"a nested property",
			set("IdentityPool", "AWS::Cognito::IdentityPoolRoleAttachment", "Roles", map[string]any{"admin": "a"}),
			`unknown field "admin"`},
		{"an unknown function",
			set("UserPool", "AWS::Cognito::UserPool", "MfaConfiguration", map[string]any{"Fn::If": []any{"a", "b", "c"}}),
			"do not know the intrinsic function Fn::If"},
		{"a reference to nothing",
			set("UserPool", "AWS::Cognito::UserPoolDomain", "UserPoolId", map[string]any{"Ref": "Gone"}),
			"reference to Gone, which is no resource of stack SecureCart-Dev-UserPool"},
		{"an import of nothing",
			set("Api", "AWS::ApiGateway::Authorizer", "Name", map[string]any{"Fn::ImportValue": "Nowhere"}),
			"import of Nowhere, which no stack exports"},
		{"an unknown attribute",
			set("Api", "AWS::ApiGateway::Authorizer", "Name", map[string]any{"Fn::GetAtt": []any{"ShopRest6A3215A1", "Colour"}}),
			`do not know what "Colour" of ShopRest6A3215A1`},
		{"a second user pool", add("UserPool", "ZPool", assembly.Resource{Type: "AWS::Cognito::UserPool"}),
			"only one can be served, and there is UsersPoolDA88963B already"},
		{"another runtime", set("Api", "AWS::Lambda::Function", "Runtime", "nodejs22.x"),
			`runtime "nodejs22.x" is not understood`},
		{"another authorizer", set("Api", "AWS::ApiGateway::Authorizer", "Type", "TOKEN"),
			`authorizer type "TOKEN" is not understood`},
		{"another integration", set("Api", "AWS::ApiGateway::Method", "Integration", map[string]any{"Type": "HTTP"}),
			`Integration.Type "HTTP" is not understood`},
		{"an API key", set("Api", "AWS::ApiGateway::Method", "ApiKeyRequired", true), "ApiKeyRequired is not understood"},
		{"caching", set("Api", "AWS::ApiGateway::Stage", "CacheClusterEnabled", true), "caching is not understood"},
		{"a condition", func(templates map[string]assembly.Template) {
			for id, r := range templates["Data"].OfType("AWS::S3::BucketPolicy") {
				r.Condition = "Never"
				templates["Data"].Resources[id] = r
			}
		}, "Condition, CreationPolicy and UpdatePolicy are not understood"},
		{"conditions, mappings and transforms", func(templates map[string]assembly.Template) {
			template := templates["Api"]
			template.Conditions, template.Mappings = map[string]any{"Never": false}, map[string]any{"A": 1}
			template.Transform = "AWS::Include"
			template.Parameters = map[string]any{"BootstrapVersion": 1, "Colour": 2}
			templates["Api"] = template
		}, "the template has Conditions"},
		{"a parameter", func(templates map[string]assembly.Template) {
			template := templates["Api"]
			template.Parameters = map[string]any{"Colour": 2}
			templates["Api"] = template
		}, "the template has a parameter Colour"},
		{"a public bucket",
			set("Data", "AWS::S3::Bucket", "PublicAccessBlockConfiguration", map[string]any{"BlockPublicAcls": true}),
			"it is not closed to the public"},
		{"access control lists", set("Data", "AWS::S3::Bucket", "OwnershipControls", map[string]any{
			"Rules": []any{map[string]any{"ObjectOwnership": "ObjectWriter"}},
		}), "it is not closed to the public"},
		{"a second bucket policy", func(templates map[string]assembly.Template) {
			for _, policy := range templates["Data"].OfType("AWS::S3::BucketPolicy") {
				templates["Data"].Resources["Again"] = policy
			}
		}, "has a policy already"},
		{"a second gateway response", func(templates map[string]assembly.Template) {
			for _, response := range templates["Api"].OfType("AWS::ApiGateway::GatewayResponse") {
				templates["Api"].Resources["Again"] = response
			}
		}, "already"},
		{"a second provider of a name", func(templates map[string]assembly.Template) {
			templates["IdentityProviders"].Resources["Again"] = templates["IdentityProviders"].Resources["Google"]
		}, "there is one for Google already"},
		{"a permission for everybody", set("Api", "AWS::Lambda::Permission", "Principal", "*"),
			`principal "*" is not understood`},
		{"a permission to invoke by URL", set("Api", "AWS::Lambda::Permission", "Action", "lambda:InvokeFunctionUrl"),
			`action "lambda:InvokeFunctionUrl" is not understood`},
		{"a permission for every source", unset("Api", "AWS::Lambda::Permission", "SourceArn"), "SourceArn must be stated"},
		{"the default of a cache", unset("Api", "AWS::ApiGateway::Authorizer", "AuthorizerResultTtlInSeconds"),
			"AuthorizerResultTtlInSeconds must be stated"},
		{"the default of passwords", unset("UserPool", "AWS::Cognito::UserPool", "Policies"), "Policies must be stated"},
		{"the default of sign-in flows", unset("UserPool", "AWS::Cognito::UserPoolClient", "ExplicitAuthFlows"),
			"ExplicitAuthFlows must be stated"},
		{"the default of guests", unset("IdentityPool", "AWS::Cognito::IdentityPool", "AllowUnauthenticatedIdentities"),
			"AllowUnauthenticatedIdentities must be stated"},
		{"the default of authorization", unset("Api", "AWS::ApiGateway::Method", "AuthorizationType"),
			"AuthorizationType must be stated"},
		{"no user pool", func(templates map[string]assembly.Template) {
			delete(templates["UserPool"].Resources, "UsersPoolDA88963B")
		}, "reference to UsersPoolDA88963B"},
	} {
		_, err := deployed.Load(stagetest.Reviewed(t, "SecureCart-Dev", c.change))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestEverythingUnknownIsReportedAtOnce(t *testing.T) {
	_, err := deployed.Load(stagetest.Reviewed(t, "SecureCart-Dev", func(templates map[string]assembly.Template) {
		templates["Data"].Resources["A"] = assembly.Resource{Type: "AWS::EC2::Instance"}
		templates["Api"].Resources["B"] = assembly.Resource{Type: "AWS::Kinesis::Stream"}
	}))
	if err == nil || !strings.Contains(err.Error(), "AWS::EC2::Instance") ||
		!strings.Contains(err.Error(), "AWS::Kinesis::Stream") {
		t.Errorf("got %v, want both types", err)
	}
	if _, err := deployed.Load(assembly.Synthesized{ID: "Empty"}); err == nil {
		t.Error("loaded a stage without a stack")
	}
}

// TestTypesThatAreNotServedAreDocumented compares docs/local.md with NotServed, both ways, and NotServed with the
// stages: types that no stage has must not be listed.
func TestTypesThatAreNotServedAreDocumented(t *testing.T) {
	text := must.Get(os.ReadFile(filepath.Join(stagetest.Root(t), "docs", "local.md")))(t)
	documented := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (AWS::\S+) \| (.*) \|$`).FindAllStringSubmatch(string(text), -1) {
		documented[row[1]] = row[2]
	}
	if diff := cmp.Diff(deployed.NotServed, documented); diff != "" {
		t.Errorf("docs/local.md (-NotServed +documented)\n%s", diff)
	}
	used := map[string]bool{}
	for _, id := range []string{"SecureCart-Dev", "SecureCart-Staging", "SecureCart-Prod"} {
		for _, stack := range stagetest.Reviewed(t, id).Stacks {
			for _, resource := range stack.Template.Resources {
				used[resource.Type] = true
			}
		}
	}
	for typ := range deployed.NotServed {
		if !used[typ] {
			t.Errorf("%s is left out, and no stage has it: take it out of NotServed", typ)
		}
	}
}
