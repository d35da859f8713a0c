package apigateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wantRefused checks a gateway response of the stage: status, type, the problem document and the CORS headers that let
// a page read it. It returns the document's detail.
func wantRefused(t *testing.T, r *http.Response, status int, errorType, title string) (detail string) {
	t.Helper()
	body := text(t, r)
	var problem struct {
		Title, Detail, RequestID string
		Status                   int
	}
	if err := json.Unmarshal([]byte(body), &problem); err != nil {
		t.Fatalf("%d, body %s: %v", r.StatusCode, body, err)
	}
	header := r.Header.Get
	got := []any{r.StatusCode, header("x-amzn-ErrorType"), problem.Title, header("Content-Type"),
		header("Access-Control-Allow-Origin")}
	want := []any{status, errorType, title, "application/problem+json", "http://localhost:5173"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
	if id := r.Header.Get("x-amzn-RequestId"); id == "" || problem.RequestID != id {
		t.Errorf("requestId %q in the body, %q in the header", problem.RequestID, id)
	}
	if r.Header.Get("x-amz-apigw-id") == "" {
		t.Error("no x-amz-apigw-id")
	}
	return problem.Detail
}

func TestOnlyTheDeclaredMethodsOfTheDeclaredPathsAreRouted(t *testing.T) {
	s := reviewed(t, nil)
	bearer := token(t, s, nil)
	for _, path := range []string{"/v1/orders", "/v1/orders/", "/v1//orders"} {
		a := serve(t, s)
		if r := a.call(t, "GET", path, "", "Authorization", bearer); r.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: %d, want 200", path, r.StatusCode)
		}
		if event, _ := a.event(t); strings.TrimSuffix(event.Path, "/") != "/orders" || event.RequestContext.Path != path {
			t.Errorf("GET %s: the function got path %s, in the context %s", path, event.Path, event.RequestContext.Path)
		}
	}
	for _, unrouted := range []string{
		"GET /v1", "GET /v1/", "GET /v1/order", "GET /v1/ORDERS", "GET /v1/orders/1", "GET /v1/%6Frders", "GET /v1/orders%2F",
		"GET /v1/./orders", "GET /v1/products/../orders", "GET /v1/v1/orders", "HEAD /v1/orders", "DELETE /v1/orders",
		"PATCH /v1/orders", "get /v1/orders", "BREW /v1/orders", "OPTIONS /v1",
	} {
		method, path, _ := strings.Cut(unrouted, " ")
		a := serve(t, s)
		t.Run(unrouted, func(t *testing.T) {
			r := a.call(t, method, path, "", "Authorization", bearer)
			wantRefused(t, r, 403, "MissingAuthenticationTokenException", "Forbidden")
			if len(a.events) != 0 {
				t.Error("a function was invoked")
			}
		})
	}
}

func TestPathsOfNoStageAreForbiddenWithoutTheStagesWords(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	for _, path := range []string{"/", "/orders", "/v2/orders", "/V1/orders", "/v1x/orders", "//v1/orders",
		"/%76%31/orders", "*"} {
		r := a.call(t, "OPTIONS", path, "")
		if body := text(t, r); r.StatusCode != 403 || body != `{"message":"Forbidden"}` ||
			r.Header.Get("x-amzn-ErrorType") != "ForbiddenException" {
			t.Errorf("%s: %d %s %v", path, r.StatusCode, body, r.Header)
		}
	}
	if a.lines.Len() != 0 {
		t.Errorf("the stage has logged what it was not asked:\n%s", a.lines)
	}
}

func TestMethodOverrideChoosesTheMethodAndItsAuthorization(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	read := token(t, a.stage, nil)
	r := a.call(t, "GET", "/v1/orders", "", "Authorization", read, "X-HTTP-Method-Override", "POST")
	wantRefused(t, r, 401, "UnauthorizedException", "Unauthorized") // the scope of POST is missing
	if r := a.call(t, "POST", "/v1/orders", "", "Authorization", read, "X-HTTP-Method-Override",
		"GET"); r.StatusCode != http.StatusOK {
		t.Fatalf("%d, want that of GET", r.StatusCode)
	}
	if event, _ := a.event(t); event.HTTPMethod != "GET" || event.Headers["X-Http-Method-Override"] != "" {
		t.Errorf("the function got %s and headers %v", event.HTTPMethod, event.Headers)
	}
}

func TestPreflightsAreAnsweredWithTheTemplatesHeadersAndWithoutToken(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	want := http.Header{
		"Access-Control-Allow-Headers": {
			"Authorization,Content-Type,Idempotency-Key,X-Amz-Date,X-Amz-Security-Token,X-Amz-Content-Sha256"},
		"Access-Control-Allow-Methods": {"GET,POST,PUT,DELETE"},
		"Access-Control-Allow-Origin":  {"http://localhost:5173"},
		"Access-Control-Expose-Headers": {
			"WWW-Authenticate,X-Amzn-Remapped-WWW-Authenticate,Location,Retry-After,X-Amzn-RequestId"},
		"Access-Control-Max-Age": {"600"}, "Content-Type": {"application/json"}, "Vary": {"Origin"},
	}
	for _, path := range []string{"/v1/orders", "/v1/products", "/v1/profile", "/v1/payment-method"} {
		r := a.call(t, "OPTIONS", path, "", "Origin", "http://localhost:5173", "Access-Control-Request-Method", "GET")
		r.Header.Del("X-Amzn-Requestid")
		r.Header.Del("X-Amz-Apigw-Id")
		if diff := cmp.Diff(want, r.Header); r.StatusCode != 204 || diff != "" {
			t.Errorf("%s: %d, headers (-want +got)\n%s", path, r.StatusCode, diff)
		}
	}
	wantRefused(t, a.call(t, "OPTIONS", "/v1/orders", "<a/>", "Content-Type", "application/xml"), 415,
		"BadRequestException", "Unsupported media type")
	if r := a.call(t, "OPTIONS", "/v1/orders", "{}", "Content-Type",
		"application/json; charset=utf-8"); r.StatusCode != 204 {
		t.Errorf("JSON: %d, want 204", r.StatusCode)
	}
	if len(a.events) != 0 {
		t.Error("a function was invoked")
	}
}
