package e2e_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/test/e2e"
)

// routes are those that want a token. Package test proves that docs/reference.md lists exactly the routes that there
// are.
var routes = []e2e.Call{
	{Method: http.MethodGet, Path: "/orders"},
	{
		Method: http.MethodPost, Path: "/orders", Body: map[string]any{"items": []any{}},
		Headers: map[string]string{"Idempotency-Key": "8f14e45f-ceea-467f-a0e6-9f2d9a1c1b11"},
	},
	{Method: http.MethodGet, Path: "/profile"},
	{Method: http.MethodPut, Path: "/profile", Body: map[string]any{"name": "Mallory"}},
	{Method: http.MethodGet, Path: "/links"},
	{Method: http.MethodPost, Path: "/link-offers"},
	{
		Method: http.MethodPost, Path: "/links",
		Body: map[string]any{"offer": "1", "provider": "Google", "email": "mallory@example.com"},
	},
	{Method: http.MethodDelete, Path: "/links?provider=Google"},
	{
		Method: http.MethodPut, Path: "/payment-method",
		Body: map[string]any{"provider": "stripe", "token": "pm_1Nv0FGQ9RKHgCVdK"},
	},
}

// web is a customer who has signed in to the Web client.
func web(t *testing.T, stage *e2e.Running) (*e2e.Customer, e2e.Tokens) {
	t.Helper()
	c := customer(t, stage)
	if err := stage.SignUp(t.Context(), c, ""); err != nil {
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
	allScopes := encode([]byte(`{"sub":"1","token_use":"access","scope":"securecart/orders.read securecart/orders.write ` +
		`securecart/profile.read securecart/profile.write securecart/payment.write ` +
		`securecart/links.offer securecart/links.write"}`))
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

// TestAWrongPasswordAndAnUnknownCustomerLookAlike compares the answers that an attacker gets who tries addresses.
func TestAWrongPasswordAndAnUnknownCustomerLookAlike(t *testing.T) {
	stage := open(t)
	c, _ := web(t, stage)
	wrong := *c
	wrong.Password += "x"
	nobody := e2e.NewCustomer("Nobody")
	for name, client := range clients(stage) {
		_, known := stage.SignIn(t.Context(), &wrong, client)
		_, unknown := stage.SignIn(t.Context(), nobody, client)
		if known == nil || unknown == nil ||
			e2e.ErrorCode(known) != "NotAuthorizedException" || e2e.ErrorCode(unknown) != e2e.ErrorCode(known) {
			t.Errorf("client %s: got %v for a wrong password and %v for an unknown customer, "+
				"want NotAuthorizedException for both", name, known, unknown)
		}
	}
}

// TestAWebTokenAdministersNothing tries the self-service operations that a stolen Web token would be used for.
func TestAWebTokenAdministersNothing(t *testing.T) {
	stage := open(t)
	_, tokens := web(t, stage)
	for name, try := range stage.SelfService(tokens.Access) {
		if err := try(t.Context()); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s: got %v, want NotAuthorizedException", name, err)
		}
	}
}

// TestAPasswordIsNeverTakenInTheClear tries every flow but SRP at every client.
func TestAPasswordIsNeverTakenInTheClear(t *testing.T) {
	stage := open(t)
	c, tokens := web(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	for name, client := range clients(stage) {
		for _, flow := range []types.AuthFlowType{
			types.AuthFlowTypeUserPasswordAuth, types.AuthFlowTypeCustomAuth, types.AuthFlowTypeRefreshTokenAuth,
			types.AuthFlowTypeUserAuth,
		} {
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

// TestARefreshedTokenOfStepUpOrAccountCarriesNothing: with rotation AWS lets these clients refresh, and the trigger
// strips what comes of it. Their ID tokens yield no credentials either.
func TestARefreshedTokenOfStepUpOrAccountCarriesNothing(t *testing.T) {
	stage := open(t)
	c := customer(t, stage)
	v := e2e.NewVerifier()
	if err := stage.SignUp(t.Context(), c, v); err != nil {
		t.Fatal(err)
	}
	account, err := stage.SignInProving(t.Context(), c, stage.AccountClientID, v)
	if err != nil {
		t.Fatal(err)
	}
	refreshesToNothing(t, stage, stage.AccountClientID, account)
	stepped, err := stage.Protect(t.Context(), c, v)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(stepped.Scopes(), "securecart/orders.write") {
		t.Fatalf("stepped up with the scopes %q", stepped.Scopes())
	}
	refreshesToNothing(t, stage, stage.StepUpClientID, stepped)
}

func refreshesToNothing(t *testing.T, stage *e2e.Running, client string, tokens e2e.Tokens) {
	t.Helper()
	if refreshed, err := stage.RefreshAt(t.Context(), client, tokens); err == nil && len(refreshed.Scopes()) > 0 {
		t.Errorf("a refreshed token carries %q, want nothing", refreshed.Scopes())
	}
	if _, err := stage.Credentials(t.Context(), tokens.ID); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("credentials for an ID token of the client %s: got %v, want NotAuthorizedException", client, err)
	}
}
