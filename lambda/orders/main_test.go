package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/kmstest"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	table := dynamotest.Table(t, "Orders")
	dynamotest.Put(t, table, orderOf(alice, "o-1", noon), orderOf(alice, "o-2", noon))
	request := requestOf(t, alice, parameters{"limit": "1"})
	response, output := lambdatest.Invoke(t, []string{
		"WEB_ORIGIN=" + origin,
		"ORDERS_TABLE=" + table,
		"CURSOR_KEY_ARN=" + kmstest.ARN,
		"AWS_REGION=" + awstest.Region,
		"AWS_ACCESS_KEY_ID=" + awstest.AccessKey,
		"AWS_SECRET_ACCESS_KEY=" + awstest.SecretKey,
		"AWS_ENDPOINT_URL_DYNAMODB=" + dynamotest.Endpoint(t),
		"AWS_ENDPOINT_URL_KMS=" + kmstest.NewKey(t).Serve(t),
	}, request)
	if response.StatusCode != 200 || strings.Count(response.Body, `"id":"o-`) != 1 || !strings.Contains(response.Body, `"nextCursor":"`) {
		t.Errorf("answer %d %s; want 200 with one order and a cursor", response.StatusCode, response.Body)
	}
	wantLine(t, output, 200, 1)
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	code, output := lambdatest.Exit(t, "WEB_ORIGIN=https://shop.example/", "ORDERS_TABLE=")
	if code == 0 {
		t.Error("exit code 0, so that Lambda would take the function for started")
	}
	for _, want := range []string{
		`"level":"ERROR"`, "WEB_ORIGIN must be one origin", "ORDERS_TABLE must be set", "CURSOR_KEY_ARN must be set",
		"AWS_REGION must be set",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("the function wrote %s; want %q in it", output, want)
		}
	}
}
