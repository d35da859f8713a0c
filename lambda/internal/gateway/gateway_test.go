package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/gateway"
)

const origin = "https://shop.example"

// secret marks every text that must not leave the function.
const secret = "s3cr3t"

// request has, beside API Gateway's id, ids that a caller may claim.
func request(method, resource string) events.APIGatewayProxyRequest {
	headers, several := map[string]string{"Authorization": "Bearer " + secret}, map[string][]string{}
	for _, name := range []string{
		"X-Amzn-RequestId", "X-Amzn-Requestid", "x-amzn-requestid", "X-Amz-Request-Id", "X-Amzn-Trace-Id",
		"X-Amz-Cf-Id", "X-Amz-Apigw-Id", "X-Request-Id", "X-Request-ID", "x-request-id", "X-Correlation-Id",
		"x-correlation-id", "Request-Id", "requestId",
	} {
		headers[name], several[name] = secret+"-"+name, []string{secret + "-" + name}
	}
	return events.APIGatewayProxyRequest{
		Resource:              resource,
		HTTPMethod:            method,
		Path:                  "/" + secret,
		Headers:               headers,
		MultiValueHeaders:     several,
		QueryStringParameters: map[string]string{"requestId": secret},
		RequestContext:        events.APIGatewayProxyRequestContext{RequestID: "request-1"},
	}
}

// serve answers GET /things by handle and returns the response and the log.
func serve(
	t *testing.T, request events.APIGatewayProxyRequest, handle gateway.Handler,
) (events.APIGatewayProxyResponse, map[string]any) {
	t.Helper()
	log := &bytes.Buffer{}
	api := gateway.API{
		Origin: origin,
		Log:    slog.New(slog.NewJSONHandler(log, nil)),
		Routes: map[string]gateway.Handler{"GET /things": handle, "PUT /things": handle},
	}
	response, err := api.Serve(t.Context(), request)
	if err != nil {
		t.Fatalf("Serve returned %v, which Lambda would answer in its own words", err)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 {
		t.Errorf("the log has %d lines, want 1:\n%s", lines, log.String())
	}
	for where, text := range map[string]string{"log": log.String(), "answer": response.Body} {
		if strings.Contains(text, secret) || strings.Contains(text, "arn:") {
			t.Errorf("the %s holds what must not get out: %s", where, text)
		}
	}
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("the log is not JSON: %v", err)
	}
	return response, line
}

func answering(answer gateway.Answer) gateway.Handler {
	return func(context.Context, events.APIGatewayProxyRequest) (gateway.Answer, error) { return answer, nil }
}

func failing(err error) gateway.Handler {
	return func(context.Context, events.APIGatewayProxyRequest) (gateway.Answer, error) {
		return gateway.Answer{}, err
	}
}

func headers(mediaType, cacheControl string) map[string]string {
	return map[string]string{
		"Access-Control-Allow-Origin": origin,
		"Access-Control-Expose-Headers": "WWW-Authenticate,X-Amzn-Remapped-WWW-Authenticate,Location," +
			"Retry-After,X-Amzn-RequestId",
		"Cache-Control":          cacheControl,
		"Content-Type":           mediaType,
		"Vary":                   "Origin",
		"X-Content-Type-Options": "nosniff",
	}
}

func TestAnswerIsJSONForTheShopsOriginOnlyAndNotStored(t *testing.T) {
	response, line := serve(t, request("GET", "/things"),
		answering(gateway.Answer{Body: map[string]string{"a": "<b>"}, Count: 3}))
	want := events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    headers("application/json", "no-store"),
		Body:       `{"a":"\u003cb\u003e"}`,
	}
	if diff := cmp.Diff(want, response); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	wantLine(t, line, map[string]any{
		"level": "INFO", "msg": "request", "requestId": "request-1", "route": "GET /things", "status": 200.0, "count": 3.0,
	})
}

