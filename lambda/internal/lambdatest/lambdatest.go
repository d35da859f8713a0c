// Package lambdatest tests functions and their packages. It calls a function in one of two ways. [Invoke] runs its main
// as Lambda does, in its own process with a runtime API and an environment. [Function] calls its API in the test's
// process.
//
// It replaces AWS services that speak the JSON protocol of DynamoDB, KMS, Cognito and SSM: DynamoDB by a real engine,
// dynalite, whose tables have the keys and indexes that the app provisions ([Table]); and services with the responses
// or failures of a test ([Answering], [Refusing], [Silent]). [Services] are all services of one function, whose calls a
// test may watch, fail and stop.
package lambdatest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// asFunction makes the test binary run main instead of the tests.
const asFunction = "SECURECART_TEST_AS_FUNCTION"

// answersWithin is how long a process may take until it answers or ends.
const answersWithin = 20 * time.Second

// Run is for TestMain: it runs main if [Invoke] or [WantNoStart] started the process, otherwise the tests.
func Run(m *testing.M, main func()) {
	if os.Getenv(asFunction) != "" {
		main()
		os.Exit(0)
	}
	debug.SetGCPercent(400) // the heap is so small that collections would take a fifth of the time
	os.Exit(m.Run())
}

// Invoke starts the function with this environment and the variables that Lambda adds, sends it one event and returns
// its response and all output to stdout and stderr.
func Invoke(t testing.TB, environment []string, event any) (answer []byte, output string) {
	t.Helper()
	answered := make(chan []byte, 1)
	process, written := command(t, append(environment,
		"AWS_LAMBDA_RUNTIME_API="+runtimeAPI(t, event, answered),
		"AWS_REGION="+Region,
		"AWS_ACCESS_KEY_ID="+AccessKey,
		"AWS_SECRET_ACCESS_KEY="+SecretKey,
	))
	if err := process.Start(); err != nil {
		t.Fatalf("start the function: %v", err)
	}
	select {
	case answer = <-answered:
	case <-time.After(answersWithin):
	}
	_ = process.Process.Kill() // it waits for another event
	_ = process.Wait()         // and has then been killed
	if answer == nil {
		t.Fatalf("the function did not answer within %s; it wrote:\n%s", answersWithin, written)
	}
	return answer, written.String()
}

// Request is [Invoke] for a function that answers API Gateway.
func Request(
	t testing.TB, environment []string, request events.APIGatewayProxyRequest,
) (response events.APIGatewayProxyResponse, output string) {
	t.Helper()
	answer, output := Invoke(t, environment, request)
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatalf("the function answered %q: %v", answer, err)
	}
	return response, output
}

// WantNoStart starts the function with exactly this environment, which it must refuse. Its log must contain each of
// problems.
func WantNoStart(t testing.TB, environment []string, problems ...string) {
	t.Helper()
	process, written := command(t, environment)
	var ended *exec.ExitError
	if err := process.Run(); err != nil && !errors.As(err, &ended) {
		t.Fatalf("run the function: %v", err)
	}
	if process.ProcessState.ExitCode() == 0 {
		t.Error("exit code 0, so that Lambda would take the function for started")
	}
	for _, want := range append(problems, `"level":"ERROR"`) {
		if !strings.Contains(written.String(), want) {
			t.Errorf("the function wrote %s; want %q in it", written, want)
		}
	}
}

func command(t testing.TB, environment []string) (*exec.Cmd, *bytes.Buffer) {
	ctx, cancel := context.WithTimeout(t.Context(), answersWithin)
	t.Cleanup(cancel)
	written := &bytes.Buffer{}
	process := exec.CommandContext(ctx, os.Args[0])
	process.Env = append([]string{asFunction + "=1"}, environment...)
	process.Stdout, process.Stderr = written, written
	return process, written
}

// runtimeAPI serves one event to a function and returns its host and port.
func runtimeAPI(t testing.TB, event any, answered chan<- []byte) string {
	t.Helper()
	const invocation = "/2018-06-01/runtime/invocation/"
	pending := make(chan any, 1)
	pending <- event
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+invocation+"next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case next := <-pending:
			deadline := time.Now().Add(10 * time.Second).UnixMilli()
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline, 10))
			if err := json.NewEncoder(w).Encode(next); err != nil {
				t.Errorf("send an event: %v", err)
			}
		case <-r.Context().Done():
		}
	})
	routes.HandleFunc("POST "+invocation+"{id}/{outcome}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the answer: %v", err)
		}
		w.WriteHeader(http.StatusAccepted)
		answered <- body
	})
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}
