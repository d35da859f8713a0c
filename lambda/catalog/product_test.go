package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/table"
)

func TestMalformedProductIsAnErrorThatNamesIt(t *testing.T) {
	const wrongType = "product mug-1: an attribute has the wrong type"
	tests := map[string]struct {
		change table.Item // nil means missing
		reason string
	}{
		"no sku":               {table.Item{"sku": nil}, "product without a valid sku: sku"},
		"sku with separator":   {table.Item{"sku": table.String("mug#1")}, "product without a valid sku: sku"},
		"no name":              {table.Item{"name": nil}, "product mug-1: name"},
		"no category":          {table.Item{"category": nil}, "product mug-1: category"},
		"category in capitals": {table.Item{"category": table.String("Mugs")}, "product mug-1: category"},
		"another category":     {table.Item{"category": table.String("caps")}, "product mug-1: categorySku"},
		"no price":             {table.Item{"priceMinor": nil}, "product mug-1: priceMinor or currency"},
		"price negative":       {table.Item{"priceMinor": lambdatest.Number("-1")}, "product mug-1: priceMinor or currency"},
		"price with decimals":  {table.Item{"priceMinor": lambdatest.Number("14.99")}, wrongType},
		"price a string":       {table.Item{"priceMinor": table.String("1499")}, wrongType},
		"no currency":          {table.Item{"currency": nil}, "product mug-1: priceMinor or currency"},
		"pictures a string":    {table.Item{"pictures": table.String("a.webp")}, wrongType},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readProduct(lambdatest.Changed(t, productOf("mugs", "mug-1"), test.change))
			lambdatest.WantMalformedItem(t, err, test.reason)
		})
	}
}

func TestMalformedProductIsNotShownInPart(t *testing.T) {
	api := newTestAPI(t)
	broken := productOf("mugs", "mug-2")
	broken.PriceMinor = nil
	lambdatest.Put(t, api.table, productOf("mugs", "mug-1"), broken)
	response := api.Serve(t, requestOf(t, nil))
	if response.StatusCode != http.StatusInternalServerError || strings.Contains(response.Body, "mug") {
		t.Errorf("answer %d %s; want a 500 problem without any product", response.StatusCode, response.Body)
	}
}
