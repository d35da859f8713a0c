package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestServiceFailingFailsTheSignIn(t *testing.T) {
	tests := map[string]struct {
		url  string
		code string
	}{
		"no such user":      {lambdatest.Refusing(t, 400, "UserNotFoundException").URL, "UserNotFoundException"},
		"no such parameter": {lambdatest.Refusing(t, 400, "ParameterNotFound").URL, "ParameterNotFound"},
		"denied":            {lambdatest.Refusing(t, 400, "AccessDeniedException").URL, "AccessDeniedException"},
		"throttled":         {lambdatest.Refusing(t, 400, "ThrottlingException").URL, "ThrottlingException"},
		"too many requests": {lambdatest.Refusing(t, 400, "TooManyRequestsException").URL, "TooManyRequestsException"},
		"internal error":    {lambdatest.Refusing(t, 500, "InternalServerError").URL, "InternalServerError"},
		"hanging":           {lambdatest.Silent(t).URL, "Timeout"},
		"no JSON":           {answering(t, `<html>`), "NoAnswer"},
		"cut off":           {answering(t, `{"Username":"`), "NoAnswer"},
		"wrong types":       {answering(t, `{"Username":1,"Parameter":1,"Item":1}`), "NoAnswer"},
		"not there":         {"http://127.0.0.1:1", "NoAnswer"},
	}
	payload := string(encode(t, with(from(t, stepUpID, authentication), verifier)))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := rigOf(t, withTOTP, proven(suspended))
			b.connect(t, patience, test.url, b.URL, b.URL)
			took := b.wantFailure(t, payload, test.code, "SSM GetParameter")
			if asked := b.asked(); len(asked) != 0 {
				t.Error("the factor was looked up for an unknown client")
			}
			b.connect(t, patience, b.URL, test.url, b.URL)
			took = max(took, b.wantFailure(t, payload, test.code, "Cognito Identity Provider AdminGetUser"))
			if asked := b.asked(); len(asked) != 0 {
				t.Errorf("the table was asked though the factor is unknown: %v", asked)
			}
			b.connect(t, patience, b.URL, b.URL, test.url)
			for _, client := range []string{stepUpID, accountID} {
				event := string(encode(t, with(from(t, client, authentication), verifier)))
				took = max(took, b.wantFailure(t, event, test.code, "DynamoDB GetItem"))
			}
			b.wantStored(t, alice, proven(suspended))
			if longest := 2*patience.Attempt + patience.Pause; took > longest ||
				test.code == "Timeout" && took < 2*patience.Attempt {
				t.Errorf("one failing call takes up to %s, want two attempts within %s", took, longest)
			}
		})
	}
}

// A failed write must fail the sign-in: otherwise a token could replace factors while the trust remains.
func TestWriteThatFailsFailsTheSignIn(t *testing.T) {
	for _, client := range []string{stepUpID, accountID} {
		for code, service := range lambdatest.FailingDynamoDB(t) {
			b := rigOf(t, withTOTP, proven(trusted))
			if client == stepUpID {
				b.knows(t, alice, proven(suspended))
			}
			before := lambdatest.StoredProof(t, b.table, alice.sub)
			b.connect(t, patience, b.URL, b.URL, service.Only(t, "UpdateItem").URL)
			event := string(encode(t, with(from(t, client, authentication), verifier)))
			b.wantFailure(t, event, code, "DynamoDB UpdateItem")
			b.wantStored(t, alice, before)
		}
	}
}

func TestAnswerAboutNobodyFailsTheSignIn(t *testing.T) {
	b := newRig(t)
	b.knows(t, alice, proven(trusted))
	payload := string(encode(t, with(from(t, stepUpID, authentication), verifier)))
	for name, attributes := range map[string][]object{
		"no attributes": nil, "no sub": {{"Name": "email", "Value": alice.sub}}, "null": {{"Name": "sub"}},
		"another user's": {{"Name": "sub", "Value": bob.sub}},
		"upper case":     {{"Name": "sub", "Value": strings.ToUpper(alice.sub)}},
		"the second":     {{"Name": "sub", "Value": bob.sub}, {"Name": "sub", "Value": alice.sub}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := described(alice.sub, withTOTP)
			answer["UserAttributes"], answer["Username"] = attributes, alice.sub
			b.described = answer
			b.wantFailure(t, payload, "InvalidUser", "the answer is not about the sub of the event")
		})
	}
	if asked := b.asked(); slices.Contains(asked, "GetItem") {
		t.Errorf("the table was asked: %v", asked)
	}
	b.connect(t, patience, answering(t, `{}`), b.URL, b.URL)
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

func TestEveryCallOfTheLongestChainMayLoseItsFirstAttempt(t *testing.T) {
	if patience.Attempts < 2 {
		t.Errorf("%d attempts, want a retry", patience.Attempts)
	}
	const calls, answered = 4, 100 * time.Millisecond
	longest := calls * (patience.Attempt + patience.Pause + answered)
	if longest > answerWithin || answerWithin > 3500*time.Millisecond {
		const want = "%d calls take up to %s within %s, want at most 3.5 s: the function is stopped after 4"
		t.Errorf(want, calls, longest, answerWithin)
	}
}

func TestLongestChainIsFourCalls(t *testing.T) {
	b := rigOf(t, withTOTP, proven(unknown))
	wantChanges(t, "first of the process", b.stepUp(t, alice, verifier), toBuy)
	if want := []string{"GetParameter", "AdminGetUser", "GetItem", "UpdateItem"}; !slices.Equal(b.Calls, want) {
		t.Errorf("calls %v, want %v", b.Calls, want)
	}
}

func TestWholeEventIsGivenUpInTime(t *testing.T) {
	silent := lambdatest.Silent(t)
	b := rigOf(t, withTOTP, proven(unknown))
	endless := function.Patience{Attempt: time.Minute, Attempts: 3, Pause: time.Minute}
	event := string(encode(t, with(from(t, stepUpID, authentication), verifier)))
	giveUp := func(ssm, users, dynamo, call string) {
		b.connect(t, endless, ssm, users, dynamo)
		if took := b.wantFailure(t, event, "Timeout", call); took != answerWithin {
			t.Errorf("%s is given up after %s, want %s", call, took, answerWithin)
		}
	}
	giveUp(silent.URL, b.URL, b.URL, "SSM GetParameter")
	giveUp(b.URL, silent.URL, b.URL, "Cognito Identity Provider AdminGetUser")
	giveUp(b.URL, b.URL, silent.URL, "DynamoDB GetItem")
	giveUp(b.URL, b.URL, silent.Only(t, "UpdateItem").URL, "DynamoDB UpdateItem")
	if silent.Calls() != 4 {
		t.Errorf("%d calls were waited for, want one of each kind", silent.Calls())
	}
	b.wantStored(t, alice, proven(unknown))
}
