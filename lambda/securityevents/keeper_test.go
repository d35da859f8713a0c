package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestWhatIsSeriousIsToldOf(t *testing.T) {
	told := 0
	for _, s := range samples(t) {
		if s.Rule == "" {
			continue // no rule lets it through
		}
		w := newWorld(t)
		w.handles(t, s.envelope())
		if got := len(w.messages) == 1; got != s.Serious || len(w.objects) != 1 {
			t.Errorf("%s: told of: %t, want %t; %d objects", s.What, got, s.Serious, len(w.objects))
		}
		told += len(w.messages)
	}
	if told < 15 {
		t.Errorf("%d events were told of: this would prove little", told)
	}
}

func TestEventsAreKeptByTheirIDsAndLocked(t *testing.T) {
	w, s := newWorld(t), sampleOf(t, "a client is added on the side")
	for range 2 { // Lambda may call twice with the same event
		w.handles(t, s.envelope())
	}
	if len(w.objects) != 1 {
		t.Fatalf("%d objects, want one: %v", len(w.objects), w.objects)
	}
	for name, text := range w.objects {
		if !strings.HasPrefix(name, "changes/2026/11/29/3c4226b0-") || !strings.HasSuffix(name, ".json") {
			t.Errorf("the object is called %s", name)
		}
		var kept map[string]any
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			t.Fatal(err)
		}
		request := kept["requestParameters"].(map[string]any)
		if kept["eventName"] != "CreateUserPoolClient" || request["generateSecret"] != true ||
			request["accessTokenValidity"] != 24.0 {
			t.Errorf("the evidence is gone: %s", text)
		}
	}
	// S3 refuses an object without a checksum where it would be locked.
	if w.headers.Get("X-Amz-Checksum-Sha256") == "" {
		t.Errorf("no checksum: %v", w.headers)
	}
	if lock := w.headers.Get("X-Amz-Object-Lock-Mode"); lock != "" {
		t.Errorf("asks for lock %q, which the role may not: the bucket's own is meant", lock)
	}
}

func TestMessagesSayWhoDidWhatAndWhereToRead(t *testing.T) {
	w := newWorld(t)
	w.handles(t, sampleOf(t, "a change is refused").envelope())
	message := w.messages[0]
	if message.Get("TopicArn") != topicARN {
		t.Errorf("published to %s", message.Get("TopicArn"))
	}
	if got := message.Get("Subject"); got != "SecureCart-Dev: SetUserPoolMfaConfig, failed: AccessDeniedException" {
		t.Errorf("subject %q", got)
	}
	for _, want := range []string{
		"SetUserPoolMfaConfig (cognito-idp.amazonaws.com)", "assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane",
		"192.0.2.0", "2026-11-29T10:", "eu-central-1", "s3://events/changes/2026/11/29/",
		"docs/runbooks/changed-by-hand.md",
	} {
		if !strings.Contains(message.Get("Message"), want) {
			t.Errorf("the message does not say %q:\n%s", want, message.Get("Message"))
		}
	}
}

// TestNothingQuietIsLostWithoutAWord: an event that nobody is told of is repeated, too, if it could not be kept.
func TestNothingQuietIsLostWithoutAWord(t *testing.T) {
	w := newWorld(t)
	w.failing = "S3"
	if err := w.invoke(t, sampleOf(t, "the pipeline deploys a handler").envelope()); !errors.Is(err, errEvent) {
		t.Errorf("got %v, want %v", err, errEvent)
	}
}

