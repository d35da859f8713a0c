package main

import (
	"cmp"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

type line struct {
	Level, TriggerSource, Client, Outcome, Factor, Trusted, Proven, Writes, Error string
}

// wantLine checks that the log is one line with these values.
func wantLine(t *testing.T, log string, want line) {
	t.Helper()
	lambdatest.Same(t, "log", lambdatest.Line[line](t, log), want)
}

func TestLogSaysWhatWasDecidedAndNothingOfTheUser(t *testing.T) {
	b := newRig(t)
	refusing, silent := lambdatest.Refusing(t, 400, "AccessDeniedException").URL, lambdatest.Silent(t).URL
	bad := answering(t, `{"Parameter":{"Value":"{\"stepUp\":\"`+stepUpID+`\"}"}}`)
	first := func(client, source string) object { return with(from(t, client, source), verifier) }
	tests := map[string]struct {
		event              object
		user               user
		stored             item
		ssm, users, dynamo string
		want               line
	}{
		"TOTP": {first(stepUpID, authentication), withTOTP, trusted, "", "", "",
			line{"INFO", authentication, "StepUp", "elevated", "totp", "yes", "no", "-", ""}},
		"SMS": {first(stepUpID, authentication), withSMS, proven(suspended), "", "", "",
			line{"INFO", authentication, "StepUp", "elevated", "sms", "no", "yes", "seal", ""}},
		"no factor": {first(stepUpID, authentication), user{}, proven(trusted), "", "", "",
			line{"INFO", authentication, "StepUp", "stripped", "none", "no", "no", "-", ""}},
		"settings": {first(accountID, authentication), withTOTP, proven(trusted), "", "", "",
			line{"INFO", authentication, "Account", "settings", "none", "no", "yes", "suspend", ""}},
		"refreshed": {first(stepUpID, refreshTokens), withTOTP, proven(trusted), "", "", "",
			line{"INFO", refreshTokens, "StepUp", "stripped", "none", "no", "no", "-", ""}},
		"Web": {first(webID, hostedAuth), withTOTP, proven(trusted), "", "", "",
			line{"INFO", hostedAuth, "Web", "browse", "none", "no", "no", "-", ""}},
		"other client": {first(anotherID, hostedAuth), withTOTP, proven(trusted), "", "", "",
			line{"INFO", hostedAuth, "other", "stripped", "none", "no", "no", "-", ""}},
		"other source": {first(webID, "alice@mail.example"), withTOTP, trusted, "", "", "",
			line{"INFO", "unknown", "Web", "stripped", "none", "no", "no", "-", ""}},
		"other version": {documented(t, object{"version": "version-of-alice"}), withTOTP, trusted, "", "", "",
			line{"ERROR", "unknown", "unknown", "failed", "none", "no", "no", "-", "InvalidEvent"}},
		"other type": {documented(t, object{"userName": []string{alice.name}}), withTOTP, trusted, "", "", "",
			line{"ERROR", "unknown", "unknown", "failed", "none", "no", "no", "-", "InvalidEvent"}},
		"other user": {documented(t, object{"userName": "bob-the-builder"}), withTOTP, trusted, "", "", "",
			line{"ERROR", authentication, "StepUp", "failed", "none", "no", "no", "-", "UserNotFoundException"}},
		"no SSM": {documented(t, nil), withTOTP, trusted, refusing, "", "",
			line{"ERROR", authentication, "unknown", "failed", "none", "no", "no", "-", "AccessDeniedException"}},
		"no Cognito": {documented(t, nil), withTOTP, trusted, "", silent, "",
			line{"ERROR", authentication, "StepUp", "failed", "none", "no", "no", "-", "Timeout"}},
		"no DynamoDB": {documented(t, nil), withTOTP, trusted, "", "", refusing,
			line{"ERROR", authentication, "StepUp", "failed", "totp", "no", "no", "-", "AccessDeniedException"}},
		"bad item": {first(stepUpID, authentication), withTOTP, item{"proofChallenge": challenge}, "", "", "",
			line{"ERROR", authentication, "StepUp", "failed", "totp", "no", "no", "-", "MalformedItem"}},
		"bad parameter": {documented(t, nil), withTOTP, trusted, bad, "", "",
			line{"ERROR", authentication, "unknown", "failed", "none", "no", "no", "-", "InvalidParameter"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b.enrolled(test.user)
			b.knows(t, alice, test.stored)
			ssm, users := cmp.Or(test.ssm, b.URL), cmp.Or(test.users, b.URL)
			b.connect(t, patience, ssm, users, cmp.Or(test.dynamo, b.URL))
			var answer []byte
			var err error
			lambdatest.Timed(t, func(t *testing.T) { answer, err = b.Invoke(t.Context(), encode(t, test.event)) })
			if (err == nil) != (test.want.Level == "INFO") {
				t.Fatalf("answer %s, error %v", answer, err)
			}
			log := b.written.String()
			wantLine(t, log, test.want)
			secrets := []string{
				parameter, b.table, lambdatest.ARN, "arn:", stepUpID, webID, accountID, alice.sub, verifier, challenge,
			}
			for _, value := range append(told(test.event), secrets...) {
				if strings.Contains(log, value) || err != nil && strings.Contains(err.Error(), value) {
					t.Errorf("the log or the error holds %q: %s %v", value, log, err)
				}
			}
		})
	}
}

// told lists every name and value that only the event contains.
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
