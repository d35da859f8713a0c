package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signIns are enough for the slowest percent to be a hundred of them.
const signIns = 10_000

// measureTrigger is how long lambda/tokens takes for a stepped-up sign-in, the case that looks something up, against
// services on this machine that answer at once. measureFunctions has built the program.
func measureTrigger(dir string) ([]row, error) {
	event, err := os.ReadFile("lambda/tokens/testdata/authentication.json")
	if err != nil {
		return nil, err
	}
	aws := httptest.NewServer(http.HandlerFunc(answerLookUp))
	defer aws.Close()
	runtime := &runtimeAPI{event: event, done: make(chan error, 1)}
	server := httptest.NewServer(runtime)
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "tokens.fn"))
	cmd.Env = append(append(os.Environ(), environment...), "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(server.URL, "http://"),
		"AWS_LAMBDA_FUNCTION_NAME=tokens", "AWS_ENDPOINT_URL_SSM="+aws.URL, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+aws.URL)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer cmd.Wait() //nolint:errcheck // it is killed
	select {
	case err = <-runtime.done:
	case <-ctx.Done():
		err = errors.New("lambda/tokens did not answer in time")
	}
	cancel()
	if err != nil {
		return nil, err
	}
	slices.Sort(runtime.took)
	return []row{
		{"lambda/tokens, stepped-up sign-in, median", milliseconds(runtime.took[signIns/2]), ""},
		{"lambda/tokens, stepped-up sign-in, p99", milliseconds(runtime.took[signIns*99/100]), "Cognito gives 5 s"},
	}, nil
}

// answerLookUp is Systems Manager and Cognito for one parameter and one customer.
func answerLookUp(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	switch r.Header.Get("X-Amz-Target") {
	case "AmazonSSM.GetParameter":
		fmt.Fprint(w, `{"Parameter": {"Value": "{\"stepUp\":\"4stepup8example\",\"web\":\"7web0example\"}"}}`)
	case "AWSCognitoIdentityProviderService.AdminGetUser":
		fmt.Fprint(w, `{"Username": "u", "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"], "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA"}`)
	default:
		http.Error(w, `{"__type": "UnknownOperationException"}`, http.StatusBadRequest)
	}
}

// runtimeAPI hands out the same event again and again, and measures until each answer.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	event  []byte
	handed time.Time
	took   []time.Duration
	done   chan error
}

func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/invocation/next"):
		if len(a.took) == signIns {
			a.done <- nil
			<-r.Context().Done()
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", strconv.Itoa(len(a.took)))
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(5*time.Second).UnixMilli(), 10))
		a.handed = time.Now()
		w.Write(a.event) //nolint:errcheck // the function's time-out tells
	case strings.HasSuffix(r.URL.Path, "/response"):
		answer, _ := io.ReadAll(r.Body) // half an answer grants nothing
		if !strings.Contains(string(answer), "securecart/payment.write") {
			a.done <- fmt.Errorf("lambda/tokens granted nothing: %s", answer)
			return
		}
		a.took = append(a.took, time.Since(a.handed))
		w.WriteHeader(http.StatusAccepted)
	default:
		answer, _ := io.ReadAll(r.Body) // what came is said
		a.done <- fmt.Errorf("lambda/tokens failed: %s %s", r.URL.Path, answer)
	}
}
