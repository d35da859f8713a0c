package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestWrongRequestIsAnsweredBeforeAnyServiceIsCalled(t *testing.T) {
	api := newTestAPI(t)
	silent := lambdatest.Silent(t)
	api.client = dynamodb.NewFromConfig(silent.Config())
	request := requestOf(t, alice, parameters{"limit": "101", "cursor": "", "customerId": bob})
	request.MultiValueQueryStringParameters["limit"] = []string{"5", "6"}
	response := api.Serve(t, request)
	want := `"detail":"limit must be given once, got 2 values; cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - ` +
		`and _, got \"\"; unknown parameter \"customerId\", known are limit, cursor"`
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(response.Body, want) {
		t.Errorf("answer %d %s\nwant 400 with %s", response.StatusCode, response.Body, want)
	}
	if silent.Calls() != 0 || api.key.Calls() != 0 {
		t.Errorf("DynamoDB was called %d times and KMS %d times, want never", silent.Calls(), api.key.Calls())
	}
}

// Package customer tests every form of claims that name nobody.
func TestRequestOfNobodyIsRefusedAndLoggedAsAnError(t *testing.T) {
	for name, claims := range map[string]any{
		"missing":     nil,
		"no sub":      map[string]any{"token_use": "access"},
		"an ID token": map[string]any{"token_use": "id", "sub": alice},
	} {
		t.Run(name, func(t *testing.T) {
			api := newTestAPI(t)
			lambdatest.Put(t, api.table, orderOf(alice, "o-1", noon))
			request := lambdatest.Event(t, event)
			request.RequestContext.Authorizer["claims"] = claims
			response := api.Serve(t, request)
			if response.StatusCode != http.StatusUnauthorized || strings.Contains(response.Body, "o-1") {
				t.Errorf("answer %d %s; want a 401 problem", response.StatusCode, response.Body)
			}
			log := api.Log.String()
			if !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, `"error":"InvalidClaims"`) {
				t.Errorf("log %s; want an error InvalidClaims", log)
			}
		})
	}
}

func TestDynamoDBFailingIsAnswered503(t *testing.T) {
	for code, service := range lambdatest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			api := newTestAPI(t)
			api.client = dynamodb.NewFromConfig(service.Config())
			api.WantUnavailable(t, api.Serve(t, requestOf(t, alice, nil)), code, "DynamoDB Query", api.table)
		})
	}
}

func TestKMSFailingIsAnswered503AndBlamesNoCursor(t *testing.T) {
	tests := map[string]*lambdatest.Service{
		"ThrottlingException":  lambdatest.Refusing(t, 400, "ThrottlingException"),
		"KMSInternalException": lambdatest.Refusing(t, 500, "KMSInternalException"),
		"DisabledException":    lambdatest.Refusing(t, 400, "DisabledException"),
		"Timeout":              lambdatest.Silent(t),
	}
	for code, service := range tests {
		t.Run(code, func(t *testing.T) {
			api, next := paged(t)
			key := newKMSKey(kms.NewFromConfig(service.Config()), keyARN)
			api.sealer = cursor.NewSealer(key, contract.CursorPurpose)
			response := api.Serve(t, requestOf(t, alice, parameters{"cursor": next}))
			api.WantUnavailable(t, response, code, "KMS Decrypt", api.table)
			response = api.Serve(t, requestOf(t, alice, parameters{"limit": "1"}))
			api.WantUnavailable(t, response, code, "KMS Encrypt", api.table)
		})
	}
}
