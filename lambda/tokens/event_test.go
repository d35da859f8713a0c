package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The event is of the shape that the trigger's page shows for version two, with
// its two oddities (lists where the reference says string and object) and two
// fields that nobody knows yet.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func TestDocumentedEventComesBackWithExactlyThisResponse(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	sent := documented(t, nil)
	answer, err := b.Invoke(t.Context(), encode(t, sent))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	want := `{"claimsAndScopeOverrideDetails":{` +
		`"accessTokenGeneration":{"scopesToAdd":["securecart/orders.read","securecart/profile.read",` +
		`"securecart/orders.write","securecart/profile.write","securecart/payment.write"]},` +
		`"groupOverrideDetails":{"groupsToOverride":["wholesale","early-access"],` +
		`"iamRolesToOverride":["arn:aws:iam::111122223333:role/wholesale"],` +
		`"preferredRole":["arn:aws:iam::111122223333:role/wholesale"]}}}`
	if response := string(got["response"]); response != want {
		t.Errorf("response %s\nwant     %s", response, want)
	}
	for name, value := range sent {
		if name != "response" && string(got[name]) != string(encode(t, value)) {
			t.Errorf("%s came back as %s, want it as sent: %s", name, got[name], encode(t, value))
		}
	}
	if len(got) != len(sent) {
		t.Errorf("%d fields came back, want the %d that were sent", len(got), len(sent))
	}
}

// A field whose name Cognito does not know would be ignored without a word. The
// names are written here by another hand than ours: by AWS, in its Go types.
func TestAnswerHasTheFieldsOfTheOfficialType(t *testing.T) {
	b := newRig(t)
	event := from(t, webID, hostedAuth)
	event["request"].(object)["groupConfiguration"] = object{
		"groupsToOverride": []string{"wholesale"}, "iamRolesToOverride": []string{}, "preferredRole": nil,
	}
	answer, err := b.Invoke(t.Context(), encode(t, event))
	if err != nil {
		t.Fatal(err)
	}
	var read events.CognitoEventUserPoolsPreTokenGenV2_0
	if err := json.Unmarshal(answer, &read); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	want := events.ClaimsAndScopeOverrideDetailsV2_0{
		AccessTokenGeneration: events.AccessTokenGenerationV2_0{ScopesToAdd: every[:2], ScopesToSuppress: every[2:]},
		GroupOverrideDetails:  events.GroupConfigurationV2_0{GroupsToOverride: []string{"wholesale"}, IAMRolesToOverride: []string{}},
	}
	if diff := cmp.Diff(want, read.Response.ClaimsAndScopeOverrideDetails); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
	if read.UserName != alice || read.CallerContext.ClientID != webID {
		t.Errorf("header %+v is not the one sent", read.CognitoEventUserPoolsHeader)
	}
}

func TestGroupsAreLeftAlone(t *testing.T) {
	b := newRig(t)
	for sent, want := range map[string]string{
		`{"groupsToOverride":["a"],"iamRolesToOverride":["r"],"preferredRole":"r"}`: `{"groupsToOverride":["a"],"iamRolesToOverride":["r"],"preferredRole":"r"}`,
		`{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null}`:      `{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null}`,
		`{"groupsToOverride":["a"],"oneDay":{"x":1}}`:                               `{"groupsToOverride":["a"],"oneDay":{"x":1}}`,
		// An empty or null object would take the user out of all groups.
		`{}`: "", `null`: "", `[]`: "", `"a"`: "",
	} {
		event := from(t, webID, hostedAuth)
		event["request"] = object{"groupConfiguration": json.RawMessage(sent)}
		answer, err := b.Invoke(t.Context(), encode(t, event))
		if err != nil {
			t.Fatal(err)
		}
		var read struct {
			Response struct {
				Details map[string]json.RawMessage `json:"claimsAndScopeOverrideDetails"`
			} `json:"response"`
		}
		if err := json.Unmarshal(answer, &read); err != nil {
			t.Fatal(err)
		}
		if got := string(read.Response.Details["groupOverrideDetails"]); got != want {
			t.Errorf("groups %s became %q, want %q", sent, got, want)
		}
	}
}

func TestClientMetadataChangesNothing(t *testing.T) {
	b := newRig(t)
	rapid.Check(t, func(r *rapid.T) {
		b.enrolled(rapid.SampledFrom([]user{{}, withSMS, withTOTP}).Draw(r, "user"))
		event := from(t, rapid.SampledFrom([]string{stepUpID, webID, "9another1example"}).Draw(r, "client"), rapid.SampledFrom(sources).Draw(r, "source"))
		request := event["request"].(object)
		delete(request, "clientMetadata")
		without := b.sign(t, event)
		name := anyOf("version", "triggerSource", "clientId", "callerContext", "userName", "scopesToAdd", "groupConfiguration")
		value := anyOf(stepUpID, authentication, `{"clientId":"`+stepUpID+`"}`, "securecart/payment.write", "SOFTWARE_TOKEN_MFA")
		request["clientMetadata"] = rapid.MapOf(name, value).Draw(r, "metadata")
		if diff := cmp.Diff(without, b.sign(t, event)); diff != "" {
			r.Fatalf("scopes (-without +with metadata):\n%s", diff)
		}
	})
}

func TestEventThatIsNotAsDocumentedFailsTheSignIn(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	for reason, payloads := range map[string][]string{
		"not the JSON that Cognito documents": {``, `{`, `[]`, `"event"`, changed(t, "version", 2), changed(t, "userName", []string{alice}),
			changed(t, "callerContext", stepUpID), changed(t, "request", []string{}), changed(t, "triggerSource", object{})},
		"version is not 2": {`null`, `{}`, changed(t, "version", ""), changed(t, "version", "1"), changed(t, "version", "3"),
			changed(t, "version", "2.0"), changed(t, "version", "V2_0"), changed(t, "version", nil)},
		"no triggerSource":          {changed(t, "triggerSource", ""), changed(t, "triggerSource", nil)},
		"no userPoolId":             {changed(t, "userPoolId", ""), changed(t, "userPoolId", nil)},
		"no userName":               {changed(t, "userName", ""), changed(t, "userName", nil)},
		"no callerContext.clientId": {changed(t, "callerContext", nil), changed(t, "callerContext", object{"clientId": ""})},
	} {
		for _, payload := range payloads {
			b.wantFailure(t, payload, "InvalidEvent", reason)
		}
	}
	if b.ssm.Calls()+b.users.Calls() != 0 {
		t.Error("a service was asked about an event that could only fail")
	}
}

func changed(t *testing.T, name string, value any) string {
	t.Helper()
	return string(encode(t, documented(t, object{name: value})))
}

// wantFailure sends an event whose sign-in must fail, telling the outside nothing
// and the operator why.
func (b *rig) wantFailure(t *testing.T, payload, code, reason string) {
	t.Helper()
	b.written.Reset()
	answer, err := b.Invoke(t.Context(), []byte(payload))
	if answer != nil || err == nil || err.Error() != "sign-in is not possible at the moment, please try again" {
		t.Errorf("%s: answer %s, error %v; want no answer and the error for everyone", reason, answer, err)
	}
	log := b.written.String()
	for _, want := range []string{`"level":"ERROR"`, `"outcome":"failed"`, `"error":"` + code + `"`, `"reason":"` + reason + `"`} {
		if !strings.Contains(log, want) || strings.Count(log, "\n") != 1 {
			t.Errorf("log %s; want one line with %s", log, want)
		}
	}
}
