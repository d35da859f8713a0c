package apigateway_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func TestFunctionsGetTheWholeRequest(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	write := token(t, a.stage, map[string]any{"scope": "securecart/orders.write"})
	const body = `{"items": [], "customer": "<ü>"}`
	r := a.call(t, "POST", "/v1/orders/?shop=b&note=100%25&shop=a+%2B&%C3%BC=", body,
		"Authorization", "Bearer "+write, "Content-Type", "text/plain", "Idempotency-Key", "k",
		"X-Twice", "one", "X-Twice", "two", "User-Agent", "tests", "X-Forwarded-For", "203.0.113.7", "Connection", "close",
		"Te", "trailers", "Upgrade", "h2c", "Expect", "x", "Www-Authenticate", "x", "Content-Md5", "x", "Max-Forwards", "1",
		"Proxy-Authenticate", "x", "Server", "x", "Trailer", "x", "X-Amzn-Trace-Id", "Root=forged")
	if r.StatusCode != http.StatusOK {
		t.Fatal(r.StatusCode)
	}
	event, raw := a.event(t)
	context := raw["requestContext"].(map[string]any)
	trace := event.Headers["X-Amzn-Trace-Id"]
	if context["requestId"] != r.Header.Get("x-amzn-RequestId") ||
		context["extendedRequestId"] != r.Header.Get("x-amz-apigw-id") ||
		!strings.HasPrefix(trace, "Root=1-6a577640-") {
		t.Errorf("ids: event %v, trace %s, answer %v", context, trace, r.Header)
	}
	for _, name := range []string{"requestId", "extendedRequestId", "authorizer", "identity"} {
		delete(context, name)
	}
	headers := map[string]any{
		"Authorization": "Bearer " + write, "Content-Type": "text/plain", "Idempotency-Key": "k", "User-Agent": "tests",
		"Host": "example.com", "X-Amzn-Trace-Id": trace, "X-Forwarded-For": "203.0.113.7, 192.0.2.1",
		"X-Forwarded-Port": "80", "X-Forwarded-Proto": "http",
	}
	several := map[string]any{"X-Twice": []any{"one", "two"}}
	for name, value := range headers {
		several[name] = []any{value}
	}
	headers["X-Twice"] = "two"
	want := map[string]any{
		"resource": "/orders", "path": "/orders/", "httpMethod": "POST", "headers": headers, "multiValueHeaders": several,
		"queryStringParameters":           map[string]any{"shop": "a +", "note": "100%25", "ü": ""},
		"multiValueQueryStringParameters": map[string]any{"shop": []any{"b", "a +"}, "note": []any{"100%25"}, "ü": []any{""}},
		"pathParameters":                  nil, "stageVariables": nil, "body": body, "isBase64Encoded": false,
		"requestContext": map[string]any{
			"accountId": "111122223333", "apiId": a.stage.API.ID, "stage": "v1", "resourceId": resourceID(a.stage, "/orders"),
			"resourcePath": "/orders", "path": "/v1/orders/", "httpMethod": "POST", "protocol": "HTTP/1.1",
			"domainName": "example.com", "domainPrefix": "example", "requestTime": "15/Jul/2026:12:00:00 +0000",
			"requestTimeEpoch": float64(noon.UnixMilli()),
		},
	}
	if diff := cmp.Diff(want, raw); diff != "" {
		t.Errorf("event (-want +got)\n%s", diff)
	}
	if want := a.stage.API.Methods; len(a.functions) != 1 || !slices.ContainsFunc(want, func(m deployed.Method) bool {
		return m.Path == "/orders" && m.HTTPMethod == "POST" && m.Integration.FunctionARN == a.functions[0]
	}) {
		t.Errorf("invoked %v", a.functions)
	}
}

func resourceID(s *deployed.Stage, path string) string {
	i := slices.IndexFunc(s.API.Methods, func(m deployed.Method) bool { return m.Path == path })
	return s.API.Methods[i].ResourceID
}

