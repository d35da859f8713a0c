package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/securecart/identity/lambda/internal/function"
)

// record is what is read of an event of CloudTrail. What is kept of it is a map, with more fields.
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
		// Type is "IAMUser", "AssumedRole", "AWSService" and others.
		Type, ARN      string
		SessionContext struct {
			SessionIssuer struct {
				// UserName is the name of the role that was taken.
				UserName string
			}
		}
	}
}

// keptFields are the fields of a record that are kept. Above all responseElements is none of them: there are the
// credentials that AssumeRole answers, and the secrets of clients.
var keptFields = []string{
	"additionalEventData", "awsRegion", "errorCode", "errorMessage", "eventCategory", "eventID", "eventName",
	"eventSource", "eventTime", "eventType", "eventVersion", "managementEvent", "readOnly", "recipientAccountId",
	"requestID", "requestParameters", "resources", "sessionCredentialFromConsole", "sharedEventID", "sourceIPAddress",
	"userAgent", "userIdentity", "vpcEndpointId",
}

// withheld takes the place of what may be secret.
const withheld = "WITHHELD"

// read reads a record, and returns it with what of it is kept, as JSON.
func read(detail json.RawMessage) (record, []byte, error) {
	var r record
	if err := json.Unmarshal(detail, &r); err != nil || r.EventID == "" || r.EventName == "" {
		return r, nil, function.Fail("InvalidEvent", "no record of CloudTrail")
	}
	if !eventID.MatchString(r.EventID) || len(r.EventTime) < len("2006-01-02") {
		return r, nil, function.Fail("InvalidEvent", "eventID or eventTime is malformed")
	}
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
	for _, field := range []string{"requestParameters", "additionalEventData"} {
		if value, found := kept[field]; found {
			kept[field] = withhold(value, field)
		}
	}
	text, err := json.Marshal(kept)
	return r, text, err
}

// eventID is that of CloudTrail, which becomes the name of an object.
var eventID = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// decode keeps numbers as they are written.
func decode(text []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var all map[string]any
	if err := decoder.Decode(&all); err != nil {
		return nil, function.Fail("InvalidEvent", "no JSON object")
	}
	return all, nil
}

var (
	// secretWords are in the names of fields whose texts are withheld, whatever is below them.
	secretWords = regexp.MustCompile(`(?i)password|secret|verifier|clientmetadata|environment|zipfile|credential|` +
		`authparameters|challengeresponses|(token|code)$|^session$`)
	// plainWords are names that look like those, and hold nothing secret.
	plainWords = regexp.MustCompile(`(?i)^(errorcode|compromisedcredentialdetected)$`)
	// token is a JSON Web Token wherever it stands.
	token = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+`)
)

// withhold returns value without the texts that may be secret, by the name of the field that holds them, and without
// tokens. Cognito has hidden its own already ("HIDDEN_DUE_TO_SECURITY_REASONS"); this does not rest on it.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-info-in-cloudtrail.html
func withhold(value any, name string) any {
	secret := secretWords.MatchString(name) && !plainWords.MatchString(name)
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, inner := range v {
			if secret {
				key, inner = withhold(key, "").(string), withhold(inner, name)
			} else {
				inner = withhold(inner, key)
			}
			out[key] = inner
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = withhold(inner, name)
		}
		return out
	case string:
		if secret && v != "" || token.MatchString(v) {
			return withheld
		}
		return strings.ToValidUTF8(v, "")
	default:
		return v
	}
}
