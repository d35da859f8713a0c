package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

// activity is a line of the user pool's log.
// https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
const activity = `{"eventSource": "USER_ACTIVITY", "logLevel": "INFO", "eventTimestamp": "1687297330677",
	"message": {"version": "1", "eventId": "71c2f7a9", "eventType": "SignIn", "userSub": "91e4f0c8",
	"ipAddress": "192.0.2.1", "riskLevel": "High",
	"eventResponse": "Fail", "compromisedCredentialDetected": "true", "code": "SECRET"}}`

func TestLinesOfUsersAreKeptTogether(t *testing.T) {
	w := newWorld(t)
	w.handles(t, logLines(t, "DATA_MESSAGE", activity, activity))
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

// TestFoldersOfLinesAreDaysInUTC, as those of changes are.
func TestFoldersOfLinesAreDaysInUTC(t *testing.T) {
	local := time.Local
	time.Local = time.FixedZone("UTC+14", 14*60*60) // where it is tomorrow
	t.Cleanup(func() { time.Local = local })
	w := newWorld(t)
	w.handles(t, logLines(t, "DATA_MESSAGE", activity))
	for name := range w.objects {
		if !strings.HasPrefix(name, "users/2025/11/29/") {
			t.Errorf("the object is called %s", name)
		}
	}
}

func TestLinesThatUnpackToTooMuchAreRefused(t *testing.T) {
	data := packed(t, bytes.Repeat([]byte(" "), mostBytes+1))
	w := newWorld(t)
	err := w.invoke(t, map[string]any{"awslogs": map[string]any{"data": data}})
	if !errors.Is(err, errEvent) || !strings.Contains(w.log.String(), "too much") {
		t.Errorf("got %v, %s", err, &w.log)
	}
}

func TestCloudWatchLogsMayTryWhetherAnybodyListens(t *testing.T) {
	w := newWorld(t)
	health := logLines(t, "CONTROL_MESSAGE", "CWL CONTROL MESSAGE: Checking health of destination")
	w.handles(t, health)
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
