package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	answer, output := lambdatest.Invoke(t, []string{
		"CLIENTS_PARAMETER=" + parameter,
		"SECOND_FACTORS=TOTP,SMS",
		"AWS_ENDPOINT_URL_SSM=" + b.ssm.URL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + b.users.URL,
	}, documented(t, nil))
	if !strings.Contains(string(answer), `"scopesToAdd":["securecart/`) {
		t.Errorf("answer %s; want scopes; the function wrote %s", answer, output)
	}
	if !strings.Contains(output, `"client":"StepUp","outcome":"elevated","factor":"totp"`) {
		t.Errorf("the function wrote %s; want its line", output)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"SECOND_FACTORS=EmailCode"},
		"SECOND_FACTORS must be TOTP, SMS, both or empty", "CLIENTS_PARAMETER must be set", "AWS_REGION must be set")
}
