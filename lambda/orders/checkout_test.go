package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

func TestOrderIsPlacedAtTheShopsPrices(t *testing.T) {
	s := newStockedShop(t)
	response := s.place(t, alice, key, `{"items":[`+
		`{"sku":"mug-blue","quantity":3},{"sku":"tea","quantity":99},{"sku":"mug-red","quantity":1}]}`)
	id := orderID(alice, key)
	want := `{"id":"` + id + `","createdAt":"2026-07-15T11:46:02.123Z","status":"placed",` +
		`"total":{"amount":6096,"currency":"EUR"},"lines":[` +
		`{"sku":"mug-blue","name":"The mug-blue","quantity":3,"unitPrice":{"amount":1499,"currency":"EUR"}},` +
		`{"sku":"tea","name":"The tea","quantity":99,"unitPrice":{"amount":0,"currency":"EUR"}},` +
		`{"sku":"mug-red","name":"The mug-red","quantity":1,"unitPrice":{"amount":1599,"currency":"EUR"}}]}`
	if response.Body != want || response.Headers["Location"] != "orders/"+id {
		t.Errorf("answer at %s\n%s\nwant orders/%s\n%s", response.Headers["Location"], response.Body, id, want)
	}
	listed := s.Serve(t, requestOf(t, alice, nil)).Body
	if want := `{"orders":[` + response.Body + `]}`; listed != want {
		t.Errorf("GET /orders shows\n%s\nwant what was answered\n%s", listed, want)
	}
}

func TestOrderIsStoredWhole(t *testing.T) {
	s := newStockedShop(t)
	s.place(t, alice, key, mugs)
	var stored []map[string]any
	if err := attributevalue.UnmarshalListOfMaps(s.records(t), &stored); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"customerId": alice, "orderId": orderID(alice, key), "createdAt": "2026-07-15T11:46:02.123Z", "status": "placed",
		"currency": "EUR", "totalMinor": 4497.0,
		"lines": []any{map[string]any{"sku": "mug-blue", "name": "The mug-blue", "quantity": 3.0, "unitPriceMinor": 1499.0}},
		// SHA-256 of [{"sku":"mug-blue","quantity":3}]. A changed fingerprint would refuse repeated requests of orders that
		// an older version placed.
		"fingerprint": "7858bc936d9baf5d55c2f7bca250f19afe3061bba8c46f0060bba9dfba8da8eb",
	}}
	lambdatest.Same(t, "stored", stored, want)
}

func TestSecondTryGetsTheFirstAnswer(t *testing.T) {
	tests := map[string]struct {
		meanwhile func(*testing.T, *api)
		key, body string
	}{
		"at once":         {func(*testing.T, *api) {}, key, mugs},
		"key in capitals": {func(*testing.T, *api) {}, strings.ToUpper(key), mugs},
		"body written otherwise": {func(*testing.T, *api) {}, key,
			` { "items" : [ { "quantity" : 3, "\u0073ku" : "mug\u002dblue" } ] } `},
		"prices have changed":  {func(t *testing.T, s *api) { s.offer(t, forSale("mug-blue", 1, "EUR")) }, key, mugs},
		"currency has changed": {func(t *testing.T, s *api) { s.offer(t, forSale("mug-blue", 1499, "CHF")) }, key, mugs},
		"no longer for sale": {func(t *testing.T, s *api) {
			s.offer(t, map[string]any{"sku": "mug-blue"})
		}, key, mugs},
		"no longer there": {func(t *testing.T, s *api) {
			_, err := lambdatest.DynamoDB(t).DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
				TableName: aws.String(s.checkout.prices.table), Key: table.Item{"sku": table.String("mug-blue")},
			})
			if err != nil {
				t.Fatal(err)
			}
		}, key, mugs},
		"product is broken": {func(t *testing.T, s *api) {
			s.offer(t, map[string]any{"sku": "mug-blue", "shelf": shop.ForSale, "categorySku": "x"})
		}, key, mugs},
		"three years later": {func(_ *testing.T, s *api) {
			arrival := arrival.AddDate(3, 0, 0)
			s.checkout.gate.Now = func() time.Time { return arrival }
		}, key, mugs},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStockedShop(t)
			first := s.place(t, alice, key, mugs)
			test.meanwhile(t, s)
			again := orderRequest(t, alice, test.key, test.body)
			lambdatest.Claims(again)["auth_time"] = fmt.Sprint(s.checkout.gate.Now().Unix())
			lambdatest.Same(t, "second answer", s.Serve(t, again), first)
			if stored := s.records(t); len(stored) != 1 {
				t.Errorf("%d orders are stored, want 1", len(stored))
			}
		})
	}
}

func TestOrderSentManyTimesAtOnceIsPlacedOnce(t *testing.T) {
	s := newStockedShop(t)
	request := orderRequest(t, alice, key, mugs)
	answers := make([]events.APIGatewayProxyResponse, 25)
	var sent sync.WaitGroup
	for i := range answers {
		sent.Go(func() {
			// The error is always nil.
			answers[i], _ = s.API.Serve(t.Context(), request)
		})
	}
	sent.Wait()
	for i, answer := range answers {
		if diff := cmp.Diff(answers[0], answer); diff != "" || answer.StatusCode != http.StatusCreated {
			t.Fatalf("answer %d: %d %s (-first +this):\n%s", i, answer.StatusCode, answer.Body, diff)
		}
	}
	if stored := s.records(t); len(stored) != 1 {
		t.Errorf("%d orders are stored, want 1", len(stored))
	}
}

func TestKeyOfAnOrderIsRefusedForAnother(t *testing.T) {
	s := newStockedShop(t)
	first := s.place(t, alice, key, mugs)
	for name, other := range map[string]string{
		"another quantity": `{"items":[{"sku":"mug-blue","quantity":4}]}`,
		"another product":  `{"items":[{"sku":"mug-red","quantity":3}]}`,
		"another line":     `{"items":[{"sku":"mug-blue","quantity":3},{"sku":"tea","quantity":1}]}`,
		"not for sale":     `{"items":[{"sku":"mug-old","quantity":3}]}`,
	} {
		response := s.Serve(t, orderRequest(t, alice, key, other))
		const detail = "Idempotency-Key is that of an order with other items"
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(response.Body, detail) {
			t.Errorf("%s: answer %d %s; want 422 about the key", name, response.StatusCode, response.Body)
		}
	}
	if again := s.place(t, alice, key, mugs); again.Body != first.Body {
		t.Errorf("the order is now %s, want it as it was: %s", again.Body, first.Body)
	}
}

func TestKeyIsTheCustomersOwn(t *testing.T) {
	s := newStockedShop(t)
	hers := s.place(t, alice, key, mugs)
	his := s.place(t, bob, key, `{"items":[{"sku":"tea","quantity":1}]}`)
	if hers.Headers["Location"] == his.Headers["Location"] {
		t.Errorf("Alice's and Bob's order are both %s", his.Headers["Location"])
	}
	if got := s.read(t, alice, nil).Orders; len(got) != 1 || got[0].Lines[0].SKU != "mug-blue" {
		t.Errorf("Alice has %v, want her own order", got)
	}
}
