package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
)

// record holds the fields of an event of CloudTrail that this program reads. The recorded event is a map, with more
// fields.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
type record struct {
	EventID         string
	EventTime       string
	EventSource     string
	EventName       string
	AWSRegion       string
	SourceIPAddress string
	ErrorCode       string
	UserIdentity    struct {
		// Type is "IAMUser", "AssumedRole", "AWSService" and others. InvokedBy is the service that called in the name of
		// the identity, if one did.
		Type, ARN, InvokedBy string
		SessionContext       struct {
			// SessionIssuer is the assumed role and its account.
			SessionIssuer struct{ UserName, AccountID, ARN string }
			// WebIDFederationData names the provider of a session that AssumeRoleWithWebIdentity opened.
			WebIDFederationData struct{ FederatedProvider string }
		}
	}
	// RequestParameters differ from operation to operation.
	RequestParameters json.RawMessage

	// at is EventTime.
	at time.Time
}

// keptFields are the fields that are recorded. responseElements is deliberately missing: it holds the credentials that
// AssumeRole returns, and the secrets of clients.
var keptFields = []string{
	"additionalEventData", "awsRegion", "errorCode", "errorMessage", "eventCategory", "eventID", "eventName",
	"eventSource", "eventTime", "eventType", "eventVersion", "managementEvent", "readOnly", "recipientAccountId",
	"requestID", "requestParameters", "resources", "sessionCredentialFromConsole", "sharedEventID", "sourceIPAddress",
	"userAgent", "userIdentity", "vpcEndpointId",
}

// read decodes an event, and returns it with what is recorded of it, as JSON.
func read(detail json.RawMessage) (record, []byte, error) {
	var r record
	if err := json.Unmarshal(detail, &r); err != nil || r.EventID == "" || r.EventName == "" {
		return r, nil, function.Fail("InvalidEvent", "no record of CloudTrail")
	}
	at, err := time.Parse(time.RFC3339, r.EventTime)
	if err != nil || !eventID.MatchString(r.EventID) {
		return r, nil, function.Fail("InvalidEvent", "eventID or eventTime is malformed")
	}
	r.at = at.UTC()
	all, err := decode(detail)
	if err != nil {
		return r, nil, err
	}
	kept := map[string]any{}
	for _, field := range keptFields {
		if value, found := all[field]; found {
			kept[field] = value
		}
	}
	text, err := json.Marshal(withhold(kept, ""))
	return r, text, err
}

// eventID is the form of an event's id, which becomes the name of an object.
var eventID = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// decode decodes JSON, and leaves numbers as they are written.
func decode(text []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var all map[string]any
	if err := decoder.Decode(&all); err != nil {
		return nil, function.Fail("InvalidEvent", "no JSON object")
	}
	return all, nil
}
