package e2e_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/e2e"
)

// routes are those that want a token. Package test proves that README lists exactly the routes that there are.
var routes = []e2e.Call{
	{Method: http.MethodGet, Path: "/orders"},
	{Method: http.MethodPost, Path: "/orders", Body: map[string]any{"items": []any{}}, Headers: map[string]string{"Idempotency-Key": "8f14e45f-ceea-467f-a0e6-9f2d9a1c1b11"}},
	{Method: http.MethodGet, Path: "/profile"},
	{Method: http.MethodPut, Path: "/profile", Body: map[string]any{"name": "Mallory"}},
	{Method: http.MethodPut, Path: "/payment-method", Body: map[string]any{"provider": "stripe", "token": "pm_1Nv0FGQ9RKHgCVdK"}},
}

// web is a customer who has signed in to the Web client.
func web(t *testing.T, stage *e2e.Stage) (*e2e.Customer, e2e.Tokens) {
	t.Helper()
	c := customer(t, stage)
	if err := stage.SignUp(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	tokens, err := stage.SignIn(t.Context(), c, stage.WebClientID)
	if err != nil {
		t.Fatal(err)
	}
	return c, tokens
}

func TestNoRouteTakesATokenThatIsNotTheUserPools(t *testing.T) {
	stage := open(t)
	_, tokens := web(t, stage)
	parts := strings.Split(tokens.Access, ".")
	encode := base64.RawURLEncoding.EncodeToString
	allScopes := encode([]byte(`{"sub":"1","token_use":"access","scope":"securecart/orders.read securecart/orders.write securecart/profile.read securecart/profile.write securecart/payment.write"}`))
	for name, token := range map[string]string{
		"none":              "",
		"garbage":           "garbage",
		"three dots":        "...",
		"unsigned":          encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"tampered payload":  parts[0] + "." + allScopes + "." + parts[2],
		"without signature": parts[0] + "." + parts[1] + ".",
		"other signature":   parts[0] + "." + parts[1] + "." + encode(make([]byte, 256)),
		"ID token":          tokens.ID,
		"refresh token":     tokens.Refresh,
	} {
		for _, route := range routes {
			route.Token = token
			answer, err := stage.Do(t.Context(), route)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != http.StatusUnauthorized {
				t.Errorf("%s on %s %s: got %d, want 401", name, route.Method, route.Path, answer.Status)
			}
			if got := answer.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("%s on %s %s: the refusal is %s, want application/problem+json", name, route.Method, route.Path, got)
			}
		}
	}
}

func TestNothingButTheRoutesIsReachable(t *testing.T) {
	stage := open(t)
	_, tokens := web(t, stage)
	for _, call := range []e2e.Call{
		{Method: http.MethodGet, Path: "/"},
		{Method: http.MethodGet, Path: "/admin"},
		{Method: http.MethodGet, Path: "/orders/1"},
		{Method: http.MethodDelete, Path: "/orders"},
		{Method: http.MethodPatch, Path: "/profile"},
		{Method: http.MethodPost, Path: "/products"},
	} {
		for _, token := range []string{"", tokens.Access} {
			call.Token = token
			answer, err := stage.Do(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Status != http.StatusForbidden && answer.Status != http.StatusNotFound {
				t.Errorf("%s %s: got %d, want 403 or 404", call.Method, call.Path, answer.Status)
			}
		}
	}
}

// TestAWrongPasswordAndAnUnknownCustomerLookAlike compares what somebody learns who tries addresses.
func TestAWrongPasswordAndAnUnknownCustomerLookAlike(t *testing.T) {
	stage := open(t)
	c, _ := web(t, stage)
	wrong := *c
	wrong.Password += "x"
	nobody := e2e.NewCustomer("Nobody")
	for name, client := range map[string]string{"Web": stage.WebClientID, "StepUp": stage.StepUpClientID} {
		_, known := stage.SignIn(t.Context(), &wrong, client)
		_, unknown := stage.SignIn(t.Context(), nobody, client)
		if known == nil || unknown == nil || e2e.ErrorCode(known) != "NotAuthorizedException" || e2e.ErrorCode(unknown) != e2e.ErrorCode(known) {
			t.Errorf("client %s: got %v for a wrong password and %v for an unknown customer, want NotAuthorizedException for both", name, known, unknown)
		}
	}
}

// TestAWebTokenAdministersNothing tries the self-service operations that a stolen Web token would be used for.
func TestAWebTokenAdministersNothing(t *testing.T) {
	stage := open(t)
	_, tokens := web(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	for name, try := range map[string]func() error{
		"GetUser": func() error {
			_, err := users.GetUser(t.Context(), &cognitoidentityprovider.GetUserInput{AccessToken: &tokens.Access})
			return err
		},
		"UpdateUserAttributes": func() error {
			_, err := users.UpdateUserAttributes(t.Context(), &cognitoidentityprovider.UpdateUserAttributesInput{
				AccessToken: &tokens.Access, UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("mallory@example.com")}},
			})
			return err
		},
		"AssociateSoftwareToken": func() error {
			_, err := users.AssociateSoftwareToken(t.Context(), &cognitoidentityprovider.AssociateSoftwareTokenInput{AccessToken: &tokens.Access})
			return err
		},
		"SetUserMFAPreference": func() error {
			_, err := users.SetUserMFAPreference(t.Context(), &cognitoidentityprovider.SetUserMFAPreferenceInput{
				AccessToken: &tokens.Access, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: false},
			})
			return err
		},
		"DeleteUser": func() error {
			_, err := users.DeleteUser(t.Context(), &cognitoidentityprovider.DeleteUserInput{AccessToken: &tokens.Access})
			return err
		},
	} {
		if err := try(); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s: got %v, want NotAuthorizedException", name, err)
		}
	}
}

