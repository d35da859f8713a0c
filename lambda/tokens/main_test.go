package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

// The runtime API hands out one event and then refuses, upon which the function
// ends. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	var events atomic.Int64
	answers := make(chan []byte, 1)
	const invocation = "/2018-06-01/runtime/invocation/"
	payload := encode(t, documented(t, nil))
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+invocation+"next", func(w http.ResponseWriter, _ *http.Request) {
		if events.Add(1) > 1 {
			w.WriteHeader(http.StatusGone)
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", "99999999999999")
		if _, err := w.Write(payload); err != nil {
			t.Errorf("send the event: %v", err)
		}
	})
	routes.HandleFunc("POST "+invocation+"{id}/response", func(w http.ResponseWriter, r *http.Request) {
		answer, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the answer: %v", err)
		}
		answers <- answer
		w.WriteHeader(http.StatusAccepted)
	})
	runtime := httptest.NewServer(routes)
	t.Cleanup(runtime.Close)

	b := newRig(t)
	b.enrolled(withTOTP)
	_, output := lambdatest.Exit(t,
		"AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(runtime.URL, "http://"),
		"CLIENTS_PARAMETER="+parameter,
		"SECOND_FACTORS=TOTP,SMS",
		"AWS_REGION="+awstest.Region,
		"AWS_ACCESS_KEY_ID="+awstest.AccessKey,
		"AWS_SECRET_ACCESS_KEY="+awstest.SecretKey,
		"AWS_ENDPOINT_URL_SSM="+b.ssm.url,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+b.users.url,
	)
	close(answers)
	if answer := string(<-answers); !strings.Contains(answer, `"scopesToAdd":["securecart/`) {
		t.Errorf("answer %s; want scopes; the function wrote %s", answer, output)
	}
	if !strings.Contains(output, `"client":"StepUp","outcome":"elevated","factor":"totp"`) {
		t.Errorf("the function wrote %s; want its line", output)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	code, output := lambdatest.Exit(t)
	if code == 0 {
		t.Error("exit code 0, so that Lambda would take the function for started")
	}
	for _, want := range []string{`"level":"ERROR"`, "CLIENTS_PARAMETER must be set", "AWS_REGION must be set"} {
		if !strings.Contains(output, want) {
			t.Errorf("the function wrote %s; want %q in it", output, want)
		}
	}
}