// The handlers' own tests start from events in this form. What those have, ours have, too, but for what comes with a
// deployment.
func TestEventsHaveTheFieldsThatHandlersAreTestedWith(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, a.stage, nil))
	_, got := a.event(t)
	file := must.Get(os.ReadFile("../../lambda/orders/testdata/get-orders.json"))(t)
	var want map[string]any
	must.Do(t, json.Unmarshal(file, &want))
	delete(want["requestContext"].(map[string]any), "deploymentId")
	keys := func(event map[string]any) map[string][]string {
		context := event["requestContext"].(map[string]any)
		return map[string][]string{
			"event": slices.Sorted(maps.Keys(event)), "context": slices.Sorted(maps.Keys(context)),
			"identity": slices.Sorted(maps.Keys(context["identity"].(map[string]any))),
		}
	}
	if diff := cmp.Diff(keys(want), keys(got)); diff != "" {
		t.Errorf("fields (-handlers' tests +ours)\n%s", diff)
	}
}

func TestWhatThereIsNoneOfIsNull(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	a.call(t, "OPTIONS", "/v1/orders", "")
	a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, a.stage, nil))
	_, raw := a.event(t)
	for _, name := range []string{"queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
		"stageVariables", "body"} {
		if value, there := raw[name]; !there || value != nil {
			t.Errorf("%s is %v, there %t; want null", name, value, there)
		}
	}
}

func TestSemicolonsSplitTheQueryString(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	a.call(t, "GET", "/v1/orders?a=1;b=2", "", "Authorization", token(t, a.stage, nil))
	event, _ := a.event(t)
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, event.QueryStringParameters); diff != "" {
		t.Errorf("parameters (-want +got)\n%s", diff)
	}
}

// FuzzEvent looks for requests that break the server or reach a function by another route, or as another caller, than
// declared.
func FuzzEvent(f *testing.F) {
	s := reviewed(f, nil)
	s.API.Throttling = deployed.Throttling{Rate: 1e9, Burst: 1e9}
	bearer := token(f, s, nil)
	a := serve(f, s)
	for _, seed := range [][4]string{
		{"GET", "/v1/orders?limit=1&limit=2", "X-Forwarded-For", "a, b"}, {"GET", "/v1//orders/", "Authorization", bearer},
		{"POST", "/v1/orders", "X-Http-Method-Override", "GET"},
		{"GET", "/v1/orders?%2525=%00;+", "Content-Type", "application/json;"}, {"GET", "/v1/orders?a=\xff", "Te", "x"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], true)
	}
	f.Fuzz(func(t *testing.T, method, target, name, value string, signedIn bool) {
		address, err := http.NewRequest(method, "http://example.com/", nil)
		if err != nil || !strings.HasPrefix(target, "/") {
			return
		}
		if address.URL, err = address.URL.Parse("http://example.com" + target); err != nil {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Method, r.URL = method, address.URL
		r.Header[http.CanonicalHeaderKey(name)] = []string{value}
		if signedIn {
			r.Header.Set("Authorization", bearer)
		} else if r.Header.Get("Authorization") == bearer {
			return
		}
		a.events, a.functions = nil, nil
		a.lines.Reset()
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if !utf8.Valid(a.lines.Bytes()) || strings.Count(a.lines.String(), "\n") > 1 {
			t.Errorf("the log has %q", a.lines)
		}
		if len(a.events) == 0 {
			if w.Code < 300 && w.Code != 204 {
				t.Errorf("%d, and nothing was invoked", w.Code)
			}
			return
		}
		event := events.APIGatewayProxyRequest{}
		must.Do(t, json.Unmarshal(a.events[0], &event))
		route := event.HTTPMethod + " " + event.Resource
		if !signedIn && route != "GET /products" {
			t.Errorf("%s without a token", route)
		}
		if route != "GET /orders" && route != "GET /profile" && route != "GET /products" ||
			event.Resource != event.RequestContext.ResourcePath {
			t.Errorf("a token for reading reached %s (%s)", route, event.RequestContext.ResourcePath)
		}
	})
}
