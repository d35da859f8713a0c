package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// sample is an event of testdata/events.json.
type sample struct {
	What, Rule string
	Serious    bool
	DetailType string
	Source     string
	Detail     json.RawMessage
}

const (
	stageID    = "SecureCart-Dev"
	deployRole = "cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1"
	// pipeline starts deployments.
	pipeline = "cdk-hnb659fds-deploy-role-111122223333-eu-central-1"
	// delivery begins the names of the pipeline's own roles.
	delivery = "SecureCart-Delivery-Dev"
	// expectedRoles is what the stage's template has.
	expectedRoles = `[
		{"Name": "` + pipeline + `", "Source": "cloudformation.amazonaws.com", "Operations": ["CreateChangeSet"],
			"TakenBy": ["role/` + delivery + `-Deploy"]},
		{"Name": "SecureCart-Dev-Support", "Source": "cognito-idp.amazonaws.com",
			"Operations": ["AdminDisableUser"], "TakenBy": ["user/agent", "` + agents + `"]},
		{"Name": "SecureCart-Dev-Privacy", "Source": "cognito-idp.amazonaws.com",
			"Operations": ["AdminDeleteUser"], "TakenBy": ["user/officer"]}
	]`
	agents = "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Agent_0123456789abcdef"
)

// samples are the events, with the names of a stage in them.
func samples(t *testing.T) []sample {
	t.Helper()
	text, err := os.ReadFile("testdata/events.json")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("{stage}", stageID, "{deployRole}", deployRole, "{pipeline}", pipeline,
		"{delivery}", delivery)
	text = []byte(names.Replace(string(text)))
	var all []sample
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("%d events", len(all))
	}
	return all
}

// sampleOf is the event of this description.
func sampleOf(t *testing.T, what string) sample {
	t.Helper()
	for _, s := range samples(t) {
		if s.What == what {
			return s
		}
	}
	t.Fatalf("no event %q", what)
	return sample{}
}

// envelope is the event as EventBridge hands it over.
func (s sample) envelope() map[string]any {
	return map[string]any{
		"version": "0", "id": "1", "detail-type": s.DetailType, "source": s.Source, "account": "111122223333",
		"detail": s.Detail,
	}
}

// logLines is what CloudWatch Logs sends.
func logLines(t *testing.T, messageType string, lines ...string) map[string]any {
	t.Helper()
	var events []map[string]any
	for i, line := range lines {
		events = append(events, map[string]any{
			"id": "3195310660696698337880902507980421114328961542429EXAMPLE" + string(rune('0'+i)), "message": line,
			"timestamp": 1764410400000, // 2025-11-29T10:00:00Z
		})
	}
	text, err := json.Marshal(map[string]any{"messageType": messageType, "logEvents": events})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"awslogs": map[string]any{"data": packed(t, text)}}
}

func packed(t *testing.T, text []byte) string {
	t.Helper()
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	if _, err := writer.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(zipped.Bytes())
}
