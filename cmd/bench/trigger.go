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

// signIns is so large that the slowest percent has a hundred of them.
const signIns = 10_000

// triggers lists the cases with the most look-ups, and a word of the answer that shows that the trigger did its work.
var triggers = []struct{ function, file, does, answer string }{
	{"tokens", "authentication.json", "stepped-up sign-in", "securecart/payment.write"},
	{"registration", "confirmed.json", "password chosen with a mailed code", "PostConfirmation_ConfirmForgotPassword"},
}

// measureTriggers measures how long the triggers of the user pool take. Services on this machine answer them at once.
// measureFunctions has built the programs.
func measureTriggers(dir string) ([]row, error) {
	variables, err := environment(dir)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, t := range triggers {
		event, err := os.ReadFile(filepath.Join("lambda", t.function, "testdata", t.file))
		if err != nil {
			return nil, err
		}
		took, err := measureTrigger(filepath.Join(dir, t.function+".fn"), variables, t.function, event, t.answer)
		if err != nil {
			return nil, fmt.Errorf("lambda/%s: %w", t.function, err)
		}
		rows = append(rows,
			row{"lambda/" + t.function + ", " + t.does + ", median", milliseconds(took[signIns/2]), ""},
			row{"lambda/" + t.function + ", " + t.does + ", p99", milliseconds(took[signIns*99/100]),
				"≤ 20 ms; Cognito gives 5 s"})
	}
	return rows, nil
}

// measureTrigger sends a trigger the same event again and again, and returns the sorted durations.
func measureTrigger(
	program string, variables []string, function string, event []byte, answer string,
) ([]time.Duration, error) {
	aws := httptest.NewServer(http.HandlerFunc(answerLookUp))
	defer aws.Close()
	runtime := &runtimeAPI{event: event, answer: answer, done: make(chan error, 1)}
	server := httptest.NewServer(runtime)
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(append(os.Environ(), variables...),
		"AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(server.URL, "http://"),
		"AWS_LAMBDA_FUNCTION_NAME="+function, "AWS_ENDPOINT_URL_SSM="+aws.URL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+aws.URL, "AWS_ENDPOINT_URL_DYNAMODB="+aws.URL)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer cmd.Wait() //nolint:errcheck // it is killed
	var err error
	select {
	case err = <-runtime.done:
	case <-ctx.Done():
		err = errors.New("no answer in time")
	}
	cancel()
	slices.Sort(runtime.took)
	return runtime.took, err
}

// answerLookUp answers as Systems Manager, Cognito and DynamoDB do, for one parameter and one customer.
func answerLookUp(w http.ResponseWriter, r *http.Request) {
	answers := map[string]string{
		"AmazonSSM.GetParameter": `{"Parameter": {"Value": "{\"account\":\"2account4example\",` +
			`\"stepUp\":\"4stepup8example\",\"web\":\"7web1example\"}"}}`,
		"AWSCognitoIdentityProviderService.AdminGetUser": `{"Username": "u", "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"], ` +
			`"PreferredMfaSetting": "SOFTWARE_TOKEN_MFA", "UserAttributes": [` +
			`{"Name": "sub", "Value": "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000002"}]}`,
		"AWSCognitoIdentityProviderService.AdminUserGlobalSignOut":    `{}`,
		"AWSCognitoIdentityProviderService.AdminDeleteSoftwareToken":  `{}`,
		"AWSCognitoIdentityProviderService.AdminSetUserMFAPreference": `{}`,
		"DynamoDB_20120810.GetItem": `{"Item": {"factorTrustedAt": {"N": "1"}, ` +
			`"factorKind": {"S": "totp"}}}`,
		"DynamoDB_20120810.UpdateItem": `{}`,
	}
	answer, known := answers[r.Header.Get("X-Amz-Target")]
	if !known {
		http.Error(w, `{"__type": "UnknownOperationException"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	fmt.Fprint(w, answer)
}

// runtimeAPI hands out the same event again and again, and measures the time until each answer.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	event  []byte
	answer string
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
		if !strings.Contains(string(answer), a.answer) {
			a.done <- fmt.Errorf("the answer lacks %s: %s", a.answer, answer)
			return
		}
		a.took = append(a.took, time.Since(a.handed))
		w.WriteHeader(http.StatusAccepted)
	default:
		answer, _ := io.ReadAll(r.Body) // what came is said
		a.done <- fmt.Errorf("it failed: %s %s", r.URL.Path, answer)
	}
}
