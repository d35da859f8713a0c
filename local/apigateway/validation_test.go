package apigateway_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
)

func TestBodiesMustFitTheModelOfTheirContentType(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	write := token(t, a.stage, map[string]any{"scope": "securecart/orders.write"})
	const good = `{"items": [{"sku": "mug-blue", "quantity": 2}]}`
	for name, test := range map[string]struct {
		contentType, body string
		want              int
	}{
		"right":                           {"application/json", good, 200},
		"right, with charset":             {"application/json; charset=utf-8", good, 200},
		"right, in another case":          {"Application/JSON", good, 200},
		"right, without content type":     {"", good, 200},
		"no item":                         {"application/json", `{"items": []}`, 200},
		"nothing":                         {"application/json", ``, 400},
		"white space":                     {"application/json", ` `, 400},
		"broken":                          {"application/json", `{"items": [`, 400},
		"broken, without content type":    {"", `{"items": [`, 400},
		"more behind":                     {"application/json", good + good, 400},
		"null":                            {"application/json", `null`, 400},
		"a list":                          {"application/json", `[]`, 400},
		"another property":                {"application/json", `{"items": [], "customerId": "me"}`, 400},
		"another property inside":         {"application/json", `{"items": [{"sku": "a", "quantity": 1, "price": 0}]}`, 400},
		"text for a number":               {"application/json", `{"items": [{"sku": "a", "quantity": "1"}]}`, 400},
		"half a mug":                      {"application/json", `{"items": [{"sku": "a", "quantity": 0.5}]}`, 400},
		"a property missing":              {"application/json", `{"items": [{"sku": "a"}]}`, 400},
		"deeply nested":                   {"application/json", nested(20_000), 400},
		"of a type without model":         {"text/plain", `no order`, 200},
		"of a type that cannot be parsed": {"application/json/;", `no order`, 200},
	} {
		t.Run(name, func(t *testing.T) {
			a.events = nil
			headers := []string{"Authorization", write, "Idempotency-Key", "k"}
			if test.contentType != "" {
				headers = append(headers, "Content-Type", test.contentType)
			}
			r := a.call(t, "POST", "/v1/orders", test.body, headers...)
			if test.want != http.StatusOK {
				wantRefused(t, r, test.want, "BadRequestException", "Bad request")
			} else if r.StatusCode != http.StatusOK {
				t.Errorf("%d, want 200: %s", r.StatusCode, text(t, r))
			}
			if invoked := len(a.events) == 1; invoked != (test.want == http.StatusOK) {
				t.Errorf("%d invocations", len(a.events))
			}
		})
	}
}

func nested(depth int) string {
	body := make([]byte, 0, 2*depth)
	for range depth {
		body = append(body, '[')
	}
	for range depth {
		body = append(body, ']')
	}
	return string(body)
}

func TestRequiredParametersMustBeThereAndNotBlank(t *testing.T) {
	s := reviewed(t, func(api assembly.Template) {
		method(api, "POST", "/orders")["RequestParameters"] = map[string]any{
			"method.request.header.Idempotency-Key": true, "method.request.querystring.shop": true,
			"method.request.querystring.note": false,
		}
	})
	a := serve(t, s)
	write := token(t, s, map[string]any{"scope": "securecart/orders.write"})
	for name, test := range map[string]struct {
		path    string
		headers []string
		want    int
	}{
		"there":           {"/v1/orders?shop=a", []string{"Idempotency-Key", "k"}, 200},
		"in another case": {"/v1/orders?shop=a", []string{"idempotency-key", "k"}, 200},
		"no header":       {"/v1/orders?shop=a", nil, 400},
		"blank header":    {"/v1/orders?shop=a", []string{"Idempotency-Key", " "}, 400},
		"no parameter":    {"/v1/orders?note=a", []string{"Idempotency-Key", "k"}, 400},
		"blank parameter": {"/v1/orders?shop=%20", []string{"Idempotency-Key", "k"}, 400},
		"other parameter": {"/v1/orders?Shop=a", []string{"Idempotency-Key", "k"}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			r := a.call(t, "POST", test.path, `{"items":[]}`, append(test.headers, "Authorization", write)...)
			if test.want != http.StatusOK {
				wantRefused(t, r, test.want, "BadRequestException", "Bad request")
			} else if r.StatusCode != http.StatusOK {
				t.Errorf("%d, want 200", r.StatusCode)
			}
		})
	}
	s.API.GatewayResponses = nil
	r := serve(t, s).call(t, "POST", "/v1/orders", `{"items":[]}`, "Authorization", write)
	if diff := cmp.Diff(`{"message":"Missing required request parameters: [Idempotency-Key, shop]"}`,
		text(t, r)); diff != "" {
		t.Errorf("API Gateway's own body (-want +got)\n%s", diff)
	}
}

func TestWithoutItsValidatorInTheTemplateARouteLetsThroughWhatItRefused(t *testing.T) {
	for name, change := range map[string]func(assembly.Template){
		"validator": func(api assembly.Template) { delete(method(api, "POST", "/orders"), "RequestValidatorId") },
		"both": func(api assembly.Template) {
			for _, v := range api.OfType("AWS::ApiGateway::RequestValidator") {
				v.Properties["ValidateRequestBody"], v.Properties["ValidateRequestParameters"] = false, false
			}
		},
	} {
		s := reviewed(t, change)
		write := token(t, s, map[string]any{"scope": "securecart/orders.write"})
		if r := serve(t, s).call(t, "POST", "/v1/orders", "{broken", "Authorization", write); r.StatusCode != http.StatusOK {
			t.Errorf("without %s: %d, want 200", name, r.StatusCode)
		}
	}
}

func TestAuthorizationComesBeforeValidation(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	wantRefused(t, a.call(t, "POST", "/v1/orders?|", "{broken", "Authorization", "garbage"), 401, "UnauthorizedException",
		"Unauthorized")
}

func TestQueryStringsThatApiGatewayDoesNotSupportAreBadRequests(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	for _, query := range []string{"a=|", "a={b", "a=b}", "a=%zz", "%=a", "a=%f"} {
		r := a.call(t, "GET", "/v1/orders?"+query, "", "Authorization", token(t, a.stage, nil))
		wantRefused(t, r, 400, "BadRequestException", "Request refused")
	}
}
