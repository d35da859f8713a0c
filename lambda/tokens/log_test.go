package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/awstest"
)

type line struct {
	Level, TriggerSource, Client, Outcome, Factor, Error string
}

// wantLine checks that the log is one line with these values, and returns nothing
// of the rest: of that, see told.
func wantLine(t *testing.T, log string, want line) {
	t.Helper()
	var got line
	var took struct{ DurationMs *float64 }
	if err := json.Unmarshal([]byte(log), &got); err != nil || strings.Count(log, "\n") != 1 {
		t.Fatalf("the log is not one line of JSON (%v): %s", err, log)
	}
	if err := json.Unmarshal([]byte(log), &took); err != nil || took.DurationMs == nil || *took.DurationMs <= 0 {
		t.Errorf("log %s has no durationMs", log)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestLogSaysWhatWasDecidedAndNothingOfTheUser(t *testing.T) {
	b := newRig(t)
	b.patience = hasty
	refusing, silent := awstest.Refusing(t, 400, "AccessDeniedException").URL, awstest.Silent(t).URL
	tests := map[string]struct {
		event      object
		user       user
		ssm, users string
		want       line
	}{
		"TOTP":          {documented(t, nil), withTOTP, b.ssm.URL, b.users.URL, line{"INFO", authentication, "StepUp", "elevated", "totp", ""}},
		"SMS":           {documented(t, nil), withSMS, b.ssm.URL, b.users.URL, line{"INFO", authentication, "StepUp", "elevated", "sms", ""}},
		"no factor":     {documented(t, nil), user{}, b.ssm.URL, b.users.URL, line{"INFO", authentication, "StepUp", "enrol", "none", ""}},
		"refreshed":     {from(t, stepUpID, refreshTokens), withTOTP, b.ssm.URL, b.users.URL, line{"INFO", refreshTokens, "StepUp", "stripped", "none", ""}},
		"Web":           {from(t, webID, hostedAuth), withTOTP, b.ssm.URL, b.users.URL, line{"INFO", hostedAuth, "Web", "browse", "none", ""}},
		"other client":  {from(t, "9another1example", hostedAuth), withTOTP, b.ssm.URL, b.users.URL, line{"INFO", hostedAuth, "other", "stripped", "none", ""}},
		"other source":  {from(t, webID, "alice@mail.example"), withTOTP, b.ssm.URL, b.users.URL, line{"INFO", "unknown", "Web", "stripped", "none", ""}},
		"other version": {documented(t, object{"version": "version-of-alice"}), withTOTP, b.ssm.URL, b.users.URL, line{"ERROR", "unknown", "unknown", "failed", "none", "InvalidEvent"}},
		"other type":    {documented(t, object{"userName": []string{alice}}), withTOTP, b.ssm.URL, b.users.URL, line{"ERROR", "unknown", "unknown", "failed", "none", "InvalidEvent"}},
		"other user":    {documented(t, object{"userName": "bob-the-builder"}), withTOTP, b.ssm.URL, b.users.URL, line{"ERROR", authentication, "StepUp", "failed", "none", "UserNotFoundException"}},
		"no SSM":        {documented(t, nil), withTOTP, refusing, b.users.URL, line{"ERROR", authentication, "unknown", "failed", "none", "AccessDeniedException"}},
		"no Cognito":    {documented(t, nil), withTOTP, b.ssm.URL, silent, line{"ERROR", authentication, "StepUp", "failed", "none", "Timeout"}},
		"bad parameter": {documented(t, nil), withTOTP, parameterStore(t, `{"stepUp":"`+stepUpID+`"}`).URL, b.users.URL, line{"ERROR", authentication, "unknown", "failed", "none", "InvalidParameter"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b.enrolled(test.user)
			b.connect(t, test.ssm, test.users)
			answer, err := b.Invoke(t.Context(), encode(t, test.event))
			if (err == nil) != (test.want.Level == "INFO") {
				t.Fatalf("answer %s, error %v", answer, err)
			}
			log := b.written.String()
			wantLine(t, log, test.want)
			for _, value := range append(told(test.event), parameter, awstest.ARN, "arn:", stepUpID, webID) {
				if strings.Contains(log, value) || err != nil && strings.Contains(err.Error(), value) {
					t.Errorf("the log or the error holds %q: %s %v", value, log, err)
				}
			}
		})
	}
}

func TestErrorThatNobodyForesawIsLoggedByItsTypeOnly(t *testing.T) {
	got := refusalOf(fmt.Errorf("about alice: %w", &json.SyntaxError{}))
	if want := (refusal{code: "Unexpected", reason: "*fmt.wrapError"}); *got != want {
		t.Errorf("logged as %+v, want %+v", *got, want)
	}
}

// told lists every name and value of an event that could only be from there.
func told(value any) (all []string) {
	switch value := value.(type) {
	case object:
		for name, field := range value {
			if strings.Contains(name, "alice") {
				all = append(all, name)
			}
			all = append(all, told(field)...)
		}
	case []any:
		for _, element := range value {
			all = append(all, told(element)...)
		}
	case string:
		// The documented sources are logged. "2" and "true" are everywhere.
		if !strings.HasPrefix(value, "TokenGeneration_") && len(value) > len("true") {
			all = append(all, value)
		}
	}
	return all
}
