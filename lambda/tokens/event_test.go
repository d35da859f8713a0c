package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// The event is of the shape that the trigger's page shows for version two, with its two oddities (lists where the
// reference says string and object) and two fields that nobody knows yet.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func TestDocumentedEventComesBackWithExactlyThisResponse(t *testing.T) {
	b := rigOf(t, withTOTP, trusted)
	sent := documented(t, nil)
	answer, err := b.Invoke(t.Context(), encode(t, sent))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	quoted := func(scopes []string) string { return `["` + strings.Join(scopes, `","`) + `"]` }
	want := `{"claimsAndScopeOverrideDetails":{` +
		`"accessTokenGeneration":{"scopesToAdd":` + quoted(toBuy.Added) +
		`,"scopesToSuppress":` + quoted(toBuy.Suppressed) + `},` +
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

// Cognito would silently ignore a field of an unknown name. The test compares names with AWS's own Go types.
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
		AccessTokenGeneration: events.AccessTokenGenerationV2_0{
			ScopesToAdd: toBrowse.Added, ScopesToSuppress: toBrowse.Suppressed,
		},
		GroupOverrideDetails: events.GroupConfigurationV2_0{
			GroupsToOverride: []string{"wholesale"}, IAMRolesToOverride: []string{},
		},
	}
	lambdatest.Same(t, "response", read.Response.ClaimsAndScopeOverrideDetails, want)
	if read.UserName != alice.name || read.CallerContext.ClientID != webID {
		t.Errorf("header %+v is not the one sent", read.CognitoEventUserPoolsHeader)
	}
}

func TestGroupsAreLeftAlone(t *testing.T) {
	b := newRig(t)
	const (
		some = `{"groupsToOverride":["a"],"iamRolesToOverride":["r"],"preferredRole":"r"}`
		no   = `{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null}`
		more = `{"groupsToOverride":["a"],"oneDay":{"x":1}}`
	)
	for sent, want := range map[string]string{
		some: some, no: no, more: more,
		// An empty or null object would remove the user from all groups.
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

func TestVerifierIsOneStringOfExactlyItsName(t *testing.T) {
	b := newRig(t)
	for name, metadata := range map[string]any{
		"null": nil, "a list": []string{verifier}, "a text": verifier, "a number": 1,
		"in a list":     object{"proof_verifier": []string{verifier}},
		"nested":        object{"proof_verifier": object{"proof_verifier": verifier}},
		"null verifier": object{"proof_verifier": nil}, "capitals": object{"PROOF_VERIFIER": verifier},
		"one capital": object{"Proof_verifier": verifier}, "challenge": object{"proof_challenge": verifier},
		"space": object{"proof_verifier ": verifier}, "spaced": object{"proof_verifier": " " + verifier},
	} {
		b.knows(t, alice, proven(trusted))
		event := from(t, accountID, authentication)
		event["request"].(object)["clientMetadata"] = metadata
		wantChanges(t, name, b.sign(t, event), stripped)
		b.wantStored(t, alice, proven(trusted))
	}
	wantChanges(t, "the one", b.settingsOf(t, alice, verifier), toSet)
}

// The sub decides whose proof counts. The trigger checks it only where it needs a proof, because Cognito's events may
// change.
func TestSubThatIsMissingOrMalformedFailsTheSignIn(t *testing.T) {
	for name, attributes := range map[string]any{
		"no attributes": nil, "a list": []string{alice.sub}, "no sub": object{"email": "alice@mail.example"},
		"empty": object{"sub": ""}, "null": object{"sub": nil}, "a number": object{"sub": 1},
		"another name": object{"Sub": alice.sub},
		"upper case":   object{"sub": strings.ToUpper(alice.sub)}, "the user name": object{"sub": alice.name},
		"36 digits": object{"sub": strings.Repeat("0", 36)}, "another item": object{"sub": "unconfirmed-removals"},
		"a space more": object{"sub": alice.sub + " "},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			b.enrolled(withTOTP)
			for _, client := range []string{stepUpID, accountID} {
				event := with(from(t, client, authentication), verifier)
				event["request"].(object)["userAttributes"] = attributes
				b.wantFailure(t, string(encode(t, event)), "InvalidEvent", "sub is missing or not a lower-case UUID")
			}
			if asked := b.asked(); len(asked) != 0 {
				t.Errorf("services were asked about an event that could only fail: %v", asked)
			}
			event := from(t, webID, hostedAuth)
			event["request"].(object)["userAttributes"] = attributes
			wantChanges(t, "Web", b.sign(t, event), toBrowse)
		})
	}
}

func TestEventThatIsNotAsDocumentedFailsTheSignIn(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	for reason, payloads := range map[string][]string{
		"not the JSON that Cognito documents": {``, `{`, `[]`, `"event"`, changed(t, "version", 2),
			changed(t, "userName", []string{alice.name}), changed(t, "callerContext", stepUpID),
			changed(t, "request", []string{}), changed(t, "triggerSource", object{})},
		"version is not 2": {`null`, `{}`, changed(t, "version", ""), changed(t, "version", "1"),
			changed(t, "version", "3"), changed(t, "version", "2.0"), changed(t, "version", "V2_0"),
			changed(t, "version", nil)},
		"no triggerSource": {changed(t, "triggerSource", ""), changed(t, "triggerSource", nil)},
		"no userPoolId":    {changed(t, "userPoolId", ""), changed(t, "userPoolId", nil)},
		"no userName":      {changed(t, "userName", ""), changed(t, "userName", nil)},
		"no callerContext.clientId": {
			changed(t, "callerContext", nil), changed(t, "callerContext", object{"clientId": ""}),
		},
	} {
		for _, payload := range payloads {
			b.wantFailure(t, payload, "InvalidEvent", reason)
		}
	}
	if len(b.Calls) != 0 {
		t.Error("a service was asked about an event that could only fail")
	}
}

func changed(t *testing.T, name string, value any) string {
	t.Helper()
	return string(encode(t, documented(t, object{name: value})))
}

// wantFailure sends an event whose sign-in must fail, and returns how long that took. The caller must learn nothing,
// and the log must give the reason.
func (b *rig) wantFailure(t *testing.T, payload, code, reason string) time.Duration {
	t.Helper()
	b.written.Reset()
	var answer []byte
	var err error
	took := lambdatest.Timed(t, func(t *testing.T) { answer, err = b.Invoke(t.Context(), []byte(payload)) })
	if answer != nil || err == nil || err.Error() != "sign-in is not possible at the moment, please try again" {
		t.Errorf("%s: answer %s, error %v; want no answer and the error for everyone", reason, answer, err)
	}
	log := b.written.String()
	for _, want := range []string{
		`"level":"ERROR"`, `"outcome":"failed"`, `"error":"` + code + `"`, `"reason":"` + reason + `"`,
	} {
		if !strings.Contains(log, want) || strings.Count(log, "\n") != 1 {
			t.Errorf("log %s; want one line with %s", log, want)
		}
	}
	return took
}
