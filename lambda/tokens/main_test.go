package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	b := rigOf(t, withTOTP, trusted)
	answer, output := lambdatest.Invoke(t, []string{
		"CLIENTS_PARAMETER=" + parameter,
		"SECOND_FACTORS=TOTP,SMS",
		"PROOFS_TABLE=" + b.table,
		"AWS_ENDPOINT_URL_SSM=" + b.URL,
		"AWS_ENDPOINT_URL_DYNAMODB=" + b.URL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + b.URL,
	}, documented(t, nil))
	if !strings.Contains(string(answer), `"scopesToAdd":["securecart/`) {
		t.Errorf("answer %s; want scopes; the function wrote %s", answer, output)
	}
	if !strings.Contains(output, `"client":"StepUp","outcome":"elevated","factor":"totp"`) {
		t.Errorf("the function wrote %s; want its line", output)
	}
}

// The settings reach the decision: the parameter, the table, the factors, and the time.
func TestTriggerIsBuiltFromTheEnvironment(t *testing.T) {
	b := newRig(t)
	b.enrolled(withSMS)
	t.Setenv("CLIENTS_PARAMETER", parameter)
	t.Setenv("PROOFS_TABLE", b.table)
	for offered, want := range map[string]changes{"SMS": toBuy, "TOTP": stripped, "": stripped} {
		t.Setenv("SECOND_FACTORS", offered)
		var env function.Environment
		handler := build(&env, slog.New(slog.DiscardHandler)).(*trigger)
		if err := env.Err(); err != nil {
			t.Fatal(err)
		}
		// The default takes longer than Cognito waits.
		lambdatest.WantPatience(t, handler.users.Options().HTTPClient, handler.users.Options().Retryer, patience)
		b.trigger = handler
		b.knows(t, alice, item{"proofChallenge": challenge, "proofExpiresAt": time.Now().Add(10 * time.Minute).Unix()})
		wantChanges(t, offered, b.stepUp(t, alice, verifier), want)
		b.knows(t, alice, item{"proofChallenge": challenge, "proofExpiresAt": time.Now().Add(-time.Second).Unix()})
		wantChanges(t, offered+", expired", b.stepUp(t, alice, verifier), stripped)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"SECOND_FACTORS=EmailCode"},
		"SECOND_FACTORS must be TOTP, SMS, both or empty", "CLIENTS_PARAMETER must be set", "PROOFS_TABLE must be set",
		"AWS_REGION must be set")
}
