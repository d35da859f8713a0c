package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/table"
)

// personal is the event with all personal claims that a token could carry.
func personal(t *testing.T, sent parameters) events.APIGatewayProxyRequest {
	t.Helper()
	request := requestOf(t, alice, sent)
	claims := lambdatest.Claims(request)
	claims["email"], claims["name"], claims["phone_number"] = "alice@mail.example", "Alice Liddell", "+4915112345678"
	return request
}

func TestLogHoldsNothingOfTheCaller(t *testing.T) {
	api := newTestAPI(t)
	lambdatest.Put(t, api.table, orderOf(alice, "o-1", noon), orderOf(alice, "o-2", noon))
	throttled := dynamodb.NewFromConfig(lambdatest.Refusing(t, 400, "ThrottlingException").Config())
	broken := func(request events.APIGatewayProxyRequest, claim string, value any) events.APIGatewayProxyRequest {
		lambdatest.Claims(request)[claim] = value
		return request
	}
	tests := map[string]struct {
		request events.APIGatewayProxyRequest
		client  table.Querier
		status  int
		count   int
	}{
		"success":   {personal(t, nil), api.client, http.StatusOK, 2},
		"next page": {personal(t, parameters{"limit": "1"}), api.client, http.StatusOK, 1},
		"wrong parameters": {
			personal(t, parameters{"limit": "alice@mail.example", alice: alice}), api.client, http.StatusBadRequest, 0,
		},
		"wrong cursor": {personal(t, parameters{"cursor": alice}), api.client, http.StatusBadRequest, 0},
		"ID token":     {broken(personal(t, nil), "token_use", "id-of-alice"), api.client, http.StatusUnauthorized, 0},
		"wrong sub":    {broken(personal(t, nil), "sub", "sub-of-alice"), api.client, http.StatusUnauthorized, 0},
		"throttled":    {personal(t, nil), throttled, http.StatusServiceUnavailable, 0},
		"panic":        {personal(t, nil), nil, http.StatusInternalServerError, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			api.client = test.client
			response := api.Serve(t, test.request)
			if response.StatusCode != test.status {
				t.Fatalf("answer %d %s; want %d", response.StatusCode, response.Body, test.status)
			}
			wantLine(t, api.Log.String(), test.status, test.count)
			for _, value := range told(test.request) {
				if strings.Contains(api.Log.String(), value) {
					t.Errorf("the log holds %q: %s", value, api.Log)
				}
			}
		})
	}
}

func TestLogOfAnOrderHoldsNothingOfTheCaller(t *testing.T) {
	for name, request := range map[string]events.APIGatewayProxyRequest{
		"placed": orderRequest(t, alice, key, mugs),
		"not for sale": orderRequest(t, alice, key,
			`{"items":[{"sku":"alice@mail.example","quantity":1},{"sku":"mug-old","quantity":1}]}`),
		"unknown field":  orderRequest(t, alice, key, `{"alice@mail.example":1}`),
		"repeated field": orderRequest(t, alice, key, `{"mug-blue":1,"mug-blue":2}`),
		"no JSON":        orderRequest(t, alice, key, `alice@mail.example`),
		"wrong key":      orderRequest(t, alice, "alice@mail.example", mugs),
		"wrong sub":      orderRequest(t, "sub-of-alice", key, mugs),
		"not stepped up": func() events.APIGatewayProxyRequest {
			r := orderRequest(t, alice, key, mugs)
			lambdatest.Claims(r)["acr"] = "alice@mail"
			return r
		}(),
	} {
		s := newStockedShop(t)
		response := s.Serve(t, request)
		for _, value := range append(told(request), key, orderID(alice, key), "mug-", "alice") {
			if strings.Contains(s.Log.String(), value) {
				t.Errorf("%s, answered %d: the log holds %q: %s", name, response.StatusCode, value, s.Log)
			}
		}
	}
}

// told lists every claim, header and parameter long enough to mean something.
func told(request events.APIGatewayProxyRequest) []string {
	var all []string
	for _, value := range lambdatest.Claims(request) {
		all = append(all, fmt.Sprint(value))
	}
	for _, value := range request.Headers {
		all = append(all, value, strings.TrimPrefix(value, "Bearer "))
	}
	for name, value := range request.QueryStringParameters {
		all = append(all, name, value)
	}
	var long []string
	for _, value := range all {
		// "limit" and "cursor" are known names, "443" and "DE" are everywhere.
		if len(value) > len("cursor") {
			long = append(long, value)
		}
	}
	return long
}

func wantLine(t *testing.T, log string, status, count int) {
	t.Helper()
	line := lambdatest.Line[struct {
		RequestID, Route string
		Status           int
		Count            *int
	}](t, log)
	if line.RequestID != "c6af9ac6-7b61-11e6-9a41-93e8deadbeef" || line.Route != "GET /orders" ||
		line.Status != status || line.Count == nil || *line.Count != count {
		t.Errorf("log %s lacks requestId, route, status %d or count %d", log, status, count)
	}
}
