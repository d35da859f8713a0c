package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// items is a body of n lines, each with another product.
func items(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"sku":"tea-%02d","quantity":1}`, i)
	}
	return `{"items":[` + strings.Join(lines, ",") + `]}`
}

func TestOrderOfFiftyLinesIsPlaced(t *testing.T) {
	s := newStockedShop(t)
	teas := make([]map[string]any, 50)
	for i := range teas {
		teas[i] = forSale(fmt.Sprintf("tea-%02d", i), int64(i), "EUR")
	}
	s.offer(t, teas...)
	if got := s.place(t, alice, key, items(50)).Body; !strings.Contains(got, `"total":{"amount":1225,"currency":"EUR"}`) {
		t.Errorf("answer %s; want a total of 1225", got)
	}
}

func TestWrongCartIsRefusedBeforeAnyTableIsAsked(t *testing.T) {
	s := newStockedShop(t)
	silent := lambdatest.Silent(t)
	client := dynamodb.NewFromConfig(silent.Config())
	s.checkout.client, s.checkout.prices.client = client, client
	line := func(fields string) string {
		return `{"items":[{"sku":"mug-blue","quantity":1},{"sku":"mug-red",` + fields + `}]}`
	}
	const quantity = "items[1].quantity must be a whole number from 1 to 99"
	for text, want := range map[string]struct {
		status int
		detail string
	}{
		// Package gateway tests what no body may be.
		"":                                      {400, "must not be empty"},
		line(`"quantity":1,"quantity":99`):      {400, "items[1].quantity is given more than once"},
		items(900):                              {413, "16384"},
		`[]`:                                    {422, "body must be an object"},
		`{}`:                                    {422, "items is missing"},
		`{"items":[]}`:                          {422, "items must be a list of 1 to 50 entries"},
		items(51):                               {422, "items must be a list of 1 to 50 entries"},
		`{"items":{"sku":"mug-blue"}}`:          {422, "items must be a list"},
		`{"items":["mug-blue"]}`:                {422, "items[0] must be an object"},
		`{"items":[{}]}`:                        {422, "items[0].sku is missing; items[0].quantity is missing"},
		line(`"quantity":0`):                    {422, quantity},
		line(`"quantity":-1`):                   {422, quantity},
		line(`"quantity":100`):                  {422, quantity},
		line(`"quantity":1e9`):                  {422, quantity},
		line(`"quantity":1000000000`):           {422, quantity},
		line(`"quantity":1.5`):                  {422, quantity},
		line(`"quantity":"1"`):                  {422, quantity},
		line(`"quantity":null`):                 {422, quantity},
		line(`"quantity":9223372036854775808`):  {422, quantity},
		line(`"quantity":1,"price":1`):          {422, "items[1].price is unknown"},
		line(`"quantity":1,"unitPriceMinor":0`): {422, "items[1].unitPriceMinor is unknown"},
		`{"items":[{"sku":"tea","quantity":1}],"currency":"USD"}`:            {422, "currency is unknown"},
		`{"items":[{"sku":"tea","quantity":1}],"customerId":"` + bob + `"}`:  {422, "customerId is unknown"},
		`{"items":[{"sku":"","quantity":1}]}`:                                {422, "items[0].sku must be 1 to 64"},
		`{"items":[{"sku":7,"quantity":1}]}`:                                 {422, "items[0].sku must be"},
		`{"items":[{"sku":"mug blue","quantity":1}]}`:                        {422, "items[0].sku must be"},
		`{"items":[{"sku":"` + strings.Repeat("m", 65) + `","quantity":1}]}`: {422, "items[0].sku must be"},
		`{"items":[{"sku":"tea","quantity":1},{"sku":"x","quantity":1},{"sku":"tea","quantity":1}]}`: {
			422, "items[2].sku is the same as items[0].sku"},
		`{"items":[{"sku":"","quantity":0},{"sku":"","quantity":1}],"a":1}`: {
			422, "items[0].sku must be 1 to 64 characters of A-Z, a-z, 0-9, ., _ and -; items[0].quantity must be a whole " +
				"number from 1 to 99; items[1].sku must be 1 to 64 characters of A-Z, a-z, 0-9, ., _ and -; a is unknown"},
	} {
		s.wantRefusal(t, s.Serve(t, orderRequest(t, alice, key, text)), want.status, want.detail)
	}
	event := orderRequest(t, alice, key, mugs)
	event.Headers["Content-Type"], event.MultiValueHeaders["Content-Type"] = "text/plain", nil
	s.wantRefusal(t, s.Serve(t, event), http.StatusUnsupportedMediaType, "application/json")
	if silent.Calls() != 0 {
		t.Errorf("DynamoDB was called %d times, want never", silent.Calls())
	}
}
