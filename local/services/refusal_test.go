package services_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

// post sends a body that no SDK would send, signed by the caller.
func (c *caller) post(t *testing.T, url, service, target, body string) (status int, answer string) {
	t.Helper()
	request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/", strings.NewReader(body)))(t)
	request.Header.Set("X-Amz-Target", target)
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	must.Do(t, v4.NewSigner().SignHTTP(t.Context(), asAWS(c.session), request, hash, service, region,
		time.Now()))
	return send(t, request)
}

func send(t *testing.T, request *http.Request) (status int, answer string) {
	t.Helper()
	response := must.Get(http.DefaultClient.Do(request))(t)
	defer func() { _ = response.Body.Close() }()
	read := must.Get(io.ReadAll(response.Body))(t)
	return response.StatusCode, string(read)
}

func TestWhatDynamoDBIsNotServedForIsRefusedByName(t *testing.T) {
	s := serve(t, allowing(t, "IdentityPool", "IdentitiesCustomerDefaultPolicy", "ReadOwnRows", "dynamodb:*"))
	c := s.customer(t, alice)
	table := `"TableName": "` + s.table(t, "Orders") + `"`
	for _, test := range []struct{ operation, body, says string }{
		{"UpdateTable", `{` + table + `}`,
			`UnknownOperationException","message":"The operation \"UpdateTable\" is not served here.`},
		{"TransactWriteItems", `{"TransactItems": []}`, `The operation \"TransactWriteItems\" is not served here.`},
		{"PutItem", `{` + table +
			`, "Item": {"customerId": {"S": "a"}, "orderId": {"S": "b"}}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}`,
			"ReturnValuesOnConditionCheckFailure is not served here"},
		{"GetItem", `{"Key": {}}`, "TableName must be"},
		{"GetItem", `{"TableName": "Invoices", "Key": {"customerId": {"S": "a"}}}`, "ResourceNotFoundException"},
		{"Query", `{` + table + `, "IndexName": "other",
			"KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}`, "ValidationException"},
		{"BatchGetItem", `{"RequestItems": {}}`, "RequestItems must name"},
		{"BatchGetItem", `{"RequestItems": {"` + tableARN(s, t, "Orders") + `": {"Keys": []}}}`, "ARNs are not served here"},
		{"GetItem", `[]`, "SerializationException"},
		{"GetItem", `null`, "SerializationException"},
		{"GetItem", `{} {}`, "SerializationException"},
		{"GetItem", `{`, "SerializationException"},
	} {
		status, answer := c.post(t, s.url, "dynamodb", "DynamoDB_20120810."+test.operation, test.body)
		if status != http.StatusBadRequest || !strings.Contains(answer, test.says) {
			t.Errorf("%s %s: got %d %s, want 400 with %s", test.operation, test.body, status, answer, test.says)
		}
	}
}

func TestEngineThatHasEndedIsAFailureOfOurs(t *testing.T) {
	s := serveWith(t, "http://127.0.0.1:1", anyAttribute(t))
	c := s.customer(t, alice)
	status, answer := c.post(t, s.url, "dynamodb", "DynamoDB_20120810.GetItem",
		`{"TableName": "`+s.table(t, "Orders")+`", "Key": {"customerId": {"S": "`+alice+`"}, "orderId": {"S": "o-1"}}}`)
	if status != http.StatusInternalServerError || !strings.Contains(answer, "InternalServerError") ||
		!strings.Contains(answer, "does not answer") {
		t.Errorf("got %d %s", status, answer)
	}
}

// TestEveryServiceRequiresItsOwnSignature sends each service requests that are unsigned, signed for another service,
// and changed after signing.
func TestEveryServiceRequiresItsOwnSignature(t *testing.T) {
	s := serve(t)
	c := s.customer(t, alice)
	services := map[string]string{
		"dynamodb": "DynamoDB_20120810.GetItem", "kms": "TrentService.Decrypt", "ssm": "AmazonSSM.GetParameter",
	}
	for service, target := range services {
		for other := range services {
			_, answer := c.post(t, s.url, other, target, `{}`)
			if refused := strings.Contains(answer, credentials.InvalidSignature); refused == (service == other) {
				t.Errorf("%s, signed for %s: %s", service, other, answer)
			}
		}
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/", strings.NewReader(`{}`)))(t)
		request.Header.Set("X-Amz-Target", target)
		if status, answer := send(t, request); status != http.StatusBadRequest ||
			!strings.Contains(answer, credentials.MissingAuthenticationToken) {
			t.Errorf("%s, unsigned: %d %s", service, status, answer)
		}
		request.Body, request.GetBody = io.NopCloser(strings.NewReader(`{"a":1}`)), nil
		request.ContentLength = int64(len(`{"a":1}`))
		sum := sha256.Sum256([]byte(`{"a":2}`))
		hash := hex.EncodeToString(sum[:])
		must.Do(t, v4.NewSigner().SignHTTP(t.Context(), asAWS(c.session), request, hash, service, region, time.Now()))
		if _, answer := send(t, request); !strings.Contains(answer, credentials.InvalidSignature) {
			t.Errorf("%s, changed after it was signed: %s", service, answer)
		}
	}
}
