package main

import (
	"context"
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
	"time"
)

// queue answers as SQS does. Messages come in the order of their receipts.
func (w *world) queue(rw http.ResponseWriter, operation string, body []byte) {
	var request struct {
		QueueUrl, ReceiptHandle     string
		MaxNumberOfMessages         int
		WaitTimeSeconds             int
		MessageSystemAttributeNames []string
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
			// Without a time to wait SQS asks some of its servers only.
			if len(messages) == request.MaxNumberOfMessages || request.WaitTimeSeconds == 0 {
				break
			}
			sum := md5.Sum([]byte(w.waiting[receipt])) //nolint:gosec // as SQS does
			message := map[string]any{
				"Body": w.waiting[receipt], "ReceiptHandle": receipt, "MD5OfBody": hex.EncodeToString(sum[:]),
				"MessageId": "id-" + receipt,
			}
			if slices.Contains(request.MessageSystemAttributeNames, "SentTimestamp") {
				message["Attributes"] = map[string]string{"SentTimestamp": "1796000000000"}
			}
			messages = append(messages, message)
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
	w.handles(t, replay)
	if len(w.objects) != 3 || len(w.messages) != 1 || len(w.waiting) != 0 {
		t.Errorf("%d objects, %d messages; %v wait", len(w.objects), len(w.messages), w.waiting)
	}
	log := w.log.String()
	if !strings.Contains(log, `"eventName":"StopLogging","serious":true`) || !strings.Contains(log, `"replayed":3`) {
		t.Errorf("the log says %s", log)
	}
	if n := strings.Count(log, `"messageId":"id-`); n != 3 || !strings.Contains(log, `"sentAt":"2026-11-30T`) {
		t.Errorf("%d lines name their message: %s", n, log)
	}
	w.handles(t, replay) // nothing waits
}

// TestReplayStopsBeforeLambdaEndsIt: what was not begun waits on, and the last line says how much.
func TestReplayStopsBeforeLambdaEndsIt(t *testing.T) {
	for left, want := range map[time.Duration]int{2 * time.Second: 2, time.Minute: 0} {
		w := newWorld(t)
		for _, receipt := range []string{"1", "2"} {
			w.await(t, receipt, sampleOf(t, "the trail is stopped").envelope())
		}
		ctx, cancel := context.WithTimeout(t.Context(), left)
		_, err := w.keeper().Invoke(ctx, []byte(`{"replay": true}`))
		cancel()
		if len(w.waiting) != want || errors.Is(err, errEvent) != (want > 0) {
			t.Errorf("%s are left: %d wait, want %d; %v", left, len(w.waiting), want, err)
		}
		if said := strings.Contains(w.log.String(), `"replayed":0,"waiting":2`); said != (want > 0) {
			t.Errorf("%s are left: the log says %s", left, &w.log)
		}
	}
}

// TestReplayTellsCallersNothing: who may call the function need not be somebody who may read the record.
func TestReplayTellsCallersNothing(t *testing.T) {
	for _, failing := range []string{"", "S3"} {
		w := newWorld(t)
		w.await(t, "1", sampleOf(t, "the trail is stopped").envelope())
		w.failing = failing
		answer, err := w.keeper().Invoke(t.Context(), []byte(`{"replay": true}`))
		if failing == "" && string(answer) != "null" || failing != "" && (answer != nil || !errors.Is(err, errEvent)) {
			t.Errorf("%s fails: answer %s, %v", failing, answer, err)
		}
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
		"it says replay, too":     {"", map[string]any{"replay": true, "source": "shop.orders"}},
		"it is null":              {"", nil},
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
