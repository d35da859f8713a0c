package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// profile returns the answer to GET /profile, which must be 200.
func (a *account) profile(t *testing.T) string {
	t.Helper()
	response := a.Serve(t, requestOf(t, "GET", "/profile", ""))
	if response.StatusCode != http.StatusOK {
		t.Fatalf("answer %d %s; want 200", response.StatusCode, response.Body)
	}
	if cache := response.Headers["Cache-Control"]; cache != "no-store" {
		t.Errorf("Cache-Control %s, want no-store", cache)
	}
	return response.Body
}

func TestProfileIsShownAsTheTableHasItAndNothingElseOfTheItem(t *testing.T) {
	for name, test := range map[string]struct {
		attributes map[string]any
		want       string
	}{
		"everything": {map[string]any{
			"name": "Alice Liddell", "givenName": "Alice", "familyName": "Liddell", "locale": "en-GB", "address": "Oxford",
			"paymentMethod": map[string]any{"provider": "stripe", "token": "pm_12345678"}, "note": "n",
		}, `{"address":"Oxford","familyName":"Liddell","givenName":"Alice","locale":"en-GB","name":"Alice Liddell"}`},
		"a part":                 {map[string]any{"locale": "de"}, `{"locale":"de"}`},
		"a payment method only":  {map[string]any{"paymentMethod": "old"}, `{}`},
		"fields of another type": {map[string]any{"name": 7, "address": nil, "locale": "de"}, `{"locale":"de"}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.put(t, bob, map[string]any{"name": "Bob"})
			a.put(t, alice, test.attributes)
			if got := a.profile(t); got != test.want {
				t.Errorf("answer %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestProfileOfANewCustomerIsEmptyAndNotMissing(t *testing.T) {
	a := newAccount(t)
	if got := a.profile(t); got != `{}` {
		t.Errorf("answer %s, want {}", got)
	}
	a.wantUnchanged(t)
}

func TestProfileIsShownWithoutAStepUp(t *testing.T) {
	a := newAccount(t)
	request := requestOf(t, "GET", "/profile", "")
	lambdatest.Claims(request)["client_id"], lambdatest.Claims(request)["auth_time"] = web, "1784000000"
	if response := a.Serve(t, request); response.StatusCode != http.StatusOK {
		t.Errorf("answer %d %s; want 200", response.StatusCode, response.Body)
	}
}

func TestProfileOfAnotherSubIsNotShown(t *testing.T) {
	a := newAccount(t)
	a.put(t, alice, map[string]any{"name": "Alice"})
	a.put(t, bob, map[string]any{"name": "Bob"})
	request := requestOf(t, "GET", "/profile", "")
	// Claims that must not select the customer. The user name of a provider's customer is not the sub.
	lambdatest.Claims(request)["username"] = bob
	request = lambdatest.WithQuery(request, map[string]string{"username": bob, "sub": bob, "customerId": bob})
	request.PathParameters = map[string]string{"customerId": bob}
	request.Body = `{"customerId":"` + bob + `"}`
	if response := a.Serve(t, request); response.StatusCode != http.StatusOK || response.Body != `{"name":"Alice"}` {
		t.Errorf("answer %d %s; want 200 and Alice's", response.StatusCode, response.Body)
	}
}

// Package customer tests every form of claims that name nobody.
func TestProfileOfNobodyIsRefused(t *testing.T) {
	for name, claims := range map[string]any{
		"no claims":   nil,
		"an ID token": map[string]any{"token_use": "id", "sub": alice},
		"no sub":      map[string]any{"token_use": "access", "username": alice},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			request := requestOf(t, "GET", "/profile", "")
			request.RequestContext.Authorizer["claims"] = claims
			a.wantProblem(t, a.Serve(t, request), http.StatusUnauthorized, "Sign in")
		})
	}
}

func TestTableThatFailsIsAnswered503AndNoProfileIsChanged(t *testing.T) {
	a := newAccount(t)
	working, refusing := a.profiles.client, lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	for operation, request := range map[string]events.APIGatewayProxyRequest{
		"GetItem":    requestOf(t, "GET", "/profile", ""),
		"UpdateItem": requestOf(t, "PUT", "/profile", `{"name":"A"}`),
	} {
		a.profiles.client = dynamodb.NewFromConfig(refusing.Only(t, operation).Config())
		a.wantBusy(t, a.Serve(t, request), "AccessDeniedException", "DynamoDB "+operation)
	}
	a.profiles.client = working
	lambdatest.WantNoContent(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)))
}

// The local engine is always consistent, so its responses do not show whether a read was.
func TestProfileIsReadConsistentlyAndWithoutThePaymentMethod(t *testing.T) {
	a := newAccount(t)
	services := lambdatest.NewServices(t, nil)
	services.Name = func(call lambdatest.Call) string {
		return fmt.Sprint(call.Operation, " ", call.Request["ConsistentRead"], " ", call.Request["ProjectionExpression"])
	}
	a.profiles.client = dynamodb.NewFromConfig(lambdatest.AWSConfig(services.URL))
	a.profile(t)
	want := []string{"GetItem true #name, #givenName, #familyName, #locale, #address"}
	lambdatest.Same(t, "operation, consistency and projection", services.Calls, want)
}
