package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/kmskey"
	"github.com/securecart/identity/lambda/internal/kmstest"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestWrongRequestIsAnsweredBeforeAnyServiceIsCalled(t *testing.T) {
	shop := newShop(t)
	silent := awstest.Silent(t)
	shop.client = dynamodb.NewFromConfig(silent.Config())
	request := requestOf(t, alice, parameters{"limit": "101", "cursor": "", "customerId": bob})
	request.MultiValueQueryStringParameters["limit"] = []string{"5", "6"}
	response := shop.Serve(t, request)
	want := `"detail":"limit must be given once, got 2 values; ` +
		`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got \"\"; ` +
		`unknown parameter \"customerId\", known are limit, cursor"`
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(response.Body, want) {
		t.Errorf("answer %d %s\nwant 400 with %s", response.StatusCode, response.Body, want)
	}
	if silent.Calls() != 0 || shop.key.Calls() != 0 {
		t.Errorf("DynamoDB was called %d times and KMS %d times, want never", silent.Calls(), shop.key.Calls())
	}
}

func TestRequestOfNobodyIsRefusedAndLoggedAsAnError(t *testing.T) {
	for name, claims := range map[string]any{
		"missing":      nil,
		"a string":     "sub=" + alice,
		"no sub":       map[string]any{"token_use": "access"},
		"sub a number": map[string]any{"token_use": "access", "sub": 7.0},
		"sub no UUID":  map[string]any{"token_use": "access", "sub": "alice"},
		"an ID token":  map[string]any{"token_use": "id", "sub": alice},
	} {
		t.Run(name, func(t *testing.T) {
			shop := newShop(t)
			dynamotest.Put(t, shop.table, orderOf(alice, "o-1", noon))
			request := lambdatest.Event(t, event)
			request.RequestContext.Authorizer["claims"] = claims
			response := shop.Serve(t, request)
			if response.StatusCode != http.StatusUnauthorized || strings.Contains(response.Body, "o-1") {
				t.Errorf("answer %d %s; want a 401 problem", response.StatusCode, response.Body)
			}
			log := shop.Log.String()
			if !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, `"error":"InvalidClaims"`) {
				t.Errorf("log %s; want an error InvalidClaims", log)
			}
		})
	}
}

func TestDynamoDBFailingIsAnswered503(t *testing.T) {
	for code, service := range awstest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			shop := newShop(t)
			shop.client = dynamodb.NewFromConfig(service.Config())
			shop.WantUnavailable(t, shop.Serve(t, requestOf(t, alice, nil)), code, "DynamoDB Query", shop.table)
		})
	}
}

func TestKMSFailingIsAnswered503AndBlamesNoCursor(t *testing.T) {
	tests := map[string]*awstest.Service{
		"ThrottlingException":  awstest.Refusing(t, 400, "ThrottlingException"),
		"KMSInternalException": awstest.Refusing(t, 500, "KMSInternalException"),
		"DisabledException":    awstest.Refusing(t, 400, "DisabledException"),
		"Timeout":              awstest.Silent(t),
	}
	for code, service := range tests {
		t.Run(code, func(t *testing.T) {
			shop, next := paged(t)
			key := kmskey.New(kms.NewFromConfig(service.Config()), kmstest.ARN)
			shop.sealer = cursor.NewSealer(key, contract.CursorPurpose)
			response := shop.Serve(t, requestOf(t, alice, parameters{"cursor": next}))
			shop.WantUnavailable(t, response, code, "KMS Decrypt", shop.table)
			response = shop.Serve(t, requestOf(t, alice, parameters{"limit": "1"}))
			shop.WantUnavailable(t, response, code, "KMS Encrypt", shop.table)
		})
	}
}
