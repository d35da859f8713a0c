package main

import "encoding/json"

// version is what Cognito sends in an event of V2_0. In a V1_0 event, "1", there
// is no way to suppress a scope, and a V3_0 event, "3", can be about a machine.
// Examples of all three are on the page of the trigger.
const version = "2"

// An event is what the decision is made of, and all of the rest to send back.
//
// It is not the type of aws-lambda-go, for three reasons. That type always sends
// groupOverrideDetails, and an empty one takes the user out of all groups. It
// refuses the very example on the trigger's page, where preferredRole is a list
// and claimsAndScopeOverrideDetails is too. And it would drop what Cognito may
// add to the event one day, although it wants the event back.
type event struct {
	Version       string
	TriggerSource string
	UserPoolID    string
	UserName      string
	CallerContext struct{ ClientID string }
	Request       struct{ GroupConfiguration json.RawMessage }

	sent map[string]json.RawMessage
}

// readEvent refuses an event without all that a decision needs.
func readEvent(payload []byte) (*event, error) {
	read := &event{}
	if json.Unmarshal(payload, &read.sent) != nil || json.Unmarshal(payload, read) != nil {
		return nil, refuse("InvalidEvent", "not the JSON that Cognito documents")
	}
	switch {
	case read.Version != version:
		return nil, refuse("InvalidEvent", "version is not "+version)
	case read.TriggerSource == "":
		return nil, refuse("InvalidEvent", "no triggerSource")
	case read.UserPoolID == "":
		return nil, refuse("InvalidEvent", "no userPoolId")
	case read.UserName == "":
		return nil, refuse("InvalidEvent", "no userName")
	case read.CallerContext.ClientID == "":
		return nil, refuse("InvalidEvent", "no callerContext.clientId")
	}
	return read, nil
}

// A response says what to change about the tokens. A list that is absent changes
// nothing; null is not documented for these.
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
	encoded, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	e.sent["response"] = encoded
	return json.Marshal(e.sent)
}

// groups returns the user's groups as they are, which is how Cognito wants to be
// told to leave them: "If you provide an empty or null object in the response,
// then Amazon Cognito suppresses the groups. To keep the existing group
// configuration the same, copy the value of the groupConfiguration object".
// Where there is nothing to copy, nothing is sent.
func (e *event) groups() json.RawMessage {
	var configuration map[string]json.RawMessage
	if json.Unmarshal(e.Request.GroupConfiguration, &configuration) != nil || len(configuration) == 0 {
		return nil
	}
	return e.Request.GroupConfiguration
}
