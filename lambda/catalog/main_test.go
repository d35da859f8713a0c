package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	table := lambdatest.Table(t, "Products")
	lambdatest.Put(t, table, productOf("mugs", "mug-1"))
	request := lambdatest.Event(t, event)
	response, output := lambdatest.Request(t, []string{
		contract.WebOrigin + "=" + origin,
		contract.ProductsTable + "=" + table,
		"AWS_ENDPOINT_URL_DYNAMODB=" + lambdatest.DynamoDBEndpoint(t),
	}, request)
	if response.StatusCode != 200 || !strings.Contains(response.Body, `"sku":"mug-1"`) {
		t.Errorf("answer %d %s; want 200 with the product", response.StatusCode, response.Body)
	}
	for _, want := range []string{
		`"requestId":"d7b0abd7-8c72-22f7-0b52-04f9cafebabe"`, `"route":"GET /products"`, `"status":200`, `"count":1`,
	} {
		if !strings.Contains(output, want) {
			t.Errorf("the function wrote %s; want %s in it", output, want)
		}
	}
	for name, value := range request.Headers {
		if len(value) > 10 && strings.Contains(output, value) {
			t.Errorf("the log holds header %s: %s", name, output)
		}
	}
	if identity := request.RequestContext.Identity; strings.Contains(output, identity.CognitoIdentityID) {
		t.Errorf("the log names the guest's identity %s: %s", identity.CognitoIdentityID, output)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"WEB_ORIGIN=*"},
		"WEB_ORIGIN must be one origin", "PRODUCTS_TABLE must be set", "AWS_REGION must be set")
}
