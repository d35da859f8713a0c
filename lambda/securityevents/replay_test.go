package main

import (
	"crypto/md5" //nolint:gosec // with which SQS proves that a message came whole
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// queue answers as SQS does. Messages come in the order of their receipts.
func (w *world) queue(rw http.ResponseWriter, operation string, body []byte) {
	var request struct {
		QueueUrl, ReceiptHandle string //nolint:revive // as SQS spells it
		MaxNumberOfMessages     int
	}
	err := json.Unmarshal(body, &request)
	if err != nil || request.QueueUrl != w.url+"/queue" || strings.Contains(w.failing, "SQS") ||
		strings.Contains(w.failing, operation) {
		rw.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(rw, `{"__type": "AccessDeniedException"}`)
		return
	}
	answer := map[string]any{}
	switch operation {
	case "ReceiveMessage":
		var messages []any
		for _, receipt := range slices.Sorted(maps.Keys(w.waiting)) {
			if len(messages) == request.MaxNumberOfMessages {
				break
			}
			sum := md5.Sum([]byte(w.waiting[receipt])) //nolint:gosec // as SQS does
			messages = append(messages, map[string]any{
				"Body": w.waiting[receipt], "ReceiptHandle": receipt, "MD5OfBody": hex.EncodeToString(sum[:]),
			})
		}
		answer["Messages"] = messages
	case "DeleteMessage":
		delete(w.waiting, request.ReceiptHandle)
	}
	_ = json.NewEncoder(rw).Encode(answer)
}

// await puts an event into the queue.
func (w *world) await(t *testing.T, receipt string, event any) {
	t.Helper()
	text, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	if w.waiting == nil {
		w.waiting = map[string]string{}
	}
	w.waiting[receipt] = string(text)
}

var replay = map[string]any{"replay": true}

func TestReplayHandlesWhatWaitsAndDeletesIt(t *testing.T) {
	w := newWorld(t)
	w.await(t, "1", sampleOf(t, "the trail is stopped").envelope())
	w.await(t, "2", sampleOf(t, "the desk disables an account").envelope())
	w.await(t, "3", logLines(t, "DATA_MESSAGE", `{"eventSource": "USER_ACTIVITY"}`))
	if err := w.invoke(t, replay); err != nil {
		t.Fatal(err)
	}
	if len(w.objects) != 3 || len(w.messages) != 1 || len(w.waiting) != 0 {
		t.Errorf("%d objects, %d messages; %v wait", len(w.objects), len(w.messages), w.waiting)
	}
	log := w.log.String()
	if !strings.Contains(log, `"eventName":"StopLogging","serious":true`) || !strings.Contains(log, `"replayed":3`) {
		t.Errorf("the log says %s", log)
	}
	if err := w.invoke(t, replay); err != nil {
		t.Errorf("nothing waits: %v", err)
	}
}

// TestReplayLosesNothing: only what was recorded, and told of if it is serious, leaves the queue.
func TestReplayLosesNothing(t *testing.T) {
	stopped := sampleOf(t, "the trail is stopped").envelope()
	forged := sampleOf(t, "the trail is stopped").envelope()
	forged["source"] = "shop.orders"
	for name, c := range map[string]struct {
		failing string
		event   any
	}{
		"S3 fails":                {"S3", stopped},
		"SNS fails":               {"SNS", stopped},
		"SQS fails":               {"SQS", stopped},
		"it cannot be deleted":    {"DeleteMessage", stopped},
		"it is no event of AWS":   {"", forged},
		"it is no event":          {"", "x"},
		"it is itself a replay":   {"", replay},
		"it is not to be decoded": {"", map[string]any{"awslogs": map[string]any{"data": "x"}}},
	} {
		w := newWorld(t)
		w.await(t, "1", c.event)
		w.await(t, "2", sampleOf(t, "the desk disables an account").envelope())
		w.failing = c.failing
		if err := w.invoke(t, replay); !errors.Is(err, errEvent) {
			t.Errorf("%s: got %v, want %v", name, err, errEvent)
		}
		if _, waits := w.waiting["1"]; !waits {
			t.Errorf("%s: it is lost", name)
		}
		if _, waits := w.waiting["2"]; waits != (c.failing != "" && c.failing != "SNS") {
			t.Errorf("%s: the next event waits: %t", name, waits)
		}
	}
}

func TestReplayTakesAsManyAsSQSHandsOut(t *testing.T) {
	w := newWorld(t)
	for i := range 12 {
		w.await(t, string(rune('a'+i)), sampleOf(t, "the trail is stopped").envelope())
	}
	if err := w.invoke(t, replay); err != nil || len(w.waiting) != 2 {
		t.Errorf("got %v; %d wait, want 2", err, len(w.waiting))
	}
}
