package mailbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func newBox() *mailbox.Box { return mailbox.New(func() time.Time { return noon }) }

func TestMessagesAreNewestFirstAndOfWhomIsAskedFor(t *testing.T) {
	box := newBox()
	for i, to := range []string{"jane@example.com", "joe@example.com", "jane@example.com"} {
		box.Deliver(mailbox.Message{To: to, Channel: mailbox.Email, Code: fmt.Sprint(i)})
	}
	for to, want := range map[string][]string{
		"": {"2", "1", "0"}, "jane@example.com": {"2", "0"}, "JANE@example.com": nil, "jim@example.com": nil,
	} {
		var got []string
		for _, m := range box.Messages(to) {
			got = append(got, m.Code)
			if !m.At.Equal(noon) {
				t.Errorf("delivered at %v, want what the clock says", m.At)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("messages to %q (-want +got):\n%s", to, diff)
		}
	}
}

func TestOldestMessagesMakeRoomForNewOnes(t *testing.T) {
	box := newBox()
	var deliveries sync.WaitGroup
	for range 4 {
		deliveries.Go(func() {
			for range 500 {
				box.Deliver(mailbox.Message{To: "a", Code: "old"})
			}
		})
	}
	deliveries.Wait()
	box.Deliver(mailbox.Message{To: "a", Code: "new"})
	messages := box.Messages("")
	if len(messages) != 1000 || messages[0].Code != "new" {
		t.Errorf("%d messages, newest %q; want 1000, new", len(messages), messages[0].Code)
	}
}

func TestEveryMessageIsPrintedAsOneLineWithoutItsText(t *testing.T) {
	box := newBox()
	var printed strings.Builder
	box.Print = &printed
	box.Deliver(mailbox.Message{
		To: "jane@example.com", Channel: mailbox.Email, Subject: "s", Body: "two\nlines", Code: "123456",
	})
	box.Deliver(mailbox.Message{To: "+4915112345678", Channel: mailbox.SMS, Body: "text", Code: "654321"})
	want := "e-mail to jane@example.com: 123456\nSMS to +4915112345678: 654321\n"
	if diff := cmp.Diff(want, printed.String()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
}

func get(t *testing.T, box *mailbox.Box, target string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	box.Handler("http://localhost:5173").ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, target, nil))
	return recorder
}

// ownScript is the page's own, which the policy of its content allows.
const ownScript = `<script src="inbox.js" defer></script>`

func TestPageShowsMarkupOfMessagesAsText(t *testing.T) {
	box := newBox()
	attack := `"><script>alert(1)</script>`
	box.Deliver(mailbox.Message{
		To: attack + "@example.com", Channel: mailbox.Email, Subject: "<img src=x onerror=alert(1)>", Code: "<i>123456</i>",
		Body: "Welcome.<br><br>Your code is <b>123456</b> &lt;script&gt; &amp; <script>alert(2)</script>" +
			"<img src=x onerror=alert(3)",
	})
	for _, target := range []string{"/", "/?to=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E@example.com"} {
		response := get(t, box, target)
		body := response.Body.String()
		foreign := strings.Replace(body, ownScript, "", 1)
		if strings.Contains(foreign, "<script") || strings.Contains(foreign, "<img") || strings.Contains(foreign, "<i>") {
			t.Errorf("%s: markup of a message is markup of the page:\n%s", target, body)
		}
		if !strings.Contains(body, "Welcome.\n\nYour code is 123456 &lt;script&gt; &amp; alert(2)") {
			t.Errorf("%s: text of the message is missing:\n%s", target, body)
		}
		if policy := response.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: content security policy %q", target, policy)
		}
	}
}

func TestPageOfAnEmptyInboxSaysSo(t *testing.T) {
	body := get(t, newBox(), "/?to=jane@example.com").Body.String()
	if !strings.Contains(body, "No message to jane@example.com yet.") {
		t.Errorf("page:\n%s", body)
	}
}

func TestMessagesAreServedAsJSON(t *testing.T) {
	box := newBox()
	if body := get(t, box, "/messages.json").Body.String(); body != "[]\n" {
		t.Errorf("empty inbox: %q, want an empty list", body)
	}
	sent := mailbox.Message{
		To: "jane+shop@example.com", Channel: mailbox.Email, Subject: "s", Body: "<b>b</b>", Code: "123456",
	}
	box.Deliver(sent)
	box.Deliver(mailbox.Message{To: "joe@example.com", Channel: mailbox.Email})
	sent.At = noon
	var got []mailbox.Message
	must.Do(t, json.Unmarshal(get(t, box, "/messages.json?to=jane%2Bshop@example.com").Body.Bytes(), &got))
	if diff := cmp.Diff([]mailbox.Message{sent}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if code := get(t, box, "/other").Code; code != http.StatusNotFound {
		t.Errorf("/other is answered %d, want 404", code)
	}
}
