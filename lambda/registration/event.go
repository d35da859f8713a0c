package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/proof"
)

// The documented sources of the two triggers.
const (
	signUp           = "PreSignUp_SignUp"
	externalProvider = "PreSignUp_ExternalProvider"
	adminCreateUser  = "PreSignUp_AdminCreateUser"

	confirmation          = "PostConfirmation_"
	confirmSignUp         = confirmation + "ConfirmSignUp"
	confirmForgotPassword = confirmation + "ConfirmForgotPassword"
)

var sources = []string{signUp, externalProvider, adminCreateUser, confirmSignUp, confirmForgotPassword}

// isConfirmation reports whether an event comes after a confirmation, which must not fail. Sources that Cognito adds
// later count, too.
func isConfirmation(source string) bool { return strings.HasPrefix(source, confirmation) }

// readSource reads the one field that every event must have. It is read first, so that a confirmation is recognized
// even if the rest of the event is malformed.
func readSource(payload []byte) (string, error) {
	var read struct{ TriggerSource string }
	if json.Unmarshal(payload, &read) != nil {
		return "", function.Fail("InvalidEvent", "not the JSON that Cognito documents")
	}
	if read.TriggerSource == "" {
		return "", function.Fail("InvalidEvent", "no triggerSource")
	}
	return read.TriggerSource, nil
}

// A signUpEvent holds the fields that decide on a sign-up. Of the attributes only the names count.
type signUpEvent struct {
	CallerContext struct{ ClientID string }
	Request       struct{ UserAttributes map[string]json.RawMessage }
}

// readSignUp refuses an event that lacks a field which the decision needs.
func readSignUp(payload []byte) (*signUpEvent, error) {
	read := &signUpEvent{}
	switch {
	case json.Unmarshal(payload, read) != nil:
		return nil, function.Fail("InvalidEvent", "not the JSON that Cognito documents")
	case read.CallerContext.ClientID == "":
		return nil, function.Fail("InvalidEvent", "no callerContext.clientId")
	case read.Request.UserAttributes == nil:
		return nil, function.Fail("InvalidEvent", "no request.userAttributes")
	}
	return read, nil
}

// onlyEmail reports whether the e-mail address is the only attribute. Names that begin with "cognito:" are Cognito's
// own.
func (e *signUpEvent) onlyEmail() bool {
	for name := range e.Request.UserAttributes {
		if name != "email" && !strings.HasPrefix(name, "cognito:") {
			return false
		}
	}
	return true
}

// A confirmedEvent holds the fields of a confirmation.
type confirmedEvent struct {
	UserPoolID    string
	UserName      string
	CallerContext struct{ ClientID string }
	Request       struct {
		UserAttributes map[string]string
		ClientMetadata map[string]json.RawMessage
	}
}

// readConfirmed refuses an event that lacks a field which recording a proof needs. A confirmation by an administrator
// has no client, or a meaningless one.
func readConfirmed(payload []byte) (*confirmedEvent, error) {
	read := &confirmedEvent{}
	switch {
	case json.Unmarshal(payload, read) != nil:
		return nil, function.Fail("InvalidEvent", "not the JSON that Cognito documents")
	case read.UserPoolID == "":
		return nil, function.Fail("InvalidEvent", "no userPoolId")
	case read.UserName == "":
		return nil, function.Fail("InvalidEvent", "no userName")
	case !customer.IsSub(read.sub()):
		return nil, function.Fail("InvalidEvent", "sub is not a lower-case UUID")
	}
	return read, nil
}

func (e *confirmedEvent) sub() string { return e.Request.UserAttributes["sub"] }

// verified reports whether the mailbox that got the code is the one that recovers the account.
func (e *confirmedEvent) verified() bool { return e.Request.UserAttributes["email_verified"] == "true" }

// challenge returns the challenge that the browser has sent with the code, or "" if it is not well-formed.
func (e *confirmedEvent) challenge() string {
	var text string
	if json.Unmarshal(e.Request.ClientMetadata[contract.ProofChallenge], &text) != nil || !proof.IsChallenge(text) {
		return ""
	}
	return text
}

// native reports whether a sign-up was confirmed with a code. Cognito also sends this event at the first sign-in with a
// provider; such users have a status of their own and an attribute with their identities.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserType.html
func (e *confirmedEvent) native() bool {
	_, linked := e.Request.UserAttributes["identities"]
	return !linked && e.Request.UserAttributes["cognito:user_status"] == "CONFIRMED"
}

// named returns the source for the log. An undocumented source is not logged, because it could be any text.
func named(source string) string {
	if slices.Contains(sources, source) {
		return source
	}
	return "unknown"
}
