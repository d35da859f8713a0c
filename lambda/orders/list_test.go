package main

import (
	"fmt"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const noon = "2026-07-15T12:00:00.000Z"

func TestOrderIsShownAsItIsStored(t *testing.T) {
	api := newTestAPI(t)
	lambdatest.Put(t, api.table, orderOf(alice, "o-1", "2026-07-15T11:46:02.123Z"))
	want := events.APIGatewayProxyResponse{
		StatusCode: 200,
		Headers: map[string]string{
			"Access-Control-Allow-Origin":   origin,
			"Access-Control-Expose-Headers": exposed,
			"Cache-Control":                 "no-store",
			"Content-Type":                  "application/json",
			"Vary":                          "Origin",
			"X-Content-Type-Options":        "nosniff",
		},
		Body: `{"orders":[{"id":"o-1","createdAt":"2026-07-15T11:46:02.123Z","status":"paid",` +
			`"total":{"amount":4497,"currency":"EUR"},` +
			`"lines":[{"sku":"mug-blue","name":"Mug \u003cblue\u003e","quantity":3,` +
			`"unitPrice":{"amount":1499,"currency":"EUR"}}]}]}`,
	}
	lambdatest.Same(t, "answer", api.Serve(t, requestOf(t, alice, nil)), want)
	if api.key.Calls() != 0 {
		t.Errorf("KMS was called %d times for a list of one page", api.key.Calls())
	}
}

func TestCustomerWithoutOrdersGetsAnEmptyList(t *testing.T) {
	got := newTestAPI(t).Serve(t, requestOf(t, alice, nil)).Body
	if want := `{"orders":[]}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
}

func TestPageHasTwentyOrdersUnlessTheRequestSays(t *testing.T) {
	api := newTestAPI(t)
	orders := make([]placed, 101)
	for i := range orders {
		orders[i] = orderOf(alice, fmt.Sprintf("o-%03d", i), fmt.Sprintf("2026-07-15T12:00:00.%03dZ", i))
	}
	lambdatest.Put(t, api.table, orders...)
	for limit, want := range map[string]int{"": 20, "1": 1, "2": 2, "100": 100} {
		var sent parameters
		if limit != "" {
			sent = parameters{"limit": limit}
		}
		got := api.read(t, alice, sent)
		if len(got.Orders) != want || got.Orders[0].ID != "o-100" || got.NextCursor == "" {
			t.Errorf("limit %q: %d orders from %s, next %q; want %d from o-100 and a next page",
				limit, len(got.Orders), got.Orders[0].ID, got.NextCursor, want)
		}
	}
}

func TestOrderPlacedBetweenTwoPagesMovesNoOther(t *testing.T) {
	api := newTestAPI(t)
	for i := range 4 {
		lambdatest.Put(t, api.table, orderOf(alice, fmt.Sprintf("o-%d", i), fmt.Sprintf("2026-07-15T12:00:0%d.000Z", i)))
	}
	first := api.read(t, alice, parameters{"limit": "2"})
	lambdatest.Put(t, api.table, orderOf(alice, "o-new", "2026-07-15T13:00:00.000Z"))
	second := api.read(t, alice, parameters{"limit": "2", "cursor": first.NextCursor})
	got := append(ids(first.Orders), ids(second.Orders)...)
	lambdatest.Same(t, "both pages", got, []string{"o-3", "o-2", "o-1", "o-0"})
}

// The local engine is always consistent, so its responses do not show whether a read was.
func TestOrdersAreReadConsistentlyFromTheIndexByTime(t *testing.T) {
	input := newTestAPI(t).query(alice, nil)
	if !aws.ToBool(input.ConsistentRead) {
		t.Error("ConsistentRead is off: a customer could miss the order they have just placed")
	}
	if aws.ToString(input.IndexName) != "byCreatedAt" || aws.ToBool(input.ScanIndexForward) {
		t.Errorf("index %q, forward %t; want byCreatedAt, backward",
			aws.ToString(input.IndexName), aws.ToBool(input.ScanIndexForward))
	}
}
