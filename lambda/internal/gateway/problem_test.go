package gateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

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
