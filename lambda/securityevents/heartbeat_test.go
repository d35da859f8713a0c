package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// beatAt is the time of the heartbeat in testdata/events.json.
var beatAt = time.Date(2026, 11, 29, 11, 21, 0, 0, time.UTC)

// schedule is what the hourly rule sends.
func schedule(source, account string) map[string]any {
	return map[string]any{
		"detail-type": "Scheduled Event", "source": source, "account": account, "detail": map[string]any{},
		"resources": []string{"arn:aws:events:eu-central-1:111122223333:rule/SecureCart-Dev-Operations-Heartbeat"},
	}
}

func TestTheScheduleMakesOneCallAndKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.handles(t, schedule("aws.events", "111122223333"))
	if w.asked != 1 || len(w.objects)+len(w.messages) != 0 || !strings.Contains(w.log.String(), `"heartbeatSent":true`) {
		t.Errorf("%d calls, %d objects, %d messages; the log says %s", w.asked, len(w.objects), len(w.messages), &w.log)
	}
	w.failing = "STS"
	if err := w.invoke(t, schedule("aws.events", "111122223333")); !errors.Is(err, errEvent) {
		t.Errorf("STS fails: got %v, want %v", err, errEvent)
	}
	w.failing = ""
	other := schedule("aws.events", "111122223333")
	other["detail-type"] = "Scheduled Events"
	for _, event := range []map[string]any{
		schedule("shop.orders", "111122223333"), schedule("aws.sts", "111122223333"), schedule("aws.events", "999999999999"),
		other,
	} {
		if err := w.invoke(t, event); !errors.Is(err, errEvent) || w.asked != 1 {
			t.Errorf("%v: got %v after %d calls", event, err, w.asked)
		}
	}
}

// TestAHeartbeatCountsOnceItIsKept: the alarm counts lines with heartbeat of level INFO.
func TestAHeartbeatCountsOnceItIsKept(t *testing.T) {
	beat := sampleOf(t, "the function's own hourly call comes back").envelope()
	w := newWorld(t)
	w.handles(t, beat)
	log := w.log.String()
	if len(w.objects) != 1 || len(w.messages) != 0 || !strings.Contains(log, `"level":"INFO"`) ||
		!strings.Contains(log, `"heartbeat":true`) {
		t.Errorf("%d objects, %d messages; the log says %s", len(w.objects), len(w.messages), log)
	}
	lost := newWorld(t)
	lost.failing = "S3"
	if err := lost.invoke(t, beat); !errors.Is(err, errEvent) || strings.Contains(lost.log.String(), `"level":"INFO"`) {
		t.Errorf("not kept: got %v; the log says %s", err, &lost.log)
	}
}

// TestAHeartbeatCountsOnlyInItsOwnTime: an event that is replayed later is recorded, but does not keep the alarm quiet.
func TestAHeartbeatCountsOnlyInItsOwnTime(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		want bool
	}{
		{-5*time.Minute - time.Second, false},
		{-5 * time.Minute, true},
		{0, true},
		{5 * time.Minute, true}, // CloudTrail's average
		{2 * time.Hour, true},
		{2*time.Hour + time.Second, false},
		{13 * 24 * time.Hour, false}, // from the queue
	} {
		w := newWorld(t)
		w.now = beatAt.Add(c.age)
		w.handles(t, sampleOf(t, "the function's own hourly call comes back").envelope())
		log := w.log.String()
		if got := strings.Contains(log, `"heartbeat":true`); got != c.want || len(w.objects) != 1 {
			t.Errorf("at the age of %s: counts %t, want %t; %d objects", c.age, got, c.want, len(w.objects))
		}
		if got := strings.Contains(log, `"heartbeatOfAnotherTime":true`); got == c.want {
			t.Errorf("at the age of %s: the log says %s", c.age, log)
		}
	}
}

// TestQuietEventsAreNoHeartbeats: what notifies nobody must not keep the alarm quiet.
func TestQuietEventsAreNoHeartbeats(t *testing.T) {
	quiet := 0
	for _, s := range samples(t) {
		if s.Serious || s.Rule == "" || s.What == "the function's own hourly call comes back" {
			continue
		}
		quiet++
		w := newWorld(t)
		w.handles(t, s.envelope())
		if log := w.log.String(); strings.Contains(log, "heartbeat") || !strings.Contains(log, `"serious":false`) {
			t.Errorf("%s: the log says %s", s.What, log)
		}
	}
	if quiet < 5 {
		t.Errorf("%d quiet events: this would prove little", quiet)
	}
}

func TestNobodyElsesCallIsAHeartbeat(t *testing.T) {
	const (
		own, other, keeper = "111122223333", "999999999999", "SecureCart-Dev-SecurityEvents"

		asked = `{"eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity", `
	)
	mine := by(keeper, own, "") + "}"
	for name, c := range map[string]struct {
		event string
		want  bool
	}{
		"the function":       {asked + mine, true},
		"another role":       {asked + by("SecureCart-Dev-Support", own, "") + "}", false},
		"another stage's":    {asked + by("SecureCart-Prod-SecurityEvents", own, "") + "}", false},
		"another account's":  {asked + by(keeper, other, "") + "}", false},
		"an administrator":   {asked + `"userIdentity": {"type": "IAMUser"}}`, false},
		"a failed call":      {asked + `"errorCode": "ExpiredToken", ` + mine, false},
		"another call":       {`{"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", ` + mine, false},
		"of another service": {`{"eventSource": "x.amazonaws.com", "eventName": "GetCallerIdentity", ` + mine, false},
	} {
		r := call(t, c.event)
		if got := expect().heartbeat(r); got != c.want || expect().serious(r) == c.want {
			t.Errorf("%s: heartbeat %t, want %t; serious %t", name, got, c.want, expect().serious(r))
		}
	}
}
