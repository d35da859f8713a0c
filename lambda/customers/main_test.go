package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestFunctionServesEventsAsDeployed(t *testing.T) {
	a := newAccount(t)
	environment := []string{
		contract.WebOrigin + "=" + origin,
		contract.StepUpClientID + "=" + stepUp,
		contract.RequireACR + "=false",
		contract.CustomersTable + "=" + a.table,
		"AWS_ENDPOINT_URL_DYNAMODB=" + lambdatest.DynamoDBEndpoint(t),
	}
	send := func(request events.APIGatewayProxyRequest, status int) string {
		t.Helper()
		lambdatest.Claims(request)["auth_time"] = strconv.FormatInt(time.Now().Unix(), 10)
		response, output := lambdatest.Request(t, environment, request)
		if response.StatusCode != status || !strings.Contains(output, `"status":`+strconv.Itoa(status)) {
			t.Errorf("answer %d %s, output %s; want %d", response.StatusCode, response.Body, output, status)
		}
		return response.Body
	}
	send(requestOf(t, "PUT", "/profile", `{"name":"Alice"}`), 204)
	if got := send(requestOf(t, "GET", "/profile", ""), 200); !strings.Contains(got, `"name":"Alice"`) {
		t.Errorf("the profile is %s, want the new name in it", got)
	}
	send(requestOf(t, "PUT", "/payment-method", stripe), 204)
	if stored := a.stored(t, alice); stored["paymentMethod"] == nil || stored["name"] != "Alice" {
		t.Errorf("the table holds %v, want the name and the payment method", stored)
	}
	environment = append(environment, contract.RequireACR+"=true") // the last of two counts
	send(requestOf(t, "PUT", "/profile", `{"name":"Eve"}`), 401)
	send(requestOf(t, "PUT", "/payment-method", stripe), 401)
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"WEB_ORIGIN=*"},
		"WEB_ORIGIN must be one origin", "STEP_UP_CLIENT_ID must be set", "REQUIRE_ACR must be set",
		"CUSTOMERS_TABLE must be set", "AWS_REGION must be set")
}
