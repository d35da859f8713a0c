package main

import (
	"encoding/json"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
)

// version is what Cognito sends in an event of V2_0. In a V1_0 event, "1", there is no way to suppress a scope, and a
// V3_0 event, "3", can be about a machine. Examples of all three are on the page of the trigger.
const version = "2"

// An event is what the decision is made of, and all of the rest to send back.
//
// It is not the type of aws-lambda-go, for three reasons. That type always sends groupOverrideDetails, and an empty one
// takes the user out of all groups. It refuses the very example on the trigger's page, where preferredRole is a list
// and claimsAndScopeOverrideDetails is too. And it would drop what Cognito may add to the event one day, although it
// wants the event back.
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

// readEvent refuses an event without all that a decision needs.
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

// customer returns the sub of the user, which is the key of Proofs. The user name is no key: it is a sub for those only
// who signed up with an e-mail address.
func (e *event) sub() (string, error) {
	sub := member(e.Request.UserAttributes, "sub")
	if !customer.IsSub(sub) {
		return "", function.Fail("InvalidEvent", "sub is missing or not a lower-case UUID")
	}
	return sub, nil
}

// verifier returns what the caller says the verifier is, or "".
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

// A response says what to change about the tokens. A list that is absent changes nothing; null is not documented for
// these.
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

// groups returns the user's groups as they are, which is how Cognito wants to be told to leave them: "If you provide an
// empty or null object in the response, then Amazon Cognito suppresses the groups. To keep the existing group
// configuration the same, copy the value of the groupConfiguration object". Where there is nothing to copy, nothing is
// sent.
func (e *event) groups() json.RawMessage {
	var configuration map[string]json.RawMessage
	if json.Unmarshal(e.Request.GroupConfiguration, &configuration) != nil || len(configuration) == 0 {
		return nil
	}
	return e.Request.GroupConfiguration
}
