package main

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func failedLine(source, code, reason string) line {
	return line{
		Level: "ERROR", TriggerSource: source, Client: "unknown", Outcome: "failed", Error: code, Reason: reason,
	}
}

func TestConfirmationThatIsNotAsDocumentedComesBackAndProvesNothing(t *testing.T) {
	r := newRig(t)
	const text, id = "not the JSON that Cognito documents", "sub is not a lower-case UUID"
	for _, source := range []string{reset, confirmedSignUp} {
		for reason, changes := range map[string]map[string][]any{
			text: {
				"userName": {1}, "callerContext": {webID, []string{}}, "request": {"x"},
				"request.userAttributes": {[]string{"sub"}, object{"sub": 1}}, "request.clientMetadata": {challenge},
			},
			"no userPoolId": {"userPoolId": {"", nil, absent}},
			"no userName":   {"userName": {"", nil, absent}},
			id: {
				"request": {nil, absent}, "request.userAttributes": {nil, absent, object{}},
				"request.userAttributes.sub": {
					"", nil, absent, "unconfirmed-removals", aliceName, alice + " ", "0F1E2D3C" + alice[8:],
				},
			},
		} {
			for path, values := range changes {
				for _, value := range values {
					r.begin(t, nil)
					r.confirms(t, documented(t, "confirmed", map[string]any{"triggerSource": source, path: value}))
					r.wantCalls(t)
					r.wantLine(t, failedLine(source, "InvalidEvent", reason))
				}
			}
		}
	}
	r.begin(t, nil)
	r.confirms(t, documented(t, "confirmed", map[string]any{"triggerSource": "PostConfirmation_Alice"}))
	r.wantCalls(t)
	r.wantLine(t, failedLine("unknown", "InvalidEvent", "unknown triggerSource"))
}

func TestConfirmedSignUpIsNotProvenIfAServiceFails(t *testing.T) {
	payload := documented(t, "confirmed", map[string]any{"triggerSource": confirmedSignUp})
	r := newRig(t)
	r.begin(t, old)
	r.Before = lambdatest.Failing("GetParameter", "AccessDeniedException", 0)
	r.confirms(t, payload)
	r.wantItem(t, old)
	r.wantLine(t, failedLine(confirmedSignUp, "AccessDeniedException", "SSM GetParameter"))

	r.begin(t, old)
	r.Before = lambdatest.Failing(writeOp, "ResourceNotFoundException", 0)
	r.confirms(t, payload)
	r.wantItem(t, old)
	want := failedLine(confirmedSignUp, "ResourceNotFoundException", "DynamoDB UpdateItem")
	want.Client = "Web"
	r.wantLine(t, want)
}

func TestEventIsGivenUpInTime(t *testing.T) {
	silent := lambdatest.Silent(t)
	endless := function.Patience{Attempt: time.Minute, Attempts: 3, Pause: time.Minute}
	for service, call := range map[string]string{
		"DYNAMODB": "DynamoDB UpdateItem", "COGNITO_IDENTITY_PROVIDER": "Cognito Identity Provider AdminUserGlobalSignOut",
	} {
		r := newRig(t)
		r.connect(t, endless, map[string]string{service: silent.URL})
		event := documented(t, "confirmed", nil)
		if took := lambdatest.Timed(t, func(t *testing.T) { r.confirms(t, event) }); took != answerWithin {
			t.Errorf("%s: given up after %s, want %s", service, took, answerWithin)
		}
		r.wantLine(t, failedLine(reset, "Timeout", call))
	}
}

func TestAnswerComesBeforeTheFunctionIsStopped(t *testing.T) {
	if answerWithin > 3500*time.Millisecond {
		t.Errorf("an event may take %s, want half a second less than the function's 4 s", answerWithin)
	}
	call := time.Duration(patience.Attempts)*patience.Attempt + time.Duration(patience.Attempts-1)*patience.Pause
	if patience.Attempts < 2 || call > answerWithin {
		t.Errorf("%d attempts in %s, want a call with a retry to fit into %s", patience.Attempts, call, answerWithin)
	}
	if within := newTrigger(quiet(), aws.Config{}, parameter, "Proofs").within; within != answerWithin {
		t.Errorf("an event may take %s, want %s", within, answerWithin)
	}
}
