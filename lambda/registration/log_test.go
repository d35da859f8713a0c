package main

import (
	"os"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

type line struct {
	Level, Msg, TriggerSource, Client, Outcome, Error, Reason string
}

// wantLine checks that the log is one line with these values, of which none is from outside.
func (r *rig) wantLine(t *testing.T, want line) {
	t.Helper()
	want.Msg = "registration"
	log := r.written.String()
	lambdatest.Same(t, "log", lambdatest.Line[line](t, log), want)
	for _, name := range append(told(t), parameter, lambdatest.ARN, "arn:", "127.0.0.1", stepUpID, accountID, r.table) {
		if strings.Contains(log, name) {
			t.Errorf("the log holds %q: %s", name, log)
		}
	}
}

// told lists every text that only the documented events contain.
func told(t *testing.T) (all []string) {
	t.Helper()
	for _, file := range []string{"signup", "confirmed"} {
		text, err := os.ReadFile("testdata/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range strings.Split(string(text), `"`) {
			if strings.ContainsAny(quoted, "_-@.0123456789") && !strings.HasPrefix(quoted, "PreSignUp_") &&
				!strings.HasPrefix(quoted, "PostConfirmation_") && len(quoted) > len("true") {
				all = append(all, strings.TrimSpace(quoted))
			}
		}
	}
	if len(all) < 10 {
		t.Fatalf("the events tell %q, so this test proves little", all)
	}
	return all
}
