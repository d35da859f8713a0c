package main

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const reset, confirmedSignUp = "PostConfirmation_ConfirmForgotPassword", "PostConfirmation_ConfirmSignUp"

var (
	old = lambdatest.ProofItem{"proofChallenge": oldChallenge, "proofExpiresAt": 1_800_000_900.0}
	// everyStep is a reset by a customer without a sealed factor, in order.
	everyStep = []string{writeOp, signOutOp, readOp, deleteOp, totpOp, smsOp, writeOp}
)

func with(item lambdatest.ProofItem, more lambdatest.ProofItem) lambdatest.ProofItem {
	all := maps.Clone(item)
	maps.Copy(all, more)
	return all
}

func proven(source, client string) line {
	return line{Level: "INFO", TriggerSource: source, Client: client, Outcome: "proven"}
}

func unproven(source, client, reason string) line {
	return line{Level: "INFO", TriggerSource: source, Client: client, Outcome: "unproven", Reason: reason}
}

// The event has the shape that the trigger's page shows, and fields that are not documented.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
func TestResetEndsSessionsAndFactorsThenRecordsTheChallenge(t *testing.T) {
	r := newRig(t)
	sent, err := os.ReadFile("testdata/confirmed.json")
	if err != nil {
		t.Fatal(err)
	}
	r.begin(t, old)
	r.Before = func(number int, operation string) string {
		if item := lambdatest.StoredProof(t, r.table, alice); number > 1 && len(item) != 0 {
			t.Errorf("before %s the table holds %v: a factor could be sealed with it", operation, item)
		}
		return ""
	}
	r.confirms(t, sent)
	r.wantCalls(t, everyStep...)
	r.wantItem(t, fresh)
	r.wantLine(t, proven(reset, "unknown"))
}

func TestResetRemovesAFactorOnlyIfNoneWasEverSealed(t *testing.T) {
	r := newRig(t)
	sealed := lambdatest.ProofItem{"factorTrustedAt": 1_700_000_000.0}
	kind := lambdatest.ProofItem{"factorKind": "sms"}
	suspended := lambdatest.ProofItem{"factorSuspendedAt": 1_700_000_001.0}
	for name, c := range map[string]struct {
		item    lambdatest.ProofItem
		removes bool
	}{
		"nothing":                 {lambdatest.ProofItem{}, true},
		"sealed":                  {sealed, false},
		"sealed by text message":  {with(sealed, kind), false},
		"kind, never sealed":      {kind, true},
		"sealed and suspended":    {with(sealed, suspended), false},
		"suspended, never sealed": {suspended, true},
	} {
		t.Run(name, func(t *testing.T) {
			r.begin(t, with(old, c.item))
			r.confirms(t, documented(t, "confirmed", nil))
			want := everyStep
			if !c.removes {
				want = []string{writeOp, signOutOp, readOp, writeOp}
			}
			r.wantCalls(t, want...)
			r.wantItem(t, with(fresh, c.item))
			r.wantLine(t, proven(reset, "unknown"))
		})
	}
}

// Cognito says in one of two ways that there is nothing to remove; anything else is a failure.
func TestFactorThatACustomerHasNotIsNoFailure(t *testing.T) {
	r := newRig(t)
	for _, operation := range []string{deleteOp, totpOp, smsOp} {
		for _, code := range []string{"SoftwareTokenMFANotFoundException", "InvalidParameterException"} {
			r.begin(t, old)
			r.Before = lambdatest.Failing(operation, code, 0)
			r.confirms(t, documented(t, "confirmed", nil))
			r.wantCalls(t, everyStep...)
			r.wantItem(t, fresh)
			r.wantLine(t, proven(reset, "unknown"))
		}
	}
}

func TestStepOfAResetThatFailsProvesNothing(t *testing.T) {
	r := newRig(t)
	cognito, dynamo := "Cognito Identity Provider ", "DynamoDB "
	for _, code := range []string{
		"AccessDeniedException", "UserNotFoundException", "OperationNotEnabledException", "NotAuthorizedException",
		"ResourceNotFoundException", "UserNotConfirmedException", "SoftwareTokenMFANotFoundExceptions",
	} {
		for step, c := range []struct {
			operation, reason string
			count             int
		}{
			{writeOp, dynamo + writeOp, 1},
			{signOutOp, cognito + signOutOp, 0},
			{readOp, dynamo + readOp, 0},
			{deleteOp, cognito + deleteOp, 0},
			{totpOp, cognito + "AdminSetUserMFAPreference", 0},
			{smsOp, cognito + "AdminSetUserMFAPreference", 0},
			{writeOp, dynamo + writeOp, 2},
		} {
			r.begin(t, old)
			r.Before = lambdatest.Failing(c.operation, code, c.count)
			r.confirms(t, documented(t, "confirmed", nil))
			want, left := everyStep[:step+1], lambdatest.ProofItem{}
			if step == 0 { // signed out all the same
				want, left = everyStep[:2], old
			}
			r.wantCalls(t, want...)
			r.wantItem(t, left)
			r.wantLine(t, failedLine(reset, code, c.reason))
		}
	}
	r.begin(t, nil)
	r.Before = lambdatest.Failing(signOutOp, "InvalidParameterException", 0)
	r.confirms(t, documented(t, "confirmed", nil))
	if len(r.Calls) != 2 || !strings.Contains(r.written.String(), `"error":"InvalidParameterException"`) {
		t.Errorf("calls %v, log %s; want a sign-out that is invalid to be a failure", r.Calls, r.written)
	}
}

// Package proof tests every form that a challenge does not have.
func TestResetWithoutAChallengeProvesNothingAndEndsAnEarlierProof(t *testing.T) {
	r := newRig(t)
	for name, change := range map[string]map[string]any{
		"managed login": {"request.clientMetadata": absent},
		"null":          {"request.clientMetadata": nil},
		"none":          {"request.clientMetadata": object{}},
		"another name":  {"request.clientMetadata": object{"Proof_challenge": challenge}},
		"not a text":    {"request.clientMetadata.proof_challenge": []string{challenge}},
		"a number":      {"request.clientMetadata.proof_challenge": 1},
		"empty":         {"request.clientMetadata.proof_challenge": ""},
		"short":         {"request.clientMetadata.proof_challenge": challenge[:42]},
	} {
		t.Run(name, func(t *testing.T) {
			r.begin(t, old)
			r.confirms(t, documented(t, "confirmed", change))
			r.wantCalls(t, everyStep...)
			r.wantItem(t, lambdatest.ProofItem{})
			r.wantLine(t, unproven(reset, "unknown", "no challenge"))
		})
	}
}

func TestResetOfAnAddressThatIsNotVerifiedProvesNothing(t *testing.T) {
	r := newRig(t)
	r.begin(t, old)
	r.confirms(t, documented(t, "confirmed", map[string]any{"request.userAttributes.email_verified": "false"}))
	r.wantCalls(t, everyStep[:6]...)
	r.wantItem(t, lambdatest.ProofItem{})
	r.wantLine(t, unproven(reset, "unknown", "the e-mail address is not verified"))
}
