package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/lambdatest"
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

// Package gateway tests what no body may be.
func TestInvalidBodyIsRefused(t *testing.T) {
	for path, good := range bodies {
		a := newAccount(t)
		a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", path, "")), http.StatusBadRequest, "must not be empty")
		a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", path, `["name"]`)), http.StatusUnprocessableEntity,
			"body must be an object")
		event := requestOf(t, "PUT", path, good)
		event.Headers["Content-Type"], event.MultiValueHeaders["Content-Type"] = "text/plain", []string{"text/plain"}
		a.wantProblem(t, a.Serve(t, event), http.StatusUnsupportedMediaType, "application/json")
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
