package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesEventsAsDeployed(t *testing.T) {
	for file, line := range map[string]string{
		"signup":    `"triggerSource":"PreSignUp_SignUp","client":"Web","outcome":"passed"`,
		"confirmed": `"triggerSource":"PostConfirmation_ConfirmForgotPassword","client":"unknown","outcome":"proven"`,
	} {
		r := newRig(t)
		sent := documented(t, file, nil)
		answer, output := lambdatest.Invoke(t, []string{
			"CLIENTS_PARAMETER=" + parameter,
			"PROOFS_TABLE=" + r.table,
			"AWS_ENDPOINT_URL_SSM=" + r.URL,
			"AWS_ENDPOINT_URL_DYNAMODB=" + r.URL,
			"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + r.URL,
		}, json.RawMessage(sent))
		if strings.TrimSpace(string(answer)) != string(sent) {
			t.Errorf("answer %s; want the event %s; the function wrote %s", answer, sent, output)
		}
		if !strings.Contains(output, line) {
			t.Errorf("the function wrote %s; want its line", output)
		}
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, nil,
		"CLIENTS_PARAMETER must be set", "PROOFS_TABLE must be set", "AWS_REGION must be set")
}

func TestFunctionIsBuiltFromItsEnvironment(t *testing.T) {
	r := newRig(t)
	t.Setenv("CLIENTS_PARAMETER", parameter)
	t.Setenv("PROOFS_TABLE", r.table)
	var env function.Environment
	built, found := build(&env, quiet()).(*trigger)
	if !found || env.Err() != nil {
		t.Fatalf("built %v, %v", built, env.Err())
	}
	r.trigger = built
	r.confirms(t, documented(t, "signup", nil))
	lambdatest.WantPatience(t, built.users.Options().HTTPClient, built.users.Options().Retryer, patience)
	if ahead := time.Since(built.now()); ahead < 0 || ahead > time.Minute {
		t.Errorf("the clock is off by %s", ahead)
	}
}
