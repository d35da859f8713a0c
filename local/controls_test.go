package local_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// control is one thing that the template decides.
type control struct {
	change            stagetest.Change
	try               func(*testing.T, *e2e.Running) string
	reviewed, changed string
}

// controls are in groups that do not touch the same calls.
func controls() []map[string]control { return []map[string]control{whoIsLetIn(), whatIsGranted()} }

func whoIsLetIn() map[string]control {
	return map[string]control{
		"authorizer": {
			change: method("GET", "products", func(properties map[string]any) { properties["AuthorizationType"] = "NONE" }),
			try: func(t *testing.T, s *e2e.Running) string {
				return status(t, s, e2e.Call{Method: http.MethodGet, Path: "/products"})
			},
			reviewed: "403 by API Gateway", changed: "200 by the function",
		},
		"scope of a method": {
			// Without a scope, a method takes ID tokens. The function does not: it looks, too.
			change: method("GET", "orders", func(properties map[string]any) { delete(properties, "AuthorizationScopes") }),
			try: func(t *testing.T, s *e2e.Running) string {
				return status(t, s, e2e.Call{Method: http.MethodGet, Path: "/orders", Token: signedIn(t, s).ID})
			},
			reviewed: "401 by API Gateway", changed: "401 by the function",
		},
		"token trigger": {
			// Without it, every token of an API sign-in administers its own account.
			change: each("UserPool", "AWS::Cognito::UserPool", func(properties map[string]any) {
				delete(properties, "LambdaConfig")
			}),
			try: func(t *testing.T, s *e2e.Running) string {
				token := signedIn(t, s).Access
				client := cognitoidentityprovider.NewFromConfig(s.AWS())
				_, err := client.GetUser(t.Context(), &cognitoidentityprovider.GetUserInput{AccessToken: &token})
				return outcome(err)
			},
			reviewed: "NotAuthorizedException", changed: "done",
		},
		"condition of a statement": {
			change: statement("IdentitiesCustomer", "ReadOwnRows", func(s map[string]any) map[string]any {
				delete(s, "Condition")
				return s
			}),
			try:      readsAnothersRows,
			reviewed: "AccessDeniedException", changed: "done",
		},
		"guests": {
			change: each("IdentityPool", "AWS::Cognito::IdentityPool", func(properties map[string]any) {
				properties["AllowUnauthenticatedIdentities"] = false
			}),
			try: func(t *testing.T, s *e2e.Running) string {
				_, err := s.Credentials(t.Context(), "")
				return outcome(err)
			},
			reviewed: "done", changed: "NotAuthorizedException",
		},
	}
}

func whatIsGranted() map[string]control {
	return map[string]control{
		"statement": {
			// The other way round: what was allowed is refused.
			change: statement("IdentitiesGuest", "BrowseProducts", func(map[string]any) map[string]any { return nil }),
			try: func(t *testing.T, s *e2e.Running) string {
				guest := must.Get(s.Credentials(t.Context(), ""))(t)
				return status(t, s, e2e.Call{Method: http.MethodGet, Path: "/products", Credentials: guest})
			},
			reviewed: "200 by the function", changed: "403 by API Gateway",
		},
		"permission to invoke": {
			change: func(templates map[string]assembly.Template) {
				for id := range templates["Api"].OfType("AWS::Lambda::Permission") {
					if strings.Contains(id, "profileGET") {
						delete(templates["Api"].Resources, id)
					}
				}
			},
			try: func(t *testing.T, s *e2e.Running) string {
				return status(t, s, e2e.Call{Method: http.MethodGet, Path: "/profile", Token: signedIn(t, s).Access})
			},
			reviewed: "200 by the function", changed: "500 by API Gateway",
		},
		"grant of a function": {
			change: statement("OrdersRole", "QueryByCreatedAt", func(map[string]any) map[string]any { return nil }),
			try: func(t *testing.T, s *e2e.Running) string {
				return status(t, s, e2e.Call{Method: http.MethodGet, Path: "/orders", Token: signedIn(t, s).Access})
			},
			reviewed: "200 by the function", changed: "503 by the function",
		},
	}
}

// each changes the properties of every resource of a type.
func each(stack, typ string, change func(properties map[string]any)) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for _, resource := range templates[stack].OfType(typ) {
			change(resource.Properties)
		}
	}
}

// method changes one method of the API; path is the last part of its path.
func method(verb, path string, change func(properties map[string]any)) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for id, resource := range templates["Api"].OfType("AWS::ApiGateway::Method") {
			if strings.Contains(id, path) && resource.Properties["HttpMethod"] == verb {
				change(resource.Properties)
			}
		}
	}
}

// statement changes the statement with a Sid in the policy of a role, or takes it out if change returns nil.
func statement(role, sid string, change func(map[string]any) map[string]any) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for _, template := range templates {
			for id, policy := range template.OfType("AWS::IAM::Policy") {
				if !strings.HasPrefix(id, role) {
					continue
				}
				document := policy.Properties["PolicyDocument"].(map[string]any)
				var kept []any
				for _, s := range document["Statement"].([]any) {
					if s.(map[string]any)["Sid"] == sid {
						if s := change(s.(map[string]any)); s != nil {
							kept = append(kept, s)
						}
						continue
					}
					kept = append(kept, s)
				}
				document["Statement"] = kept
			}
		}
	}
}

// signedIn is what a new customer of the Web client carries.
func signedIn(t *testing.T, s *e2e.Running) e2e.Tokens {
	t.Helper()
	customer := e2e.NewCustomer("Jane Doe")
	must.Do(t, s.SignUp(t.Context(), customer, e2e.NewVerifier()))
	return must.Get(s.SignIn(t.Context(), customer, s.WebClientID))(t)
}

func readsAnothersRows(t *testing.T, s *e2e.Running) string {
	t.Helper()
	credentials := must.Get(s.Credentials(t.Context(), signedIn(t, s).ID))(t)
	client := dynamodb.NewFromConfig(s.AWS(), func(o *dynamodb.Options) { o.Credentials = e2e.Static(*credentials) })
	_, err := client.GetItem(context.Background(), &dynamodb.GetItemInput{
		TableName: &s.OrdersTable,
		Key: map[string]types.AttributeValue{
			"customerId": &types.AttributeValueMemberS{Value: "somebody-else"},
			"orderId":    &types.AttributeValueMemberS{Value: "1"},
		},
	})
	return outcome(err)
}

// status also says who answered: only API Gateway names the type of an error in a header.
func status(t *testing.T, s *e2e.Running, call e2e.Call) string {
	t.Helper()
	answer := must.Get(s.Do(t.Context(), call))(t)
	if answer.Header.Get("X-Amzn-Errortype") != "" {
		return strconv.Itoa(answer.Status) + " by API Gateway"
	}
	return strconv.Itoa(answer.Status) + " by the function"
}

// outcome is "done", or the code of an error.
func outcome(err error) string {
	if err == nil {
		return "done"
	}
	if code := e2e.ErrorCode(err); code != "" {
		return code
	}
	return err.Error()
}
