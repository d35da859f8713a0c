package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/table"
)

func lines(attributes table.Item) types.AttributeValue {
	whole := table.Item{
		"sku": table.String("s"), "name": table.String("n"),
		"quantity": lambdatest.Number("1"), "unitPriceMinor": lambdatest.Number("0"),
	}
	maps.Copy(whole, attributes)
	return &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: whole}}}
}

func TestOrderWithExtremeButValidValuesIsRead(t *testing.T) {
	for name, change := range map[string]table.Item{
		"free":              {"totalMinor": lambdatest.Number("0"), "lines": lines(nil)},
		"very dear":         {"totalMinor": lambdatest.Number("9223372036854775807")},
		"no lines left":     {"lines": &types.AttributeValueMemberL{}},
		"an attribute more": {"note": table.String("n")},
	} {
		if got, err := readOrder(lambdatest.Changed(t, orderOf(alice, "o-1", noon), change)); err != nil || got.Lines == nil {
			t.Errorf("%s: readOrder = %+v, %v; want it read, with a list of lines", name, got, err)
		}
	}
}

func TestMalformedOrderIsAnErrorThatNamesIt(t *testing.T) {
	null := &types.AttributeValueMemberNULL{Value: true}
	listOfNull := &types.AttributeValueMemberL{Value: []types.AttributeValue{null}}
	const wrongType = "order o-1: an attribute has the wrong type"
	tests := map[string]struct {
		change table.Item // nil means missing
		reason string
	}{
		"no id":                 {table.Item{"orderId": nil}, "order without a valid id: orderId"},
		"id with blanks":        {table.Item{"orderId": table.String("o 1")}, "order without a valid id: orderId"},
		"no time":               {table.Item{"createdAt": nil}, "order o-1: createdAt"},
		"time without decimals": {table.Item{"createdAt": table.String("2026-07-15T12:00:00Z")}, "order o-1: createdAt"},
		"time a number":         {table.Item{"createdAt": lambdatest.Number("1784115962000")}, "order o-1: createdAt"},
		"no status":             {table.Item{"status": nil}, "order o-1: status"},
		"no currency":           {table.Item{"currency": nil}, "order o-1: totalMinor or currency"},
		"currency in lower":     {table.Item{"currency": table.String("eur")}, "order o-1: totalMinor or currency"},
		"no total":              {table.Item{"totalMinor": nil}, "order o-1: totalMinor or currency"},
		"total null":            {table.Item{"totalMinor": null}, "order o-1: totalMinor or currency"},
		"total negative":        {table.Item{"totalMinor": lambdatest.Number("-1")}, "order o-1: totalMinor or currency"},
		"total with decimals":   {table.Item{"totalMinor": lambdatest.Number("19.99")}, wrongType},
		"total too large":       {table.Item{"totalMinor": lambdatest.Number("9223372036854775808")}, wrongType},
		"total a string":        {table.Item{"totalMinor": table.String("1999")}, wrongType},
		"no lines":              {table.Item{"lines": nil}, "order o-1: lines"},
		"lines a string":        {table.Item{"lines": table.String("x")}, wrongType},
		"line null":             {table.Item{"lines": listOfNull}, "order o-1: lines"},
		"line without sku":      {table.Item{"lines": lines(table.Item{"sku": null})}, "order o-1: lines"},
		"line without name":     {table.Item{"lines": lines(table.Item{"name": null})}, "order o-1: lines"},
		"line of nothing": {
			table.Item{"lines": lines(table.Item{"quantity": lambdatest.Number("0")})}, "order o-1: lines",
		},
		"line without a price": {table.Item{"lines": lines(table.Item{"unitPriceMinor": null})}, "order o-1: lines"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readOrder(lambdatest.Changed(t, orderOf(alice, "o-1", noon), test.change))
			lambdatest.WantMalformedItem(t, err, test.reason)
		})
	}
}

func TestMalformedOrderIsNotShownInPart(t *testing.T) {
	api := newTestAPI(t)
	broken := orderOf(alice, "o-broken", noon)
	broken.TotalMinor = nil
	lambdatest.Put(t, api.table, orderOf(alice, "o-1", noon), broken)
	response := api.Serve(t, requestOf(t, alice, nil))
	if response.StatusCode != http.StatusInternalServerError || strings.Contains(response.Body, "o-") {
		t.Errorf("answer %d %s; want a 500 problem without any order", response.StatusCode, response.Body)
	}
	if !strings.Contains(api.Log.String(), `"reason":"order o-broken: totalMinor or currency"`) {
		t.Errorf("the log does not name the order: %s", api.Log)
	}
}
