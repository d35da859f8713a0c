package main

import (
	"context"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/shop"
)

func TestLineThatCannotBeOrderedIsNamed(t *testing.T) {
	s := newStockedShop(t)
	const tea = `{"items":[{"sku":"tea","quantity":1}`
	s.offer(t, map[string]any{
		"sku": "mug-soon", "name": "n", "priceMinor": 1, "currency": "EUR", "shelf": "not-yet", "categorySku": "x",
	})
	for text, detail := range map[string]string{
		tea + `,{"sku":"unheard-of","quantity":1}]}`: "items[1].sku is not for sale",
		tea + `,{"sku":"mug-old","quantity":1}]}`:    "items[1].sku is not for sale",
		tea + `,{"sku":"mug-soon","quantity":1}]}`:   "items[1].sku is not for sale",
		tea + `,{"sku":"Mug-blue","quantity":1}]}`:   "items[1].sku is not for sale",
		tea + `,{"sku":"cuckoo-clock","quantity":1}]}`: "items[1].sku is sold in CHF, what comes before it in EUR; " +
			"order them apart",
		`{"items":[{"sku":"mug-old","quantity":1},{"sku":"cuckoo-clock","quantity":1},` +
			`{"sku":"tea","quantity":1},{"sku":"no","quantity":1}]}`: "items[0].sku is not for sale; " +
			"items[2].sku is sold in EUR, what comes before it in CHF; order them apart; items[3].sku is not for sale",
	} {
		s.wantRefusal(t, s.Serve(t, orderRequest(t, alice, key, text)), http.StatusUnprocessableEntity, detail)
	}
	s.place(t, alice, key, `{"items":[{"sku":"cuckoo-clock","quantity":1}]}`)
}

func TestTotalNeverOverflows(t *testing.T) {
	s := newStockedShop(t)
	s.offer(t, forSale("palace", math.MaxInt64, "EUR"),
		forSale("moon", 1<<62, "EUR"), // four of it cost nothing in 64 bits
		forSale("castle", maxTotal, "EUR"), forSale("house", maxTotal/99+1, "EUR"))
	const tooMuch = "quantity makes the order cost more than one may"
	for text, detail := range map[string]string{
		`{"items":[{"sku":"palace","quantity":1}]}`:                                 "items[0]." + tooMuch,
		`{"items":[{"sku":"palace","quantity":99}]}`:                                "items[0]." + tooMuch,
		`{"items":[{"sku":"moon","quantity":4}]}`:                                   "items[0]." + tooMuch,
		`{"items":[{"sku":"castle","quantity":2}]}`:                                 "items[0]." + tooMuch,
		`{"items":[{"sku":"house","quantity":99}]}`:                                 "items[0]." + tooMuch,
		`{"items":[{"sku":"castle","quantity":1},{"sku":"mug-blue","quantity":1}]}`: "items[1]." + tooMuch,
	} {
		s.wantRefusal(t, s.Serve(t, orderRequest(t, alice, key, text)), http.StatusUnprocessableEntity, detail)
	}
	got := s.place(t, alice, key, `{"items":[{"sku":"castle","quantity":1},{"sku":"tea","quantity":99}]}`)
	if want := `"total":{"amount":9007199254740991,`; !strings.Contains(got.Body, want) {
		t.Errorf("answer %s; want %s in it", got.Body, want)
	}
}

func TestMalformedProductIsNotSold(t *testing.T) {
	for name, attributes := range map[string]map[string]any{
		"no price":            {"name": "n", "currency": "EUR"},
		"price null":          {"name": "n", "currency": "EUR", "priceMinor": nil},
		"price negative":      {"name": "n", "currency": "EUR", "priceMinor": -1},
		"price with decimals": {"name": "n", "currency": "EUR", "priceMinor": 14.99},
		"price a string":      {"name": "n", "currency": "EUR", "priceMinor": "1499"},
		"no currency":         {"name": "n", "priceMinor": 1},
		"no name":             {"priceMinor": 1, "currency": "EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStockedShop(t)
			attributes["sku"], attributes["shelf"], attributes["categorySku"] = "broken", shop.ForSale, "x"
			s.offer(t, attributes)
			response := s.Serve(t, orderRequest(t, alice, key, `{"items":[{"sku":"broken","quantity":1}]}`))
			s.wantRefusal(t, response, http.StatusInternalServerError, "our side")
			if log := s.Log.String(); !strings.Contains(log, `"error":"MalformedItem","reason":"product broken: `) {
				t.Errorf("the log does not name the product: %s", log)
			}
		})
	}
}

