package identitypool_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/localtest/must"
)

func TestWhatIsNotServedIsRefusedByName(t *testing.T) {
	p := serve(t)
	wantError(t, "InvalidParameterException", "Basic (classic) flow is not enabled")(
		p.GetOpenIdToken(t.Context(), &cognitoidentity.GetOpenIdTokenInput{IdentityId: aws.String(p.id(t, ""))}))
	wantError(t, "InvalidParameterException", "CustomRoleArn")(
		p.GetCredentialsForIdentity(t.Context(), &cognitoidentity.GetCredentialsForIdentityInput{
			IdentityId: aws.String(p.id(t, "")), CustomRoleArn: aws.String(p.stage.PoolRoles.Roles.Authenticated),
		}))
	wantError(t, "ResourceNotFoundException", "IdentityPool 'eu-central-1:other' not found.")(
		p.GetId(t.Context(), &cognitoidentity.GetIdInput{IdentityPoolId: aws.String("eu-central-1:other")}))
	for name, test := range map[string]struct{ operation, body, code string }{
		"member that the API has not": {"GetId", `{"IdentityPoolId": "x", "Role": "y"}`, "SerializationException"},
		"no JSON":                     {"GetId", `IdentityPoolId`, "SerializationException"},
		"unsigned":                    {"ListIdentities", `{}`, credentials.MissingAuthenticationToken},
	} {
		t.Run(name, func(t *testing.T) {
			request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPost, p.url, strings.NewReader(test.body)))(t)
			request.Header.Set("X-Amz-Target", "AWSCognitoIdentityService."+test.operation)
			response := must.Get(http.DefaultClient.Do(request))(t)
			_ = response.Body.Close()
			if got := response.Header.Get("x-amzn-ErrorType"); got != test.code+":" ||
				response.StatusCode != http.StatusBadRequest {
				t.Errorf("got %d %s, want 400 %s", response.StatusCode, got, test.code)
			}
		})
	}
}

// TestOperationsForDevelopersAreRefused: customers may not call them, and they are not served to callers who may.
func TestOperationsForDevelopersAreRefused(t *testing.T) {
	allow := func(templates map[string]assembly.Template) {
		for id, r := range templates["IdentityPool"].OfType("AWS::IAM::Policy") {
			statement := r.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any)[0].(map[string]any)
			if strings.HasPrefix(id, "IdentitiesCustomer") {
				statement["Action"], statement["Resource"] = "cognito-identity:ListIdentities", "*"
			}
		}
	}
	for code, p := range map[string]*pool{
		credentials.AccessDenied: serve(t), "UnknownOperationException": serve(t, allow),
	} {
		p.now = time.Now()
		given := must.Get(p.credentials(t.Context(), p.id(t, "alice"), "alice"))(t)
		wantError(t, code, "ListIdentities")(p.ListIdentities(t.Context(), &cognitoidentity.ListIdentitiesInput{
			IdentityPoolId: aws.String(p.stage.IdentityPool.ID), MaxResults: aws.Int32(1),
		}, func(o *cognitoidentity.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{
					AccessKeyID: *given.AccessKeyId, SecretAccessKey: *given.SecretKey, SessionToken: *given.SessionToken,
				}, nil
			})
		}))
	}
}

func TestBrowsersMayCallFromEveryOrigin(t *testing.T) {
	p := serve(t)
	request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodOptions, p.url, nil))(t)
	request.Header.Set("Origin", "http://localhost:5173")
	request.Header.Set("Access-Control-Request-Method", http.MethodPost)
	request.Header.Set("Access-Control-Request-Headers", "content-type,x-amz-target")
	response := must.Get(http.DefaultClient.Do(request))(t)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Access-Control-Allow-Origin") != "*" ||
		response.Header.Get("Access-Control-Allow-Headers") != "content-type,x-amz-target" {
		t.Errorf("got %d %v", response.StatusCode, response.Header)
	}
}

func TestPoolsThatAskForMoreStopTheStart(t *testing.T) {
	for says, change := range map[string]stagetest.Change{
		"AllowClassicFlow": func(templates map[string]assembly.Template) {
			for _, r := range templates["IdentityPool"].OfType("AWS::Cognito::IdentityPool") {
				r.Properties["AllowClassicFlow"] = true
			}
		},
		"UseDefaults": func(templates map[string]assembly.Template) {
			for _, r := range templates["IdentityPool"].OfType("AWS::Cognito::IdentityPoolPrincipalTag") {
				r.Properties["UseDefaults"] = true
			}
		},
		"there is no role for them": func(templates map[string]assembly.Template) {
			for _, r := range templates["IdentityPool"].OfType("AWS::Cognito::IdentityPoolRoleAttachment") {
				delete(r.Properties["Roles"].(map[string]any), "unauthenticated")
			}
		},
	} {
		s := stagetest.Dev(t, change)
		if _, err := identitypool.New(s, nil, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q in it", err, says)
		}
	}
}
