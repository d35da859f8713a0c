package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	w := newWorld(t)
	answer, output := lambdatest.Invoke(t, []string{
		"EVENTS_BUCKET=events", "SECURITY_TOPIC=" + topicARN, "DEPLOY_ROLE=" + deployRole, "STAGE_ID=" + stageID,
		"EXPECTED_ROLES=" + expectedRoles, "UNDELIVERED_QUEUE=" + w.url + "/queue",
		"AWS_ENDPOINT_URL_S3=" + w.url, "AWS_ENDPOINT_URL_SNS=" + w.url,
	}, sampleOf(t, "the trail is stopped").envelope())
	if string(answer) != "null" || !strings.Contains(output, `"eventName":"StopLogging","serious":true`) {
		t.Errorf("answer %s; the function wrote %s", answer, output)
	}
	if len(w.objects) != 1 || len(w.messages) != 1 {
		t.Errorf("%d objects, %d messages", len(w.objects), len(w.messages))
	}
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, nil, "EVENTS_BUCKET must be set", "SECURITY_TOPIC must be set",
		"DEPLOY_ROLE must be set", "STAGE_ID must be set", "EXPECTED_ROLES must be set",
		"AWS_REGION must be set", "UNDELIVERED_QUEUE must be set")
}

func TestFunctionDoesNotStartWithSettingsThatItCannotRead(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"SECURITY_TOPIC=security", "EXPECTED_ROLES={}"},
		"SECURITY_TOPIC must be an ARN", "EXPECTED_ROLES must be a list of roles as JSON")
}
