package customer_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
)

func authorized(authorizer map[string]any) events.APIGatewayProxyRequest {
	return events.APIGatewayProxyRequest{
		// Values that must not select the customer.
		Headers:               map[string]string{"X-Customer": "00000000-0000-4000-8000-000000000000"},
		QueryStringParameters: map[string]string{"sub": "00000000-0000-4000-8000-000000000000"},
		RequestContext:        events.APIGatewayProxyRequestContext{Authorizer: authorizer},
	}
}

func TestCustomerIsTheSubOfTheAccessToken(t *testing.T) {
	got, err := customer.Sub(authorized(map[string]any{
		"claims": map[string]any{"sub": sub, "token_use": "access", "username": "somebody"},
	}))
	if err != nil || got != sub {
		t.Errorf("Sub() = %q, %v; want %q", got, err, sub)
	}
}

// TestSubIsALowerCaseUUID has the forms of a sub that are not plausible.
func TestCustomerIsRefusedWithoutAPlausibleSubOfAnAccessToken(t *testing.T) {
	claims := func(sub, use any) map[string]any {
		return map[string]any{"claims": map[string]any{"sub": sub, "token_use": use}}
	}
	tests := map[string]map[string]any{
		"no authorizer":            nil,
		"no claims":                {"principalId": sub},
		"claims null":              {"claims": nil},
		"claims a string":          {"claims": `{"sub":"` + sub + `","token_use":"access"}`},
		"claims a list":            {"claims": []any{sub}},
		"claims of another map":    {"claims": map[string]string{"sub": sub, "token_use": "access"}},
		"claims empty":             {"claims": map[string]any{}},
		"claims beside the claims": {"sub": sub, "token_use": "access"},
		"no sub":                   {"claims": map[string]any{"token_use": "access"}},
		"sub empty":                claims("", "access"),
		"sub a number":             claims(42.0, "access"),
		"sub a list":               claims([]any{sub}, "access"),
		"sub no UUID":              claims("customer-1", "access"),
		"no token_use":             {"claims": map[string]any{"sub": sub}},
		"an ID token":              claims(sub, "id"),
		"token_use in upper case":  claims(sub, "ACCESS"),
		"token_use of two":         claims(sub, []any{"access"}),
	}
	for name, authorizer := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := customer.Sub(authorized(authorizer))
			var refused *gateway.Problem
			if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized {
				t.Fatalf("Sub() = %q, %v; want a 401 problem", got, err)
			}
			if got != "" {
				t.Errorf("Sub() = %q beside the error, want nobody", got)
			}
			if refused.Reason == "" || strings.Contains(refused.Reason, sub) {
				t.Errorf("reason %q must name the claim without its value", refused.Reason)
			}
		})
	}
}

func TestUsernameIsThatOfTheAccessToken(t *testing.T) {
	claims := map[string]any{"sub": sub, "token_use": "access", "username": "google_1234", "cognito:username": "other"}
	got, err := customer.Username(authorized(map[string]any{"claims": claims}))
	if err != nil || got != "google_1234" {
		t.Errorf("Username() = %q, %v; want google_1234", got, err)
	}
}

func TestUsernameIsRefusedWithoutOneInAPlausibleAccessToken(t *testing.T) {
	for name, claims := range map[string]any{
		"no claims":         nil,
		"no username":       map[string]any{"sub": sub, "token_use": "access"},
		"username empty":    map[string]any{"sub": sub, "token_use": "access", "username": ""},
		"username a list":   map[string]any{"sub": sub, "token_use": "access", "username": []any{sub}},
		"an ID token":       map[string]any{"sub": sub, "token_use": "id", "username": sub},
		"an ID token's":     map[string]any{"sub": sub, "token_use": "access", "cognito:username": sub},
		"sub not plausible": map[string]any{"sub": "alice", "token_use": "access", "username": sub},
	} {
		got, err := customer.Username(authorized(map[string]any{"claims": claims}))
		var refused *gateway.Problem
		if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || got != "" {
			t.Errorf("%s: Username() = %q, %v; want a 401 problem", name, got, err)
		}
	}
}
