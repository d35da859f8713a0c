package problem_test

import (
	"net/http"
	"testing"

	"github.com/securecart/identity/lambda/internal/problem"
)

func TestRefusalHasItsStatusAndLogsNoDetail(t *testing.T) {
	p := problem.Refused(http.StatusGone, "ExpiredOffer", "The offer has expired.")
	if p.Status != http.StatusGone || p.Title != "Gone" || p.Detail != "The offer has expired." || len(p.Header) != 0 {
		t.Errorf("problem %+v, want 410 with its detail and no header", p)
	}
	if p.Error() != "ExpiredOffer" {
		t.Errorf("logged as %q, want the code alone", p.Error())
	}
}

func TestBusyAsksToTryAgain(t *testing.T) {
	p := problem.Busy("LinkBusy", "Try again in a moment.")
	if p.Status != http.StatusConflict || p.Header["Retry-After"] != "1" {
		t.Errorf("problem %+v, want 409 with Retry-After", p)
	}
}
