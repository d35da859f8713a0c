package userpool

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// reviewed serves the reviewed stage Dev.
func reviewed(t *testing.T) *rig {
	t.Helper()
	return newRig(t, func(s *deployed.Stage) { *s = *stagetest.Dev(t) })
}

// differ reports members of an answer that the API does not have, and those that the template has with another value.
func differ(t *testing.T, got, template map[string]any, api any, elsewhere ...string) {
	t.Helper()
	for name := range got {
		if _, known := reflect.TypeOf(api).FieldByName(name); !known {
			t.Errorf("%T has no %s", api, name)
		}
	}
	for _, name := range elsewhere {
		delete(template, name)
	}
	for name, want := range template {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-template +described):\n%s", name, diff)
		}
	}
}

func TestDescriptionsAreTheTemplates(t *testing.T) {
	r := reviewed(t)
	served := stagetest.Dev(t)
	ask := func(operation string, in map[string]any) map[string]any {
		in["UserPoolId"] = served.UserPool.ID
		_, answer := r.send(Target+"."+operation, jsonText(in))
		return answer
	}
	pool, _ := ask("DescribeUserPool", map[string]any{})["UserPool"].(map[string]any)
	differ(t, pool, served.UserPool.Properties, types.UserPoolType{}, "EnabledMfas", "Schema")
	if pool["Id"] != served.UserPool.ID || pool["Arn"] != served.UserPool.ARN || pool["Domain"] != served.Domain.Domain {
		t.Errorf("the pool is described as %v", pool)
	}
	attributes, _ := pool["SchemaAttributes"].([]any)
	if first, _ := attributes[0].(map[string]any); len(attributes) != 1 || first["Name"] != "custom:provider_email" {
		t.Errorf("SchemaAttributes: %v", attributes)
	}
	for id, client := range served.Clients {
		described, _ := ask("DescribeUserPoolClient", map[string]any{"ClientId": id})["UserPoolClient"].(map[string]any)
		differ(t, described, client.Properties, types.UserPoolClientType{}, "GenerateSecret")
		if described["ClientId"] != id || described["ClientSecret"] != nil {
			t.Errorf("client %s is described as %v", id, described)
		}
	}
	mfa := ask("GetUserPoolMfaConfig", map[string]any{})
	want := map[string]any{
		"MfaConfiguration":              "OPTIONAL",
		"SoftwareTokenMfaConfiguration": map[string]any{"Enabled": true},
		"SmsMfaConfiguration": map[string]any{
			"SmsAuthenticationMessage": served.UserPool.Properties["SmsAuthenticationMessage"],
			"SmsConfiguration":         served.UserPool.Properties["SmsConfiguration"],
		},
	}
	if diff := cmp.Diff(want, mfa); diff != "" {
		t.Errorf("GetUserPoolMfaConfig (-want +got):\n%s", diff)
	}
	refused(t, "another client", "ResourceNotFoundException")(
		r.sdk.DescribeUserPoolClient(t.Context(), &cognito.DescribeUserPoolClientInput{
			UserPoolId: &served.UserPool.ID, ClientId: aws.String("another"),
		}))
}

func TestPoolsAndClientsAreListedPageByPage(t *testing.T) {
	r := reviewed(t)
	pools, err := r.sdk.ListUserPools(t.Context(), &cognito.ListUserPoolsInput{MaxResults: aws.Int32(1)})
	if err != nil || len(pools.UserPools) != 1 || *pools.UserPools[0].Name != r.pool.Name || pools.NextToken != nil {
		t.Fatalf("got %+v, %v", pools, err)
	}
	listed := map[string]string{}
	pages := cognito.NewListUserPoolClientsPaginator(r.sdk, &cognito.ListUserPoolClientsInput{
		UserPoolId: pools.UserPools[0].Id, MaxResults: aws.Int32(2),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil || len(page.UserPoolClients) > 2 {
			t.Fatalf("got %+v, %v", page, err)
		}
		for _, client := range page.UserPoolClients {
			listed[*client.ClientId] = *client.ClientName
		}
	}
	want := map[string]string{}
	for id, client := range r.stage.Clients {
		want[id] = client.ClientName
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("clients (-want +listed):\n%s", diff)
	}
	refused(t, "a token that nobody gave", "InvalidParameterException: NextToken")(
		r.sdk.ListUserPoolClients(t.Context(), &cognito.ListUserPoolClientsInput{
			UserPoolId: &r.pool.ID, NextToken: aws.String("!"),
		}))
}