func TestSubjectsAreWhatSNSTakes(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\tc":                "abc",
		"für":                    "fr",
		strings.Repeat("x", 200): strings.Repeat("x", 99),
	} {
		if got := subject(text); got != want {
			t.Errorf("subject(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestAFailureIsTriedAgain: Lambda repeats what returns an error. Nothing of the event or of AWS's answer is logged.
func TestAFailureIsTriedAgain(t *testing.T) {
	for failing, want := range map[string]struct{ objects, messages int }{
		"S3": {0, 1}, "SNS": {1, 0}, "S3 SNS": {0, 0},
	} {
		w := newWorld(t)
		w.failing = failing
		if err := w.invoke(t, sampleOf(t, "the trail is stopped").envelope()); !errors.Is(err, errEvent) {
			t.Errorf("%s fails: got %v, want %v", failing, err, errEvent)
		}
		if len(w.objects) != want.objects || len(w.messages) != want.messages {
			t.Errorf("%s fails: %d objects, %d messages, want %v", failing, len(w.objects), len(w.messages), want)
		}
		log := w.log.String()
		if !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, `"eventName":"StopLogging"`) ||
			strings.Contains(log, "arn:") {
			t.Errorf("%s fails: the log says %s", failing, log)
		}
	}
}

// TestOnlyAnObjectThatExistsIsNotWritten: every other answer of S3 means that the event is not recorded.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func TestOnlyAnObjectThatExistsIsNotWritten(t *testing.T) {
	for code, want := range map[string]error{
		"PreconditionFailed": nil, "ConditionalRequestConflict": errEvent, "KMS.DisabledException": errEvent,
		"NoSuchBucket": errEvent, "InvalidRequest": errEvent,
	} {
		w := newWorld(t)
		w.failing, w.refusal = "S3", code
		if err := w.invoke(t, sampleOf(t, "the trail is stopped").envelope()); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", code, err, want)
		}
	}
}

func TestWhatIsNoEventFails(t *testing.T) {
	good := sampleOf(t, "the trail is stopped")
	change := func(field string, value any) map[string]any {
		all, err := decode(good.Detail)
		if err != nil {
			t.Fatal(err)
		}
		all[field] = value
		event := good.envelope()
		event["detail"] = all
		return event
	}
	envelope := func(field string, value any) map[string]any {
		event := good.envelope()
		event[field] = value
		return event
	}
	cut := packed(t, []byte(`{"logEvents": []}`))[:20]
	for name, event := range map[string]any{
		"no object":               []string{},
		"a schedule of another":   envelope("detail-type", "Scheduled Event"),
		"another type":            envelope("detail-type", "AWS Console Sign In via CloudTrail"),
		"more than the type":      envelope("detail-type", "AWS API Call via CloudTrail 2"),
		"the type in small":       envelope("detail-type", "aws api call via cloudtrail"),
		"no type":                 envelope("detail-type", ""),
		"a source of anybody":     envelope("source", "shop.orders"),
		"aws without a dot":       envelope("source", "awsx.cloudtrail"),
		"aws in another place":    envelope("source", "shop.aws.cloudtrail"),
		"no source":               envelope("source", ""),
		"another account":         envelope("account", "999999999999"),
		"no detail":               envelope("detail", nil),
		"no record":               envelope("detail", map[string]any{}),
		"an id that is a path":    change("eventID", "../../secrets"),
		"no time":                 change("eventTime", "now"),
		"a time that is a path":   change("eventTime", "../../../../x"),
		"an id that is too long":  change("eventID", strings.Repeat("a", 65)),
		"a detail that is a list": envelope("detail", []string{}),
		"no base64":               map[string]any{"awslogs": map[string]any{"data": "*"}},
		"no gzip":                 map[string]any{"awslogs": map[string]any{"data": "AAAA"}},
		"cut off":                 map[string]any{"awslogs": map[string]any{"data": cut}},
		"no message":              map[string]any{"awslogs": map[string]any{"data": packed(t, []byte(`x`))}},
		"no lines":                logLines(t, "DATA_MESSAGE"),
		"a plain line":            logLines(t, "DATA_MESSAGE", "hello"),
	} {
		w := newWorld(t)
		if err := w.invoke(t, event); !errors.Is(err, errEvent) {
			t.Errorf("%s: got %v, want %v", name, err, errEvent)
		}
		if len(w.objects)+len(w.messages) > 0 {
			t.Errorf("%s: something was kept or told", name)
		}
		if !strings.Contains(w.log.String(), `"error":"InvalidEvent"`) {
			t.Errorf("%s: the log says %s", name, &w.log)
		}
	}
}
