package gateway_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/gateway"
)

func TestEveryFailureIsAProblemWithTheHeadersOfAnAnswer(t *testing.T) {
	upstreamError := &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "Query",
		Err: &smithy.GenericAPIError{Code: "InternalServerError", Message: "arn:aws:dynamodb:" + secret}}
	stepUp := map[string]string{"WWW-Authenticate": `Bearer error="insufficient_user_authentication", max_age=60`}
	tests := map[string]struct {
		handle        gateway.Handler
		status        int
		header        map[string]string
		level         string
		error, reason string
	}{
		"wrong request": {
			failing(gateway.BadRequest("limit is wrong")), 400, nil, "INFO", "InvalidRequest", "",
		},
		"wrong request, wrapped": {
			failing(fmt.Errorf("%s: %w", secret, gateway.BadRequest("limit is wrong"))), 400, nil, "INFO", "InvalidRequest", "",
		},
		"nobody": {
			failing(gateway.Unauthorized("claims are missing")), 401, map[string]string{"WWW-Authenticate": "Bearer"},
			"ERROR", "InvalidClaims", "claims are missing",
		},
		"nobody who has stepped up": {
			failing(gateway.StepUp("InvalidStepUp", "claim acr", time.Minute)), 401, stepUp,
			"ERROR", "InvalidStepUp", "claim acr",
		},
		"signed in too long ago": {
			failing(gateway.SignInAgain(gateway.Stale, "claim auth_time", time.Minute)), 401, stepUp,
			"INFO", "StaleStepUp", "claim auth_time",
		},
		"stepped up too long ago": {
			failing(gateway.StepUp(gateway.Stale, "claim auth_time", time.Minute)), 401, stepUp,
			"INFO", "StaleStepUp", "claim auth_time",
		},
		"service failed": {
			failing(fmt.Errorf("read %s: %w", secret, upstreamError)), 503, map[string]string{"Retry-After": "1"},
			"ERROR", "InternalServerError", "DynamoDB Query",
		},
		"unexpected error": {
			failing(fmt.Errorf("about %s: %w", secret, errors.New(secret))), 500, nil,
			"ERROR", "Unexpected", "*errors.errorString",
		},
		"answer that is no JSON": {
			answering(gateway.Answer{Body: func() {}}), 500, nil, "ERROR", "Unexpected", "*json.UnsupportedTypeError",
		},
		"no handler": {
			nil, 500, nil, "ERROR", "Panic", "runtime error: invalid memory address or nil pointer dereference at gateway.go:",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response, line := serve(t, request("GET", "/things"), test.handle)
			want := headers("application/problem+json", "no-store")
			maps.Copy(want, test.header)
			if diff := cmp.Diff(want, response.Headers); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			wantProblem(t, response, test.status)
			reason, _ := line["reason"].(string)
			if line["level"] != test.level || line["error"] != test.error || !strings.HasPrefix(reason, test.reason) {
				t.Errorf("log line %v, want level %s, error %s, reason %s", line, test.level, test.error, test.reason)
			}
		})
	}
}
