// Package tokenevent reads the events of a pre token generation trigger, version V2_0, and writes its answers.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
package tokenevent

import (
	"encoding/json"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
)

// version is the version field of a V2_0 event. A V1_0 event ("1") cannot suppress scopes, and a V3_0 event ("3") can
// be about a machine. The trigger's page has examples of all three.
const version = "2"

// The trigger sources that decisions name.
const (
	Authentication = "TokenGeneration_Authentication"
	HostedAuth     = "TokenGeneration_HostedAuth"
	RefreshTokens  = "TokenGeneration_RefreshTokens"
)

// Sources are the documented trigger sources. Any other could be any text, and is not logged.
var Sources = []string{
	Authentication, HostedAuth, RefreshTokens, "TokenGeneration_NewPasswordChallenge",
	"TokenGeneration_AuthenticateDevice", "TokenGeneration_ClientCredentials",
}

// An Event holds the fields that a decision needs, and all other fields to send back.
//
// It is not the type of aws-lambda-go, for three reasons. That type always sends groupOverrideDetails, and an empty one
// removes the user from all groups. It refuses the example on the trigger's page, where preferredRole and
// claimsAndScopeOverrideDetails are lists. And it would drop fields that Cognito adds later, although Cognito expects
// the whole event back.
type Event struct {
	Version       string
	TriggerSource string
	UserPoolID    string
	UserName      string
	CallerContext struct{ ClientID string }
	Request       struct {
		UserAttributes     json.RawMessage
		ClientMetadata     json.RawMessage
		GroupConfiguration json.RawMessage
	}

	sent map[string]json.RawMessage
}

// Read refuses an event that lacks a field which a decision needs.
func Read(payload []byte) (*Event, error) {
	read := &Event{}
	if json.Unmarshal(payload, &read.sent) != nil || json.Unmarshal(payload, read) != nil {
		return nil, function.Fail("InvalidEvent", "not the JSON that Cognito documents")
	}
	switch {
	case read.Version != version:
		return nil, function.Fail("InvalidEvent", "version is not "+version)
	case read.TriggerSource == "":
		return nil, function.Fail("InvalidEvent", "no triggerSource")
	case read.UserPoolID == "":
		return nil, function.Fail("InvalidEvent", "no userPoolId")
	case read.UserName == "":
		return nil, function.Fail("InvalidEvent", "no userName")
	case read.CallerContext.ClientID == "":
		return nil, function.Fail("InvalidEvent", "no callerContext.clientId")
	}
	return read, nil
}

// Sub returns the sub of the user, which is the key of Proofs. The user name is not: it equals the sub only for users
// who signed up with an e-mail address.
func (e *Event) Sub() (string, error) {
	sub := member(e.Request.UserAttributes, "sub")
	if !customer.IsSub(sub) {
		return "", function.Fail("InvalidEvent", "sub is missing or not a lower-case UUID")
	}
	return sub, nil
}

// Verifier returns the verifier that the caller has sent, or "".
func (e *Event) Verifier() string {
	return member(e.Request.ClientMetadata, contract.ProofVerifier)
}

// member returns a string of an object, or "" if there is none of exactly this name. The fields of a Go struct would
// match names in any case.
func member(object json.RawMessage, name string) (text string) {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil || json.Unmarshal(members[name], &text) != nil {
		return ""
	}
	return text
}

// A response holds the changes to the tokens. An absent list changes nothing; null is not documented for these.
type response struct {
	Details struct {
		AccessToken struct {
			ScopesToAdd      []string `json:"scopesToAdd,omitempty"`
			ScopesToSuppress []string `json:"scopesToSuppress,omitempty"`
		} `json:"accessTokenGeneration"`
		Groups json.RawMessage `json:"groupOverrideDetails,omitempty"`
	} `json:"claimsAndScopeOverrideDetails"`
}

// Answer returns the event with these changes of the access token's scopes as its response.
func (e *Event) Answer(adds, suppresses []string) ([]byte, error) {
	var made response
	made.Details.AccessToken.ScopesToAdd = adds
	made.Details.AccessToken.ScopesToSuppress = suppresses
	made.Details.Groups = e.groups()
	all := make(map[string]any, len(e.sent))
	for name, value := range e.sent {
		all[name] = value
	}
	all["response"] = made
	return json.Marshal(all)
}

// groups returns the user's groups unchanged, which tells Cognito to keep them: "If you provide an empty or null object
// in the response, then Amazon Cognito suppresses the groups. To keep the existing group configuration the same, copy
// the value of the groupConfiguration object". If there is nothing to copy, nothing is sent.
func (e *Event) groups() json.RawMessage {
	var configuration map[string]json.RawMessage
	if json.Unmarshal(e.Request.GroupConfiguration, &configuration) != nil || len(configuration) == 0 {
		return nil
	}
	return e.Request.GroupConfiguration
}
