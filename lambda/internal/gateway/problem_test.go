package gateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/gateway"
)

func TestProblemIsEncodedAsRFC9457Says(t *testing.T) {
	got, err := json.Marshal(gateway.BadRequest("limit must be a whole number").For("request-1"))
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
	for name, p := range map[string]*gateway.Problem{
		"unauthorized": gateway.Unauthorized("log-only"),
		"step up":      gateway.StepUp("LogOnly", "log-only", time.Second),
		"sign in":      gateway.SignInAgain("LogOnly", "log-only", time.Second),
		"internal":     gateway.Internal("LogOnly", "log-only"),
		"unavailable":  gateway.Unavailable("LogOnly", "log-only"),
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
		problem *gateway.Problem
		status  int
		header  map[string]string
	}{
		"unauthorized": {gateway.Unauthorized(""), http.StatusUnauthorized, map[string]string{"WWW-Authenticate": "Bearer"}},
		"step up": {gateway.StepUp("X", "", 300*time.Second), http.StatusUnauthorized, map[string]string{
			"WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age=300`,
		}},
		"sign in again": {gateway.SignInAgain("X", "", 60*time.Second), http.StatusUnauthorized, map[string]string{
			"WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age=60`,
		}},
		"too large":     {gateway.TooLarge(1), http.StatusRequestEntityTooLarge, nil},
		"media type":    {gateway.UnsupportedMediaType("x"), http.StatusUnsupportedMediaType, nil},
		"unprocessable": {gateway.Unprocessable("x"), http.StatusUnprocessableEntity, nil},
		"not found":     {gateway.NotFound(), http.StatusNotFound, nil},
		"method not allowed": {
			gateway.MethodNotAllowed([]string{"GET", "POST"}), http.StatusMethodNotAllowed,
			map[string]string{"Allow": "GET, POST"},
		},
		"internal": {gateway.Internal("X", ""), http.StatusInternalServerError, nil},
		"unavailable": {gateway.Unavailable("X", ""), http.StatusServiceUnavailable, map[string]string{
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
	original := gateway.NotFound()
	if got := original.For("request-1").RequestID; got != "request-1" {
		t.Errorf("requestId %q, want request-1", got)
	}
	if original.RequestID != "" {
		t.Errorf("the original got requestId %q, so the next request would be answered with it", original.RequestID)
	}
}

func TestRefusalHasItsStatusAndLogsNoDetail(t *testing.T) {
	p := gateway.Refused(http.StatusGone, "ExpiredOffer", "The offer has expired.")
	if p.Status != http.StatusGone || p.Title != "Gone" || p.Detail != "The offer has expired." || len(p.Header) != 0 {
		t.Errorf("problem %+v, want 410 with its detail and no header", p)
	}
	if p.Error() != "ExpiredOffer" {
		t.Errorf("logged as %q, want the code alone", p.Error())
	}
}

func TestBusyAsksToTryAgain(t *testing.T) {
	p := gateway.Busy("LinkBusy", "Try again in a moment.")
	if p.Status != http.StatusConflict || p.Header["Retry-After"] != "1" {
		t.Errorf("problem %+v, want 409 with Retry-After", p)
	}
}
