package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// settings are what the function needs to serve a shop.
func settings(t *testing.T, s *api) []string {
	t.Helper()
	return []string{
		contract.WebOrigin + "=" + origin,
		contract.StepUpClientID + "=" + stepUp,
		contract.RequireACR + "=false",
		contract.OrdersTable + "=" + s.table,
		contract.ProductsTable + "=" + s.checkout.prices.table,
		contract.CursorKeyARN + "=" + keyARN,
		"AWS_ENDPOINT_URL_DYNAMODB=" + lambdatest.DynamoDBEndpoint(t),
		"AWS_ENDPOINT_URL_KMS=" + serveKMS(t, s.key),
	}
}

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	s := newTestAPI(t)
	lambdatest.Put(t, s.table, orderOf(alice, "o-1", noon), orderOf(alice, "o-2", noon))
	request := requestOf(t, alice, parameters{"limit": "1"})
	response, output := lambdatest.Request(t, settings(t, s), request)
	var first page
	err := json.Unmarshal([]byte(response.Body), &first)
	if err != nil || len(first.Orders) != 1 || first.NextCursor == "" {
		t.Fatalf("answer %d %s; want 200 with one order and a cursor", response.StatusCode, response.Body)
	}
	wantLine(t, output, 200, 1)
	// The role may use the key only for this purpose.
	if rest := s.read(t, alice, parameters{"cursor": first.NextCursor}); len(rest.Orders) != 1 {
		t.Errorf("the cursor leads to %v, want one order: it must be sealed for %s", ids(rest.Orders), contract.CursorPurpose)
	}
}

func TestFunctionTakesAnOrderAsDeployed(t *testing.T) {
	s := newStockedShop(t)
	request := orderRequest(t, alice, key, mugs)
	lambdatest.Claims(request)["auth_time"] = strconv.FormatInt(time.Now().Unix(), 10)
	response, output := lambdatest.Request(t, settings(t, s), request)
	const total, logged = `"amount":4497`, `"route":"POST /orders","status":201`
	if response.StatusCode != 201 || !strings.Contains(response.Body, total) || !strings.Contains(output, logged) {
		t.Errorf("answer %d %s, output %s; want 201 with the order", response.StatusCode, response.Body, output)
	}
	lambdatest.Claims(request)["auth_time"] = strconv.FormatInt(time.Now().Unix()-310, 10)
	if response, _ := lambdatest.Request(t, settings(t, s), request); response.StatusCode != 401 {
		t.Errorf("five minutes after the step-up: answer %d %s; want 401", response.StatusCode, response.Body)
	}
	lambdatest.Claims(request)["auth_time"] = strconv.FormatInt(time.Now().Unix(), 10)
	demanding := append(settings(t, s), contract.RequireACR+"=true") // the last of two counts
	if response, _ := lambdatest.Request(t, demanding, request); response.StatusCode != 401 {
		t.Errorf("without acr, which the stage demands: answer %d %s; want 401", response.StatusCode, response.Body)
	}
	lambdatest.Claims(request)["acr"] = "urn:cognito:loa:4"
	if response, _ := lambdatest.Request(t, demanding, request); response.StatusCode != 201 {
		t.Errorf("with acr, which the stage demands: answer %d %s; want 201", response.StatusCode, response.Body)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"WEB_ORIGIN=https://shop.example/", "ORDERS_TABLE="},
		"WEB_ORIGIN must be one origin", "ORDERS_TABLE must be set", "CURSOR_KEY_ARN must be set",
		"STEP_UP_CLIENT_ID must be set",
		"REQUIRE_ACR must be set", "PRODUCTS_TABLE must be set", "AWS_REGION must be set")
}
