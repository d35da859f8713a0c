package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// altered is an event with another value in one field of its record.
func altered(t *testing.T, s sample, path []string, value any) sample {
	t.Helper()
	all, err := decode(s.Detail)
	if err != nil {
		t.Fatal(err)
	}
	at := all
	for _, name := range path[:len(path)-1] {
		at = at[name].(map[string]any)
	}
	at[path[len(path)-1]] = value
	if s.Detail, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatWasKeptFirstStays(t *testing.T) {
	w, s := newWorld(t), sampleOf(t, "the trail is stopped")
	for _, agent := range []string{"true", "forged"} {
		w.handles(t, altered(t, s, []string{"userAgent"}, agent).envelope())
	}
	for name, text := range w.objects {
		if len(w.objects) != 1 || !strings.Contains(text, `"userAgent":"true"`) {
			t.Errorf("%s of %d objects: %s", name, len(w.objects), text)
		}
	}
}

// TestCallersCannotWriteMessages: callers choose the name of their session and the address.
func TestCallersCannotWriteMessages(t *testing.T) {
	w, s := newWorld(t), sampleOf(t, "the trail is stopped")
	arn := "arn:aws:iam::1:user/x\n\nYour account is locked.\u2028\u202eLog in at https://attacker.example" +
		strings.Repeat("!", 400)
	w.handles(t, altered(t, s, []string{"userIdentity", "arn"}, arn).envelope())
	lines := strings.Split(w.messages[0].Get("Message"), "\n")
	if len(lines) != 11 {
		t.Errorf("%d lines, want 11:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, line := range lines {
		if n := len([]rune(line)); n > 330 || strings.ContainsAny(line, "\u2028\u202e\r") {
			t.Errorf("a line of %d characters: %q", n, line)
		}
	}
}

// TestGuestsCannotFloodTheRecord: anybody can be a guest of the identity pool, and try what is refused.
func TestGuestsCannotFloodTheRecord(t *testing.T) {
	s := sampleOf(t, "the record's bucket gets another policy")
	const role = "SecureCart-Dev-Web-GuestRole-Ab1"
	guest := map[string]any{
		"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/" + role + "/CognitoIdentityCredentials",
		"sessionContext": map[string]any{
			"sessionIssuer":       map[string]any{"userName": role, "accountId": "111122223333"},
			"webIdFederationData": map[string]any{"federatedProvider": "cognito-identity.amazonaws.com"},
		},
	}
	s = altered(t, s, []string{"userIdentity"}, guest)
	// Of a session that AssumeRole opened, such as a support agent's, the caller chooses the name.
	session := func(key string, value any) sample {
		return altered(t, altered(t, s, []string{"errorCode"}, "AccessDenied"),
			[]string{"userIdentity", "sessionContext", key}, value)
	}
	for name, c := range map[string]struct {
		event sample
		kept  int
	}{
		"refused":          {altered(t, s, []string{"errorCode"}, "AccessDenied"), 0},
		"a change is done": {s, 1},
		"another session": {altered(t, altered(t, s, []string{"errorCode"}, "AccessDenied"), []string{"userIdentity", "arn"},
			"arn:aws:sts::111122223333:assumed-role/"+role+"/x"), 1},
		"another account": {altered(t, altered(t, s, []string{"errorCode"}, "AccessDenied"),
			[]string{"userIdentity", "sessionContext", "sessionIssuer", "accountId"}, "999999999999"), 1},
		"no identity pool": {session("webIdFederationData", nil), 1},
		"another provider": {session("webIdFederationData", map[string]any{
			"federatedProvider": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		}), 1},
		"another role": {altered(t, altered(t, s, []string{"errorCode"}, "AccessDenied"),
			[]string{"userIdentity", "sessionContext", "sessionIssuer", "userName"}, "Admin"), 1},
	} {
		w := newWorld(t)
		w.handles(t, c.event.envelope())
		if len(w.objects) != c.kept || len(w.messages) != c.kept {
			t.Errorf("%s: %d objects and %d messages, want %d", name, len(w.objects), len(w.messages), c.kept)
		}
		if got := strings.Contains(w.log.String(), `"refusedGuest":true`); got != (c.kept == 0) {
			t.Errorf("%s: the log says %s", name, &w.log)
		}
	}
}
