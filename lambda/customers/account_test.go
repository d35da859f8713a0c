package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/stepup"
	"github.com/securecart/identity/lambda/internal/table"
)

const (
	event  = "testdata/put-profile.json"
	origin = "https://shop.example"
	pool   = "eu-central-1_Example01"

	// alice is the customer of the event, and token the one it carries.
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

// account is the function with the user pool, the table and its log.
type account struct {
	*directory
	profiles *profiles
	wallet   *wallet
	api      *gateway.API
	log      *bytes.Buffer
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{directory: newDirectory(t), log: &bytes.Buffer{}}
	a.users[alice] = map[string]string{"sub": alice, "email": "alice@mail.example", "email_verified": "true"}
	a.users[bob] = map[string]string{"sub": bob, "email": "bob@mail.example"}
	a.tokens[token] = alice
	gate := stepup.Gate{Client: stepUp, Now: func() time.Time { return arrival }}
	a.profiles = &profiles{users: a.client, pool: pool, gate: gate}
	a.wallet = &wallet{client: dynamotest.Client(t), table: dynamotest.Table(t, "Customers"), gate: gate}
	a.api = newAPI(origin, slog.New(slog.NewJSONHandler(a.log, nil)), a.profiles, a.wallet)
	return a
}

// requestOf is the event with another method, path and body.
func requestOf(t testing.TB, method, path, body string) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.Event(t, event)
	request.HTTPMethod, request.Resource, request.Body = method, path, body
	return request
}

func claimsOf(request events.APIGatewayProxyRequest) map[string]any {
	return request.RequestContext.Authorizer["claims"].(map[string]any)
}

func (a *account) serve(t testing.TB, request events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	t.Helper()
	a.log.Reset()
	response, err := a.api.Serve(t.Context(), request)
	if err != nil {
		t.Fatalf("Serve: %v", err)
	}
	return response
}

// wantProblem checks an answer that is a refusal, and that nothing was changed.
func (a *account) wantProblem(t *testing.T, response events.APIGatewayProxyResponse, status int, detail string) {
	t.Helper()
	var got problem.Problem
	if err := json.Unmarshal([]byte(response.Body), &got); err != nil {
		t.Fatalf("the answer is no problem: %v: %s", err, response.Body)
	}
	if response.StatusCode != status || got.Status != status || !strings.Contains(got.Detail, detail) {
		t.Errorf("answer %d %s; want %d and %q", response.StatusCode, response.Body, status, detail)
	}
	a.wantUnchanged(t)
}

func (a *account) wantUnchanged(t *testing.T) {
	t.Helper()
	if len(a.users[alice]) != 3 || len(a.users[bob]) != 2 {
		t.Errorf("the users are now %v, want them as they were", a.users)
	}
	if item := a.stored(t, alice); item != nil {
		t.Errorf("the table holds %v, want nothing", item)
	}
}

// stored returns what the table holds of a customer, nil if nothing.
func (a *account) stored(t *testing.T, customer string) map[string]any {
	t.Helper()
	output, err := dynamotest.Client(t).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(a.wallet.table), Key: table.Item{"customerId": table.String(customer)}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatalf("read the customer: %v", err)
	}
	var item map[string]any
	if err := attributevalue.UnmarshalMap(output.Item, &item); err != nil {
		t.Fatalf("decode the customer: %v", err)
	}
	if len(item) == 0 {
		return nil
	}
	return item
}

func wantNoContent(t *testing.T, response events.APIGatewayProxyResponse) {
	t.Helper()
	if response.StatusCode != http.StatusNoContent || response.Body != "" {
		t.Errorf("answer %d %s; want 204 and nothing", response.StatusCode, response.Body)
	}
}