func TestAnswerIsStoredOnlyAsTheHandlerSays(t *testing.T) {
	response, _ := serve(t, request("GET", "/things"),
		answering(gateway.Answer{Body: 1, CacheControl: "private, max-age=60"}))
	if diff := cmp.Diff(headers("application/json", "private, max-age=60"), response.Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestAnswerHasTheStatusAndLocationThatTheHandlerSays(t *testing.T) {
	response, line := serve(t, request("PUT", "/things"),
		answering(gateway.Answer{Status: http.StatusCreated, Body: 1, Location: "things/1"}))
	want := headers("application/json", "no-store")
	want["Location"] = "things/1"
	diff := cmp.Diff(want, response.Headers)
	if diff != "" || response.StatusCode != http.StatusCreated || response.Body != "1" {
		t.Errorf("answer %d %q; want 201 and 1; headers (-want +got):\n%s", response.StatusCode, response.Body, diff)
	}
	if line["status"] != 201.0 {
		t.Errorf("log line %v, want status 201", line)
	}
}

func TestAnswerWithoutContentHasNoBodyAndNoTypeOfOne(t *testing.T) {
	response, _ := serve(t, request("PUT", "/things"), answering(gateway.Answer{Status: http.StatusNoContent}))
	want := headers("", "no-store")
	delete(want, "Content-Type")
	diff := cmp.Diff(want, response.Headers)
	if diff != "" || response.StatusCode != http.StatusNoContent || response.Body != "" {
		t.Errorf("answer %d %q; want 204 and nothing; headers (-want +got):\n%s", response.StatusCode, response.Body, diff)
	}
}

// Operators find requests by id. A caller who could choose the id could hide among other requests, or write anything
// into the log.
func TestRequestIsLoggedUnderTheIDOfAPIGatewayAndNoOther(t *testing.T) {
	for _, id := range []string{"request-1", ""} {
		for _, handle := range []gateway.Handler{answering(gateway.Answer{Body: 1}), failing(gateway.BadRequest("limit"))} {
			sent := request("GET", "/things")
			sent.RequestContext.RequestID = id
			response, line := serve(t, sent, handle)
			if line["requestId"] != id {
				t.Errorf("requestId %v in the log, want %q", line["requestId"], id)
			}
			want := `"requestId":"` + id + `"`
			if response.StatusCode != http.StatusOK && !strings.Contains(response.Body, want) {
				t.Errorf("answer %s, want %s", response.Body, want)
			}
		}
	}
}

func TestWrongPathAndMethodAreRefused(t *testing.T) {
	never := func(context.Context, events.APIGatewayProxyRequest) (gateway.Answer, error) {
		t.Error("the handler ran")
		return gateway.Answer{}, nil
	}
	tests := map[string]struct {
		request events.APIGatewayProxyRequest
		status  int
		allow   string
	}{
		"path":            {request("GET", "/"+secret), http.StatusNotFound, ""},
		"no path":         {request("GET", ""), http.StatusNotFound, ""},
		"method":          {request(secret, "/things"), http.StatusMethodNotAllowed, "GET, PUT"},
		"method in lower": {request("get", "/things"), http.StatusMethodNotAllowed, "GET, PUT"},
		"empty event":     {events.APIGatewayProxyRequest{}, http.StatusNotFound, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.request.RequestContext.RequestID = "request-1"
			response, line := serve(t, test.request, never)
			wantProblem(t, response, test.status)
			if response.Headers["Allow"] != test.allow {
				t.Errorf("Allow %q, want %q", response.Headers["Allow"], test.allow)
			}
			if line["route"] != "unknown" {
				t.Errorf("route %v, want unknown", line["route"])
			}
		})
	}
}

func TestHandlerHasLessTimeThanTheFunction(t *testing.T) {
	limited := func(ctx context.Context, _ events.APIGatewayProxyRequest) (gateway.Answer, error) {
		deadline, found := ctx.Deadline()
		if left := time.Until(deadline); !found || left > 9*time.Second {
			t.Errorf("the handler has %s (limited: %t), want at most 9 s: the function ends after 10 s", left, found)
		}
		return gateway.Answer{}, nil
	}
	serve(t, request("GET", "/things"), limited)
}

func wantProblem(t *testing.T, response events.APIGatewayProxyResponse, status int) {
	t.Helper()
	var got gateway.Problem
	if err := json.Unmarshal([]byte(response.Body), &got); err != nil {
		t.Fatalf("the body is no problem: %v: %s", err, response.Body)
	}
	if response.StatusCode != status || got.Status != status {
		t.Errorf("status %d, in the body %d, want %d", response.StatusCode, got.Status, status)
	}
	if got.RequestID != "request-1" || got.Type != "about:blank" || got.Title != http.StatusText(status) ||
		got.Detail == "" {
		t.Errorf("problem %+v lacks a field", got)
	}
}

func wantLine(t *testing.T, got, want map[string]any) {
	t.Helper()
	took, found := got["durationMs"].(float64)
	if !found || took < 0 || took > 10_000 {
		t.Errorf("durationMs is %v", got["durationMs"])
	}
	delete(got, "durationMs")
	delete(got, "time")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log line (-want +got):\n%s", diff)
	}
}
