package main

import (
	"encoding/json"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
)

// version is the version field of a V2_0 event. A V1_0 event ("1") cannot suppress scopes, and a V3_0 event ("3") can
// be about a machine. The trigger's page has examples of all three.
const version = "2"

// An event holds the fields that the decision needs, and all other fields to send back.
//
// It is not the type of aws-lambda-go, for three reasons. That type always sends groupOverrideDetails, and an empty one
// removes the user from all groups. It refuses the example on the trigger's page, where preferredRole and
// claimsAndScopeOverrideDetails are lists. And it would drop fields that Cognito adds later, although Cognito expects
// the whole event back.
type event struct {
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

// readEvent refuses an event that lacks a field which a decision needs.
func readEvent(payload []byte) (*event, error) {
	read := &event{}
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

// sub returns the sub of the user, which is the key of Proofs. The user name is not: it equals the sub only for users
// who signed up with an e-mail address.
func (e *event) sub() (string, error) {
	sub := member(e.Request.UserAttributes, "sub")
	if !customer.IsSub(sub) {
		return "", function.Fail("InvalidEvent", "sub is missing or not a lower-case UUID")
	}
	return sub, nil
}

// verifier returns the verifier that the caller has sent, or "".
func (e *event) verifier() string {
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

// answer returns the event with the decision as its response.
func (e *event) answer(d decision) ([]byte, error) {
	var made response
	made.Details.AccessToken.ScopesToAdd = d.adds
	made.Details.AccessToken.ScopesToSuppress = d.suppresses
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
func (e *event) groups() json.RawMessage {
	var configuration map[string]json.RawMessage
	if json.Unmarshal(e.Request.GroupConfiguration, &configuration) != nil || len(configuration) == 0 {
		return nil
	}
	return e.Request.GroupConfiguration
}
