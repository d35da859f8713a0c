package e2e_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/readme"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// routes returns the routes that require a token.
func routes(t *testing.T) []e2e.Call {
	t.Helper()
	rows := must.Get(readme.Rows("../../README.md"))(t)
	var calls []e2e.Call
	for _, row := range rows {
		_, _, isRoute := row.Route()
		if isRoute && (row.Cell("customer token") != "no" || row.Cell("stepped-up token") != "no") {
			calls = append(calls, e2e.Request(row.Action))
		}
	}
	if len(calls) < 9 {
		t.Fatalf("README has %d routes that want a token, want 9 or more", len(calls))
	}
	return calls
}

// web returns a customer who has signed in at the Web client.
func web(t *testing.T, stage *e2e.Running) (*e2e.Customer, e2e.Tokens) {
	t.Helper()
	c, _ := proven(t, stage)
	return c, signIn(t, stage, c, stage.WebClientID, "")
}

func TestNoRouteTakesATokenThatIsNotTheUserPools(t *testing.T) {
	t.Parallel()
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
		for _, route := range routes(t) {
			route.Token = token
			answer := must.Get(stage.Do(t.Context(), route))(t)
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
	t.Parallel()
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
			answer := must.Get(stage.Do(t.Context(), call))(t)
			if answer.Status != http.StatusForbidden && answer.Status != http.StatusNotFound {
				t.Errorf("%s %s: got %d, want 403 or 404", call.Method, call.Path, answer.Status)
			}
		}
	}
}

// TestAWrongPasswordAndAnUnknownCustomerLookAlike compares the answers to an attacker who tries addresses.
func TestAWrongPasswordAndAnUnknownCustomerLookAlike(t *testing.T) {
	t.Parallel()
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

// TestAWebTokenAdministersNothing tries the self-service operations for which a thief would use a stolen Web token.
func TestAWebTokenAdministersNothing(t *testing.T) {
	t.Parallel()
	stage := open(t)
	_, tokens := web(t, stage)
	opensNoSettings(t, stage, "a Web token", tokens)
}

// TestAPasswordIsNeverTakenInTheClear tries every flow but SRP at every client.
func TestAPasswordIsNeverTakenInTheClear(t *testing.T) {
	t.Parallel()
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
// removes the scopes of refreshed tokens. The clients' ID tokens yield no credentials either.
func TestARefreshedTokenOfStepUpOrAccountCarriesNothing(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, v := proven(t, stage)
	refreshesToNothing(t, stage, stage.AccountClientID, signIn(t, stage, c, stage.AccountClientID, v))
	stepped := protects(t, stage, c, v)
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
	_, err := stage.Credentials(t.Context(), tokens.ID)
	refused(t, "credentials for an ID token of the client "+client, err)
}
