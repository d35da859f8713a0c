package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	w := newWorld(t, 2)
	answer, output := lambdatest.Invoke(t, []string{
		"USER_POOL_ID=" + poolID, "PROOFS_TABLE=" + w.table, "EXPORTS_BUCKET=exports",
		"AWS_ENDPOINT_URL_S3=" + w.URL, "AWS_ENDPOINT_URL_DYNAMODB=" + w.URL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + w.URL,
	}, object{})
	if string(answer) != "null" || !strings.Contains(output, `"outcome":"complete","listed":2`) {
		t.Errorf("answer %s; the function wrote %s", answer, output)
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, nil, "USER_POOL_ID must be set", "PROOFS_TABLE must be set", "EXPORTS_BUCKET must be set",
		"AWS_REGION must be set")
}
