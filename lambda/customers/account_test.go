package main

import (
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	event  = "testdata/put-profile.json"
	origin = "https://shop.example"

	// alice is the customer of the event, token its payment token.
	alice  = "c3d4e5f6-a7b8-4c9d-8e0f-1a2b3c4d5e6f"
	bob    = "b0b0b0b0-0000-4000-8000-000000000001"
	token  = "eyJraWQiOiJmaXh0dXJlIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJub3QtYS1yZWFsLXN0ZXBwZWQtdXAtdG9rZW4ifQ.c2lnbmF0dXJl"
	stepUp = "2hexampleclientid0stepup0a"
	web    = "4hexampleclientid0web0abcd"
)

// arrival is when the event's request arrived, a minute after the sign-in.
var arrival = time.UnixMilli(1784115962000)

func TestMain(m *testing.M) {
	lambdatest.Run(m, main)
}

// account is the function with its table, which is empty.
type account struct {
	*lambdatest.Function
	profiles *profiles
	methods  *paymentMethods
	table    string
}

func newAccount(t *testing.T) *account {
	t.Helper()
	client, table := lambdatest.DynamoDB(t), lambdatest.Table(t, "Customers")
	gate := customer.Gate{Client: stepUp, Now: func() time.Time { return arrival }}
	a := &account{
		profiles: &profiles{client: client, table: table, gate: gate},
		methods:  &paymentMethods{client: client, table: table, gate: gate},
		table:    table,
	}
	a.Function = lambdatest.NewFunction(func(log *slog.Logger) *gateway.API {
		return newAPI(origin, log, a.profiles, a.methods)
	})
	return a
}

// put stores attributes of a new customer.
func (a *account) put(t *testing.T, sub string, attributes map[string]any) {
	t.Helper()
	item := maps.Clone(attributes)
	item[contract.CustomerID] = sub
	lambdatest.Put(t, a.table, item)
}

// requestOf is the event with another method, path and body.
func requestOf(t testing.TB, method, path, body string) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.Event(t, event)
	request.HTTPMethod, request.Resource, request.Body = method, path, body
	return request
}

// wantProblem checks that a response is a refusal, and that nothing was changed.
func (a *account) wantProblem(t *testing.T, response events.APIGatewayProxyResponse, status int, detail string) {
	t.Helper()
	lambdatest.WantProblem(t, response, status, detail)
	a.wantUnchanged(t)
}

// wantStepUp checks that a response requires a step-up, and that nothing was changed.
func (a *account) wantStepUp(t *testing.T, response events.APIGatewayProxyResponse) {
	t.Helper()
	lambdatest.WantStepUp(t, response)
	a.wantUnchanged(t)
}

// wantBusy checks that the last response reports a failed service, and that nothing was changed.
func (a *account) wantBusy(t *testing.T, response events.APIGatewayProxyResponse, code, operation string) {
	t.Helper()
	a.WantUnavailable(t, response, code, operation, a.table)
	a.wantUnchanged(t)
}

func (a *account) wantUnchanged(t *testing.T) {
	t.Helper()
	for _, sub := range []string{alice, bob} {
		if item := a.stored(t, sub); item != nil {
			t.Errorf("the table holds %v, want nothing", item)
		}
	}
}

// stored returns a customer's item, nil if there is none.
func (a *account) stored(t *testing.T, sub string) map[string]any {
	t.Helper()
	return lambdatest.Stored(t, a.table, contract.CustomerID, sub)
}
