package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestProductIsShownAsItIsStored(t *testing.T) {
	api := newTestAPI(t)
	bare := productOf("mugs", "mug-2")
	bare.Description, bare.Pictures = "", nil
	lambdatest.Put(t, api.table, productOf("mugs", "mug-1"), bare)
	want := events.APIGatewayProxyResponse{
		StatusCode: 200,
		Headers: map[string]string{
			"Access-Control-Allow-Origin":   origin,
			"Access-Control-Expose-Headers": exposed,
			"Cache-Control":                 "private, max-age=60",
			"Content-Type":                  "application/json",
			"Vary":                          "Origin",
			"X-Content-Type-Options":        "nosniff",
		},
		Body: `{"products":[` +
			`{"sku":"mug-1","name":"The mug-1","description":"Good \u0026 cheap","category":"mugs",` +
			`"price":{"amount":1499,"currency":"EUR"},"pictures":["products/mug-1/front.webp"]},` +
			`{"sku":"mug-2","name":"The mug-2","description":"","category":"mugs",` +
			`"price":{"amount":1499,"currency":"EUR"},"pictures":[]}]}`,
	}
	lambdatest.Same(t, "answer", api.Serve(t, requestOf(t, nil)), want)
}

func TestEmptyShopAndUnknownCategoryAreEmptyLists(t *testing.T) {
	api := newTestAPI(t)
	for _, sent := range []parameters{nil, {"category": "mugs"}} {
		if got, want := api.Serve(t, requestOf(t, sent)).Body, `{"products":[]}`; got != want {
			t.Errorf("%v: answer %s, want %s", sent, got, want)
		}
	}
}

func TestOnlyProductsForSaleAreListed(t *testing.T) {
	api := newTestAPI(t)
	withdrawn, secret := productOf("mugs", "mug-2"), productOf("mugs", "mug-3")
	withdrawn.Shelf, secret.Shelf = "", "staff-only"
	lambdatest.Put(t, api.table, productOf("mugs", "mug-1"), withdrawn, secret)
	for _, sent := range []parameters{nil, {"category": "mugs"}} {
		lambdatest.Same(t, fmt.Sprint(sent), skus(api.read(t, sent).Products), []string{"mug-1"})
	}
}

func TestCategoryIsMatchedWhole(t *testing.T) {
	api := newTestAPI(t)
	lambdatest.Put(t, api.table,
		productOf("shoe", "a"), productOf("shoe-care", "b"), productOf("shoes", "c"), productOf("sho", "d"))
	for category, want := range map[string][]string{"shoe": {"a"}, "shoes": {"c"}, "shoe-care": {"b"}, "s": {}} {
		got := skus(api.read(t, parameters{"category": category}).Products)
		lambdatest.Same(t, "category "+category, got, want)
	}
}

func TestPageHasTwentyProductsUnlessTheRequestSays(t *testing.T) {
	api := newTestAPI(t)
	products := make([]stored, 101)
	for i := range products {
		products[i] = productOf("mugs", fmt.Sprintf("mug-%03d", i))
	}
	lambdatest.Put(t, api.table, products...)
	for limit, want := range map[string]int{"": 20, "1": 1, "100": 100} {
		var sent parameters
		if limit != "" {
			sent = parameters{"limit": limit}
		}
		if got := api.read(t, sent); len(got.Products) != want || got.NextCursor == "" {
			t.Errorf("limit %q: %d products, next %q; want %d and a next page", limit, len(got.Products), got.NextCursor, want)
		}
	}
}

func TestPagesTogetherAreAllProductsOfTheCategory(t *testing.T) {
	api := newTestAPI(t)
	want := map[string][]string{"": nil}
	for _, category := range []string{"a", "a-b", "b", "empty"} {
		want[category] = nil
		for i := range map[string]int{"a": 7, "a-b": 1, "b": 4}[category] {
			sku := fmt.Sprintf("%s-%d", category, i)
			lambdatest.Put(t, api.table, productOf(category, sku))
			want[category] = append(want[category], sku)
		}
	}
	// '#', which ends a category, sorts before '-', which is part of one.
	want[""] = append(append(append(want[""], want["a"]...), want["a-b"]...), want["b"]...)

	rapid.Check(t, func(r *rapid.T) {
		category := rapid.SampledFrom([]string{"", "a", "a-b", "b", "empty"}).Draw(r, "category")
		sent := parameters{}
		if category != "" {
			sent["category"] = category
		}
		limit := func() int { return rapid.IntRange(1, 13).Draw(r, "limit") }
		got := lambdatest.Pages(t, sent, limit, func(sent map[string]string) ([]string, string) {
			page := api.read(t, sent)
			return skus(page.Products), page.NextCursor
		})
		if diff := cmp.Diff(want[category], got); diff != "" {
			r.Fatalf("category %q (-want +got):\n%s", category, diff)
		}
	})
}

// The local engine refuses consistent reads of the index. The function's role refuses a scan of the table.
func TestProductsAreReadFromTheIndexOfThoseForSale(t *testing.T) {
	input := newTestAPI(t).query("mugs", nil)
	if aws.ToString(input.IndexName) != "forSale" || aws.ToBool(input.ConsistentRead) {
		t.Errorf("index %q, consistent %t; want forSale, not consistent",
			aws.ToString(input.IndexName), aws.ToBool(input.ConsistentRead))
	}
}

func TestWrongRequestIsAnswered400(t *testing.T) {
	api := newTestAPI(t)
	request := requestOf(t, parameters{"limit": "none", "category": "Mugs", "cursor": "?", "sort": "price"})
	request.MultiValueQueryStringParameters["limit"] = []string{"1", "none"}
	response := api.Serve(t, request)
	want := `"detail":"category must be 1 to 64 characters of a-z, 0-9 and -, got \"Mugs\"; ` +
		`limit must be given once, got 2 values; ` +
		`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got \"?\"; ` +
		`unknown parameter \"sort\", known are category, limit, cursor"`
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(response.Body, want) {
		t.Errorf("answer %d %s\nwant 400 with %s", response.StatusCode, response.Body, want)
	}
}
