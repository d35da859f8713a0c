package problem_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/problem"
)

func TestProblemIsEncodedAsRFC9457Says(t *testing.T) {
	got, err := json.Marshal(problem.BadRequest("limit must be a whole number").For("request-1"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"about:blank","title":"Bad Request","status":400,` +
		`"detail":"limit must be a whole number","requestId":"request-1"}`
	if string(got) != want {
		t.Errorf("problem:\n got %s\nwant %s", got, want)
	}
}

func TestProblemKeepsCodeAndReasonForTheLog(t *testing.T) {
	for name, p := range map[string]*problem.Problem{
		"unauthorized": problem.Unauthorized("log-only"),
		"step up":      problem.StepUp("LogOnly", "log-only", time.Second),
		"sign in":      problem.SignInAgain("LogOnly", "log-only", time.Second),
		"internal":     problem.Internal("LogOnly", "log-only"),
		"unavailable":  problem.Unavailable("LogOnly", "log-only"),
	} {
		body, err := json.Marshal(p.For("request-1"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(string(body)), "log") {
			t.Errorf("%s: the caller is sent what is for the log: %s", name, body)
		}
		want := "LogOnly: log-only"
		if name == "unauthorized" {
			want = "InvalidClaims: log-only"
		}
		if p.Error() != want {
			t.Errorf("%s: Error() = %q, want %s", name, p.Error(), want)
		}
	}
}

func TestProblemHasTheHeaderItsStatusRequires(t *testing.T) {
	tests := map[string]struct {
		problem *problem.Problem
		status  int
		header  map[string]string
	}{
		"unauthorized": {problem.Unauthorized(""), http.StatusUnauthorized, map[string]string{"WWW-Authenticate": "Bearer"}},
		"step up": {problem.StepUp("X", "", 300*time.Second), http.StatusUnauthorized, map[string]string{
			"WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age=300`,
		}},
		"sign in again": {problem.SignInAgain("X", "", 60*time.Second), http.StatusUnauthorized, map[string]string{
			"WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age=60`,
		}},
		"too large":     {problem.TooLarge(1), http.StatusRequestEntityTooLarge, nil},
		"media type":    {problem.UnsupportedMediaType("x"), http.StatusUnsupportedMediaType, nil},
		"unprocessable": {problem.Unprocessable("x"), http.StatusUnprocessableEntity, nil},
		"not found":     {problem.NotFound(), http.StatusNotFound, nil},
		"method not allowed": {
			problem.MethodNotAllowed([]string{"GET", "POST"}), http.StatusMethodNotAllowed,
			map[string]string{"Allow": "GET, POST"},
		},
		"internal": {problem.Internal("X", ""), http.StatusInternalServerError, nil},
		"unavailable": {problem.Unavailable("X", ""), http.StatusServiceUnavailable, map[string]string{
			"Retry-After": "1",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.problem.Status != test.status {
				t.Errorf("status %d, want %d", test.problem.Status, test.status)
			}
			if diff := cmp.Diff(test.header, test.problem.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if test.problem.Title == "" || test.problem.Detail == "" {
				t.Errorf("title %q and detail %q must both be there", test.problem.Title, test.problem.Detail)
			}
		})
	}
}

func TestProblemForARequestLeavesTheOriginalAlone(t *testing.T) {
	original := problem.NotFound()
	if got := original.For("request-1").RequestID; got != "request-1" {
		t.Errorf("requestId %q, want request-1", got)
	}
	if original.RequestID != "" {
		t.Errorf("the original got requestId %q, so the next request would be answered with it", original.RequestID)
	}
}
