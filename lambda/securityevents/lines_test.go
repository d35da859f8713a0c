package main

import (
	"errors"
	"strings"
	"testing"
)

// activity is a line of the user pool's log.
// https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
const activity = `{"eventSource": "USER_ACTIVITY", "logLevel": "INFO", "eventTimestamp": "1687297330677",
	"message": {"version": "1", "eventId": "71c2f7a9", "eventType": "SignIn", "userSub": "91e4f0c8",
	"ipAddress": "192.0.2.1", "riskLevel": "High",
	"eventResponse": "Fail", "compromisedCredentialDetected": "true", "code": "SECRET"}}`

func TestLinesOfUsersAreKeptTogether(t *testing.T) {
	w := newWorld(t)
	if err := w.invoke(t, logLines(t, "DATA_MESSAGE", activity, activity)); err != nil {
		t.Fatal(err)
	}
	if len(w.objects) != 1 || len(w.messages) != 0 {
		t.Fatalf("%d objects, %d messages", len(w.objects), len(w.messages))
	}
	for name, text := range w.objects {
		if !strings.HasPrefix(name, "users/2025/11/29/") || !strings.HasSuffix(name, ".jsonl") {
			t.Errorf("the object is called %s", name)
		}
		if strings.Count(text, "\n") != 2 || strings.Count(text, `"riskLevel":"High"`) != 2 ||
			strings.Contains(text, "SECRET") {
			t.Errorf("kept %s", text)
		}
	}
}

func TestCloudWatchLogsMayTryWhetherAnybodyListens(t *testing.T) {
	w := newWorld(t)
	health := logLines(t, "CONTROL_MESSAGE", "CWL CONTROL MESSAGE: Checking health of destination")
	if err := w.invoke(t, health); err != nil {
		t.Fatal(err)
	}
	if len(w.objects) != 0 {
		t.Errorf("kept %v", w.objects)
	}
}

func TestLinesThatCannotBeKeptAreTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.failing = "S3"
	if err := w.invoke(t, logLines(t, "DATA_MESSAGE", activity)); !errors.Is(err, errEvent) {
		t.Errorf("got %v, want %v", err, errEvent)
	}
}