// TestAPasswordIsNeverTakenInTheClear tries every flow but SRP at both clients.
func TestAPasswordIsNeverTakenInTheClear(t *testing.T) {
	stage := open(t)
	c, tokens := web(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	for name, client := range map[string]string{"Web": stage.WebClientID, "StepUp": stage.StepUpClientID} {
		for _, flow := range []types.AuthFlowType{types.AuthFlowTypeUserPasswordAuth, types.AuthFlowTypeCustomAuth, types.AuthFlowTypeRefreshTokenAuth, types.AuthFlowTypeUserAuth} {
			out, err := users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
				AuthFlow: flow, ClientId: &client,
				AuthParameters: map[string]string{"USERNAME": c.Email, "PASSWORD": c.Password, "REFRESH_TOKEN": tokens.Refresh},
			})
			if err == nil {
				t.Errorf("client %s, %s: got %v, want to be refused", name, flow, out.ChallengeName)
			}
		}
	}
}

// TestWhatTheStepUpClientYieldsBesidesStepUpIsWorthNothing refreshes, which AWS documents to work where it is not rotated, and asks
// for credentials.
func TestWhatTheStepUpClientYieldsBesidesStepUpIsWorthNothing(t *testing.T) {
	stage := open(t)
	c, _ := web(t, stage)
	if err := stage.Enrol(t.Context(), c, stepUp(t, stage, c)); err != nil {
		t.Fatal(err)
	}
	tokens := stepUp(t, stage, c)
	if !slices.Contains(tokens.Scopes(), "securecart/orders.write") {
		t.Fatalf("stepped up with the scopes %q", tokens.Scopes())
	}
	out, err := cognitoidentityprovider.NewFromConfig(stage.AWS()).GetTokensFromRefreshToken(t.Context(),
		&cognitoidentityprovider.GetTokensFromRefreshTokenInput{ClientId: &stage.StepUpClientID, RefreshToken: &tokens.Refresh})
	if err == nil {
		refreshed := e2e.Tokens{Access: aws.ToString(out.AuthenticationResult.AccessToken)}
		if len(refreshed.Scopes()) > 0 {
			t.Errorf("a refreshed token carries %q, want nothing", refreshed.Scopes())
		}
	}
	if _, err := stage.Credentials(t.Context(), tokens.ID); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("credentials for an ID token of the StepUp client: got %v, want NotAuthorizedException", err)
	}
}

func stepUp(t *testing.T, stage *e2e.Stage, c *e2e.Customer) e2e.Tokens {
	t.Helper()
	tokens, err := stage.SignIn(t.Context(), c, stage.StepUpClientID)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}
