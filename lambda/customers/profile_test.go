package main

import (
	"context"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
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

// failing reads from one engine and writes to another.
type failing struct {
	profileStore
	updater updater
}

func (f failing) UpdateItem(
	ctx context.Context, input *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	return f.updater.UpdateItem(ctx, input, options...)
}

func TestTableThatFailsIsAnswered503AndNoProfileIsChanged(t *testing.T) {
	for code, service := range lambdatest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			a := newAccount(t)
			working := a.profiles.client
			broken := dynamodb.NewFromConfig(service.Config())
			a.profiles.client = broken
			a.wantBusy(t, a.Serve(t, requestOf(t, "GET", "/profile", "")), code, "DynamoDB GetItem")
			a.profiles.client = failing{profileStore: working, updater: broken}
			a.wantBusy(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)), code, "DynamoDB UpdateItem")
			a.profiles.client = working
			lambdatest.WantNoContent(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)))
		})
	}
}

// watched records the requests to DynamoDB. The local engine is always consistent, so responses do not show whether a
// read was.
type watched struct {
	profileStore
	asked *dynamodb.GetItemInput
}

func (w *watched) GetItem(
	ctx context.Context, input *dynamodb.GetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	w.asked = input
	return w.profileStore.GetItem(ctx, input, options...)
}

func TestProfileIsReadConsistentlyAndWithoutThePaymentMethod(t *testing.T) {
	a := newAccount(t)
	client := &watched{profileStore: a.profiles.client}
	a.profiles.client = client
	a.profile(t)
	if !aws.ToBool(client.asked.ConsistentRead) {
		t.Error("ConsistentRead is off: a customer who has just changed the profile could find the old one")
	}
	const want = "#name, #givenName, #familyName, #locale, #address"
	if got := aws.ToString(client.asked.ProjectionExpression); got != want {
		t.Errorf("projection %s, want %s", got, want)
	}
}