// sparing answers only some of the requested keys, as a busy DynamoDB does.
type sparing struct {
	batchGetter
	most  int
	calls int
}

func (s *sparing) BatchGetItem(
	ctx context.Context, input *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.BatchGetItemOutput, error) {
	s.calls++
	asked, left := *input, map[string]types.KeysAndAttributes{}
	asked.RequestItems = map[string]types.KeysAndAttributes{}
	for table, keys := range input.RequestItems {
		now, later := keys, keys
		now.Keys, later.Keys = keys.Keys[:min(s.most, len(keys.Keys))], keys.Keys[min(s.most, len(keys.Keys)):]
		asked.RequestItems[table] = now
		if len(later.Keys) > 0 {
			left[table] = later
		}
	}
	if s.most == 0 {
		return &dynamodb.BatchGetItemOutput{UnprocessedKeys: left}, nil
	}
	output, err := s.batchGetter.BatchGetItem(ctx, &asked, options...)
	if err == nil {
		output.UnprocessedKeys = left
	}
	return output, err
}

func TestPricesThatWereLeftOutAreAskedForAgainButNotForEver(t *testing.T) {
	t.Parallel() // most of it is waiting
	const three = `{"items":[{"sku":"mug-blue","quantity":1},{"sku":"mug-red","quantity":1},{"sku":"tea","quantity":1}]}`
	s := newStockedShop(t)
	busy := &sparing{batchGetter: s.checkout.prices.client, most: 1}
	s.checkout.prices.client = busy
	if got := s.place(t, alice, key, three).Body; strings.Count(got, `"sku"`) != 3 || busy.calls != 3 {
		t.Errorf("answer %s after %d look-ups; want three lines after 3", got, busy.calls)
	}
	s = newStockedShop(t)
	idle := &sparing{batchGetter: s.checkout.prices.client}
	s.checkout.prices.client = idle
	response := s.Serve(t, orderRequest(t, alice, key, three))
	s.wantRefusal(t, response, http.StatusServiceUnavailable, "busy")
	logged := strings.Contains(s.Log.String(), `"error":"UnprocessedKeys"`)
	if response.Headers["Retry-After"] != "1" || idle.calls != maxLookUps || !logged {
		t.Errorf("Retry-After %q after %d look-ups, log %s; want 1 after %d and UnprocessedKeys",
			response.Headers["Retry-After"], idle.calls, s.Log, maxLookUps)
	}
}

// lagging answers like DynamoDB before a change has reached every copy of the table: an eventually consistent read
// finds the mugs at their old price.
type lagging struct{ batchGetter }

func (l lagging) BatchGetItem(
	ctx context.Context, input *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.BatchGetItemOutput, error) {
	output, err := l.batchGetter.BatchGetItem(ctx, input, options...)
	if err != nil {
		return nil, err
	}
	for table, items := range output.Responses {
		for _, item := range items {
			if !aws.ToBool(input.RequestItems[table].ConsistentRead) {
				item["priceMinor"] = lambdatest.Number("1")
			}
		}
	}
	return output, nil
}

// The local engine is always consistent, so lagging answers instead.
func TestProductThatHasJustBecomeDearerIsSoldAtTheNewPrice(t *testing.T) {
	for _, most := range []int{2, 1} { // at once, and asked for again
		s := newStockedShop(t)
		s.checkout.prices.client = lagging{&sparing{batchGetter: s.checkout.prices.client, most: most}}
		got := s.place(t, alice, key, `{"items":[{"sku":"tea","quantity":1},{"sku":"mug-blue","quantity":3}]}`).Body
		if want := `"total":{"amount":4497,"currency":"EUR"}`; !strings.Contains(got, want) {
			t.Errorf("%d products a look-up: answer %s; want %s, at the price that the table has now", most, got, want)
		}
	}
}
