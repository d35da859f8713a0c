package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/upstream"
)

func TestServiceFailingFailsTheSignIn(t *testing.T) {
	tests := map[string]struct {
		url  string
		code string
	}{
		"no such user":      {awstest.Refusing(t, 400, "UserNotFoundException").URL, "UserNotFoundException"},
		"no such parameter": {awstest.Refusing(t, 400, "ParameterNotFound").URL, "ParameterNotFound"},
		"denied":            {awstest.Refusing(t, 400, "AccessDeniedException").URL, "AccessDeniedException"},
		"throttled":         {awstest.Refusing(t, 400, "ThrottlingException").URL, "ThrottlingException"},
		"too many requests": {awstest.Refusing(t, 400, "TooManyRequestsException").URL, "TooManyRequestsException"},
		"internal error":    {awstest.Refusing(t, 500, "InternalServerError").URL, "InternalServerError"},
		"hanging":           {awstest.Silent(t).URL, "Timeout"},
		"no JSON":           {answering(t, `<html>`), "NoAnswer"},
		"cut off":           {answering(t, `{"Username":"`), "NoAnswer"},
		"wrong types":       {answering(t, `{"Username":1,"Parameter":1}`), "NoAnswer"},
		"not there":         {"http://127.0.0.1:1", "NoAnswer"},
	}
	payload := string(encode(t, documented(t, nil)))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			b.enrolled(withTOTP)
			if test.code == "Timeout" {
				b.patience = hasty
			}
			b.connect(t, test.url, b.users.URL)
			b.wantFailure(t, payload, test.code, "SSM GetParameter")
			if b.users.Calls() != 0 {
				t.Error("the factor was looked up for an unknown client")
			}
			b.connect(t, b.ssm.URL, test.url)
			b.wantFailure(t, payload, test.code, "Cognito Identity Provider AdminGetUser")
		})
	}
}

func TestAnswerAboutNobodyFailsTheSignIn(t *testing.T) {
	b := newRig(t)
	payload := string(encode(t, documented(t, nil)))
	b.connect(t, b.ssm.URL, answering(t, `{"UserMFASettingList":["SMS_MFA"],"PreferredMfaSetting":"SMS_MFA"}`))
	b.wantFailure(t, payload, "InvalidUser", "the answer names no user")
	b.connect(t, answering(t, `{}`), b.users.URL)
	b.wantFailure(t, payload, "InvalidParameter", "no value")
}

func answering(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = w.Write([]byte(body)) // a client that has given up is no failure
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestPassingFailureIsTriedAgainAndUnseen(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	for _, flaky := range []*service{b.ssm, b.users} {
		works := *flaky.now.Load()
		flaky.becomes(func(target string, request object) (int, any) {
			if flaky.Calls() == 1 {
				return http.StatusInternalServerError, fault("InternalServerError")
			}
			return works(target, request)
		})
	}
	if got := b.sign(t, documented(t, nil)); len(got.Added) != 5 {
		t.Errorf("added %v, want all", got.Added)
	}
}

func TestBothCallsWithTheirRetriesFitIntoWhatCognitoWaits(t *testing.T) {
	if patience.Attempts < 2 {
		t.Errorf("%d attempts, want a retry", patience.Attempts)
	}
	call := time.Duration(patience.Attempts)*patience.Attempt + time.Duration(patience.Attempts-1)*patience.Pause
	if longest := 2 * call; longest > answerWithin || answerWithin > 4*time.Second {
		t.Errorf("two calls take up to %s within %s, want at most 4 s: Cognito waits 5 s", longest, answerWithin)
	}
}

func TestWholeEventIsGivenUpInTime(t *testing.T) {
	silent := awstest.Silent(t)
	b := newRig(t)
	b.patience = upstream.Patience{Attempt: time.Minute, Attempts: 3, Pause: time.Minute}
	for _, url := range [][2]string{{silent.URL, b.users.URL}, {b.ssm.URL, silent.URL}} {
		b.connect(t, url[0], url[1])
		b.within = 300 * time.Millisecond
		begun := time.Now()
		if _, err := b.Invoke(t.Context(), encode(t, documented(t, nil))); err == nil {
			t.Error("answered without a service")
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("given up after %s, want 300 ms", took)
		}
	}
	if silent.Calls() != 2 {
		t.Errorf("%d calls were waited for, want one of each service", silent.Calls())
	}
}

func TestPanicFailsTheSignIn(t *testing.T) {
	b := newRig(t)
	b.directory = nil
	b.written.Reset()
	answer, err := b.Invoke(t.Context(), encode(t, documented(t, nil)))
	if answer != nil || err == nil {
		t.Errorf("answer %s, error %v; want an error", answer, err)
	}
	wantLine(t, b.written.String(), line{Level: "ERROR", TriggerSource: authentication, Client: "unknown", Outcome: "failed", Factor: "none", Error: "Panic"})
}
