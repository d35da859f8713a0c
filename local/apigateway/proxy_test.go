package apigateway_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

func TestBadHandlersAreGatewayErrorsAndTheServerKeepsServing(t *testing.T) {
	s := reviewed(t, nil)
	for i := range s.API.Methods {
		if s.API.Methods[i].Integration.TimeoutInMillis > 0 {
			s.API.Methods[i].Integration.TimeoutInMillis = 50
		}
	}
	a := serve(t, s)
	good := a.answers
	bearer := token(t, s, nil)
	for name, test := range map[string]struct {
		answers func(context.Context, []byte) ([]byte, error)
		status  int
		title   string
	}{
		"hangs": {func(ctx context.Context, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }, 504,
			"Gateway timeout"},
		"times out": {func(context.Context, []byte) ([]byte, error) { return nil, errors.New("timed out") }, 502,
			"Internal error"},
		"crashes": {
			func(context.Context, []byte) ([]byte, error) { return nil, errors.New("ended without an answer") }, 502,
			"Internal error"},
		"prints garbage": {func(context.Context, []byte) ([]byte, error) { return []byte("\x00garbage"), nil }, 502,
			"Internal error"},
		"answers nothing": {func(context.Context, []byte) ([]byte, error) { return nil, nil }, 502, "Internal error"},
		"answers too much": {func(context.Context, []byte) ([]byte, error) {
			return []byte(`{"body": "` + strings.Repeat("x", 10<<20+1) + `"}`), nil
		}, 502, "Internal error"},
	} {
		t.Run(name, func(t *testing.T) {
			a.answers = test.answers
			wantRefused(t, a.call(t, "GET", "/v1/orders", "", "Authorization", bearer), test.status,
				"InternalServerErrorException", test.title)
			a.answers = good
			if r := a.call(t, "GET", "/v1/orders", "", "Authorization", bearer); r.StatusCode != http.StatusOK ||
				text(t, r) != "served" {
				t.Errorf("afterwards: %d", r.StatusCode)
			}
		})
	}
}

func TestFunctionsHaveTheTimeThatTheTemplateGives(t *testing.T) {
	s := reviewed(t, nil)
	for milliseconds, want := range map[int]time.Duration{11_000: 11 * time.Second, 0: 29 * time.Second} {
		at(s, "GET /orders", func(m *deployed.Method) { m.Integration.TimeoutInMillis = milliseconds })
		a := serve(t, s)
		var left time.Duration
		a.answers = func(ctx context.Context, _ []byte) ([]byte, error) {
			deadline, _ := ctx.Deadline()
			left = time.Until(deadline)
			return []byte("{}"), nil
		}
		a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, nil))
		if left > want || left < want-5*time.Second {
			t.Errorf("TimeoutInMillis %d: %s", milliseconds, left)
		}
	}
}

func TestACallerWhoLeavesDoesNotStopTheFunction(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	var ended error
	a.answers = func(ctx context.Context, _ []byte) ([]byte, error) { ended = ctx.Err(); return []byte("{}"), nil }
	gone, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(gone, http.MethodGet, "/v1/orders", nil)
	r.Header.Set("Authorization", token(t, a.stage, nil))
	a.ServeHTTP(httptest.NewRecorder(), r)
	if len(a.events) != 1 || ended != nil {
		t.Errorf("%d invocations, context %v", len(a.events), ended)
	}
}
