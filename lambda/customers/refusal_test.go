package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/body"
)

// bodies are good ones of the two routes that take one.
var bodies = map[string]string{"/profile": `{"name":"Alice Liddell"}`, "/payment-method": stripe}

func TestNothingIsChangedWithoutAStepUp(t *testing.T) {
	tests := map[string]func(request *events.APIGatewayProxyRequest, claims map[string]any){
		"the Web client":      func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["client_id"] = web },
		"no client":           func(_ *events.APIGatewayProxyRequest, claims map[string]any) { delete(claims, "client_id") },
		"an ID token":         func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["token_use"] = "id" },
		"six minutes ago":     func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["auth_time"] = "1784115602" },
		"in a minute":         func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["auth_time"] = "1784116022" },
		"auth_time a number":  func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["auth_time"] = 1784115900.0 },
		"by password only":    func(_ *events.APIGatewayProxyRequest, claims map[string]any) { claims["acr"] = "urn:cognito:loa:1" },
		"no authorizer":       func(r *events.APIGatewayProxyRequest, _ map[string]any) { r.RequestContext.Authorizer = nil },
		"claims a string":     func(r *events.APIGatewayProxyRequest, _ map[string]any) { r.RequestContext.Authorizer["claims"] = "x" },
		"claims in the wrong": func(r *events.APIGatewayProxyRequest, c map[string]any) { r.RequestContext.Authorizer = c },
	}
	for path, text := range bodies {
		for name, change := range tests {
			t.Run(path+" "+name, func(t *testing.T) {
				a := newAccount(t)
				request := requestOf(t, "PUT", path, text)
				change(&request, claimsOf(request))
				response := a.serve(t, request)
				a.wantProblem(t, response, http.StatusUnauthorized, "second factor")
				wantStepUp(t, response)
				if exposed := response.Headers["Access-Control-Expose-Headers"]; !strings.Contains(exposed, "X-Amzn-Remapped-WWW-Authenticate") {
					t.Errorf("Access-Control-Expose-Headers %s hides why from the browser", exposed)
				}
			})
		}
	}
}

func TestBodyThatIsNotOneIsRefused(t *testing.T) {
	tests := map[string]struct {
		text   string
		status int
		detail string
	}{
		"nothing":       {"", http.StatusBadRequest, "must not be empty"},
		"no JSON":       {"name=Alice", http.StatusBadRequest, "byte 2"},
		"a name twice":  {`{"name":"A","name":"B"}`, http.StatusBadRequest, "name is given more than once"},
		"not UTF-8":     {"{\"name\":\"\xff\"}", http.StatusBadRequest, "UTF-8"},
		"nested":        {strings.Repeat(`{"name":`, 9) + `1` + strings.Repeat(`}`, 9), http.StatusBadRequest, "nested"},
		"two values":    {`{} {}`, http.StatusBadRequest, "byte 4"},
		"too long":      {`{"name":"` + strings.Repeat("x", body.MaxBytes) + `"}`, http.StatusRequestEntityTooLarge, "16384"},
		"another shape": {`["name"]`, http.StatusUnprocessableEntity, "body must be an object"},
	}
	for path, good := range bodies {
		for name, test := range tests {
			t.Run(path+" "+name, func(t *testing.T) {
				a := newAccount(t)
				a.wantProblem(t, a.serve(t, requestOf(t, "PUT", path, test.text)), test.status, test.detail)
			})
		}
		t.Run(path+" of another type", func(t *testing.T) {
			a := newAccount(t)
			request := requestOf(t, "PUT", path, good)
			request.Headers["Content-Type"], request.MultiValueHeaders["Content-Type"] = "text/plain", []string{"text/plain"}
			a.wantProblem(t, a.serve(t, request), http.StatusUnsupportedMediaType, "application/json")
		})
	}
}

func TestLogHoldsNothingOfTheCustomer(t *testing.T) {
	for path, text := range map[string]string{
		"/profile":        `{"name":"Alice Liddell","address":"Christ Church, Oxford"}`,
		"/payment-method": stripe,
	} {
		for _, request := range []events.APIGatewayProxyRequest{
			requestOf(t, "PUT", path, text), requestOf(t, "PUT", path, text+"}"), requestOf(t, "GET", path, text),
			requestOf(t, "PUT", path, strings.Replace(text, `{`, `{"Alice Liddell":1,`, 1)),
		} {
			a := newAccount(t)
			response := a.serve(t, request)
			for _, value := range []string{alice, "mail.example", "Alice", "Liddell", "Oxford", "pm_", token, stepUp, "stepped", pool, "203.0.113.7", "Mozilla"} {
				if strings.Contains(a.log.String(), value) {
					t.Errorf("%s %s, answered %d: the log holds %q: %s", request.HTTPMethod, path, response.StatusCode, value, a.log)
				}
			}
		}
	}
}
