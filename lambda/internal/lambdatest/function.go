package lambdatest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
)

// A Function serves its API in the test's process.
type Function struct {
	API *gateway.API
	// Log holds what was logged since [Function.Serve] was called last.
	Log *bytes.Buffer
}

// NewFunction returns the function whose API build makes for a log.
func NewFunction(build func(log *slog.Logger) *gateway.API) *Function {
	log := &bytes.Buffer{}
	return &Function{API: build(slog.New(slog.NewJSONHandler(log, nil))), Log: log}
}

// Serve answers a request.
func (f *Function) Serve(t testing.TB, request events.APIGatewayProxyRequest) events.APIGatewayProxyResponse {
	t.Helper()
	f.Log.Reset()
	response, err := f.API.Serve(t.Context(), request)
	if err != nil {
		t.Fatalf("Serve returned %v, which Lambda would answer in its own words", err)
	}
	return response
}

// Read returns the body of the answer to a request, which must be 200.
func Read[Body any](t testing.TB, f *Function, request events.APIGatewayProxyRequest) Body {
	t.Helper()
	response := f.Serve(t, request)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s with %v: %d %s", request.Resource, request.QueryStringParameters, response.StatusCode, response.Body)
	}
	var body Body
	if err := json.Unmarshal([]byte(response.Body), &body); err != nil {
		t.Fatalf("the answer is no %T: %v", body, err)
	}
	return body
}

// Pages returns all items of a list, whose pages read returns for the given query parameters, each page with another
// limit. No page may be empty unless it is the only one.
func Pages[Item any](
	t testing.TB, sent map[string]string, limit func() int, read func(map[string]string) (items []Item, next string),
) (all []Item) {
	t.Helper()
	for page := range 100 {
		sent["limit"] = strconv.Itoa(limit())
		items, next := read(sent)
		if page > 0 && len(items) == 0 {
			t.Fatal("a page is empty though the one before promised it")
		}
		all = append(all, items...)
		if next == "" {
			return all
		}
		sent["cursor"] = next
	}
	t.Fatal("the list does not end")
	return nil
}

// Line returns a log, which must be one line of JSON with the time that the event took.
func Line[Attributes any](t testing.TB, log string) Attributes {
	t.Helper()
	var line Attributes
	var took struct{ DurationMs *float64 }
	err := errors.Join(json.Unmarshal([]byte(log), &line), json.Unmarshal([]byte(log), &took))
	if err != nil || strings.Count(log, "\n") != 1 {
		t.Fatalf("the log is not one line of JSON (%v): %s", err, log)
	}
	if took.DurationMs == nil || *took.DurationMs < 0 {
		t.Errorf("log %s has no durationMs", log)
	}
	return line
}

// WantProblem checks that a response is a problem with this status and a detail that contains this text.
func WantProblem(t testing.TB, response events.APIGatewayProxyResponse, status int, detail string) {
	t.Helper()
	var got gateway.Problem
	if err := json.Unmarshal([]byte(response.Body), &got); err != nil {
		t.Fatalf("the answer is no problem: %v: %s", err, response.Body)
	}
	if response.StatusCode != status || got.Status != status || !strings.Contains(got.Detail, detail) {
		t.Errorf("answer %d %s; want %d and %q", response.StatusCode, response.Body, status, detail)
	}
}

// WantNoContent checks that a response is 204 and has no body.
func WantNoContent(t testing.TB, response events.APIGatewayProxyResponse) {
	t.Helper()
	if response.StatusCode != http.StatusNoContent || response.Body != "" {
		t.Fatalf("answer %d %s; want 204 and nothing", response.StatusCode, response.Body)
	}
}

// WantStepUp checks that a response requires a second factor, in a header that a browser can read.
func WantStepUp(t testing.TB, response events.APIGatewayProxyResponse) {
	t.Helper()
	WantProblem(t, response, http.StatusUnauthorized, "second factor")
	want := `Bearer error="insufficient_user_authentication", max_age=300`
	if got := response.Headers["WWW-Authenticate"]; got != want {
		t.Errorf("WWW-Authenticate %s, want %s", got, want)
	}
	exposed := response.Headers["Access-Control-Expose-Headers"]
	if !strings.Contains(exposed, "X-Amzn-Remapped-WWW-Authenticate") {
		t.Errorf("Access-Control-Expose-Headers %s hides why from the browser", exposed)
	}
}

// WantUnavailable checks the last response: it must ask the caller to try again, and the log must name this code and
// operation of the failed service. Neither may contain the service's address or any of names.
func (f *Function) WantUnavailable(
	t testing.TB, response events.APIGatewayProxyResponse, code, operation string, names ...string,
) {
	t.Helper()
	WantProblem(t, response, http.StatusServiceUnavailable, "busy")
	if response.Headers["Retry-After"] != "1" {
		t.Errorf("Retry-After %q, want 1", response.Headers["Retry-After"])
	}
	log := f.Log.String()
	if want := fmt.Sprintf(`"error":%q,"reason":%q`, code, operation); !strings.Contains(log, want) {
		t.Errorf("log %s; want %s in it", log, want)
	}
	for where, text := range map[string]string{"answer": response.Body, "log": log} {
		for _, name := range append([]string{"arn:", "127.0.0.1"}, names...) {
			if strings.Contains(text, name) {
				t.Errorf("the %s names %s: %s", where, name, text)
			}
		}
	}
}

// WantMalformedItem checks the error for a malformed item of a table: a 500, logged with this reason.
func WantMalformedItem(t testing.TB, err error, reason string) {
	t.Helper()
	var failure *gateway.Problem
	if !errors.As(err, &failure) || failure.Status != http.StatusInternalServerError {
		t.Fatalf("error %v, want a 500 problem", err)
	}
	if failure.Code != "MalformedItem" || failure.Reason != reason {
		t.Errorf("logged as %q, want MalformedItem: %s", failure.Error(), reason)
	}
}
