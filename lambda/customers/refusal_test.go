package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/request"
)

// bodies are valid bodies of the two routes that have one.
var bodies = map[string]string{"/profile": `{"name":"Alice Liddell"}`, "/payment-method": stripe}

func TestNothingIsChangedWithoutAStepUp(t *testing.T) {
	for path, text := range bodies {
		for name, event := range lambdatest.NotSteppedUp(requestOf(t, "PUT", path, text), arrival) {
			t.Run(path+" "+name, func(t *testing.T) {
				a := newAccount(t)
				a.wantStepUp(t, a.Serve(t, event))
			})
		}
	}
}

func TestInvalidBodyIsRefused(t *testing.T) {
	tests := map[string]struct {
		text   string
		status int
		detail string
	}{
		"nothing":      {"", http.StatusBadRequest, "must not be empty"},
		"no JSON":      {"name=Alice", http.StatusBadRequest, "byte 2"},
		"a name twice": {`{"name":"A","name":"B"}`, http.StatusBadRequest, "name is given more than once"},
		"not UTF-8":    {"{\"name\":\"\xff\"}", http.StatusBadRequest, "UTF-8"},
		"nested":       {strings.Repeat(`{"name":`, 9) + `1` + strings.Repeat(`}`, 9), http.StatusBadRequest, "nested"},
		"two values":   {`{} {}`, http.StatusBadRequest, "byte 4"},
		"too long": {
			`{"name":"` + strings.Repeat("x", request.MaxBodyBytes) + `"}`, http.StatusRequestEntityTooLarge, "16384",
		},
		"another shape": {`["name"]`, http.StatusUnprocessableEntity, "body must be an object"},
	}
	for path, good := range bodies {
		for name, test := range tests {
			t.Run(path+" "+name, func(t *testing.T) {
				a := newAccount(t)
				a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", path, test.text)), test.status, test.detail)
			})
		}
		t.Run(path+" of another type", func(t *testing.T) {
			a := newAccount(t)
			event := requestOf(t, "PUT", path, good)
			event.Headers["Content-Type"], event.MultiValueHeaders["Content-Type"] = "text/plain", []string{"text/plain"}
			a.wantProblem(t, a.Serve(t, event), http.StatusUnsupportedMediaType, "application/json")
		})
	}
}

func TestLogHoldsNothingOfTheCustomer(t *testing.T) {
	for path, text := range map[string]string{
		"/profile":        `{"name":"Alice Liddell","address":"Christ Church, Oxford"}`,
		"/payment-method": stripe,
	} {
		for _, event := range []events.APIGatewayProxyRequest{
			requestOf(t, "PUT", path, text), requestOf(t, "PUT", path, text+"}"), requestOf(t, "GET", path, text),
			requestOf(t, "PUT", path, strings.Replace(text, `{`, `{"Alice Liddell":1,`, 1)),
		} {
			a := newAccount(t)
			response := a.Serve(t, event)
			for _, value := range []string{
				alice, "mail.example", "Alice", "Liddell", "Oxford", "pm_", token, stepUp, "stepped", "203.0.113.7", "Mozilla",
			} {
				if strings.Contains(a.Log.String(), value) {
					t.Errorf("%s %s, answered %d: the log holds %q: %s", event.HTTPMethod, path, response.StatusCode, value, a.Log)
				}
			}
		}
	}
}
