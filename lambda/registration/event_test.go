package main

import (
	"bytes"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
)

// A recorder is a trigger whose services all answer, and the challenges that it has recorded, by sub.
type recorder struct {
	*trigger
	recorded map[string]string
}

func newRecorder(t testing.TB) *recorder {
	t.Helper()
	l := &recorder{recorded: map[string]string{}}
	service := lambdatest.Answering(t, func(r *http.Request, request object) (int, any) {
		switch _, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); operation {
		case "GetParameter":
			return http.StatusOK, object{"Parameter": object{"Value": ids}}
		case writeOp:
			if values, found := request["ExpressionAttributeValues"].(object); found {
				key := request["Key"].(object)["customerId"].(object)["S"].(string)
				l.recorded[key] = values[":challenge"].(object)["S"].(string)
			}
		}
		return http.StatusOK, object{}
	})
	l.trigger = newTrigger(quiet(), lambdatest.Unhurried.Apply(service.Config()), parameter, "Proofs")
	l.within = time.Minute
	return l
}

// Every input is returned unchanged or refused. No input causes a panic.
func FuzzEvent(f *testing.F) {
	for _, file := range []string{"signup", "confirmed"} {
		text, err := os.ReadFile("testdata/" + file + ".json")
		if err != nil {
			f.Fatal(err)
		}
		for _, source := range append(sources, "PostConfirmation_", "PreSignUp_") {
			f.Add(bytes.ReplaceAll(text, []byte(reset), []byte(source)))
			f.Add(bytes.ReplaceAll(text, []byte(signUp), []byte(source)))
		}
		f.Add(text[:len(text)-4])
		f.Add(bytes.ToUpper(text))
	}
	f.Add([]byte(`{"triggerSource":"PostConfirmation_ConfirmSignUp","request":{"userAttributes":null}}`))
	f.Add([]byte(`{"triggerSource":"PostConfirmation_ConfirmSignUp"} x`))
	f.Add([]byte("\xff"))
	l := newRecorder(f)
	f.Fuzz(func(t *testing.T, payload []byte) {
		clear(l.recorded)
		answer, err := l.Invoke(t.Context(), payload)
		if (answer == nil) != (err != nil) || err == nil && !bytes.Equal(answer, payload) {
			t.Fatalf("answer %q, error %v", answer, err)
		}
		if err != nil && err.Error() != tellsRefused && err.Error() != tellsUnavailable {
			t.Fatalf("the outside is told %q", err)
		}
		for sub, recorded := range l.recorded {
			if !proof.IsChallenge(recorded) || !customer.IsSub(sub) || !bytes.Contains(payload, []byte("onfirm")) {
				t.Fatalf("recorded %s of %s", recorded, sub)
			}
		}
	})
}

// The test writes the conditions independently of the code.
func TestChallengeIsRecordedExactlyIfAllConditionsHold(t *testing.T) {
	const attribute = "request.userAttributes."
	l := newRecorder(t)
	times := 0
	rapid.Check(t, func(rt *rapid.T) {
		clear(l.recorded)
		sample := func(name string, values ...any) any { return rapid.SampledFrom(values).Draw(rt, name) }
		source := sample("source", reset, confirmedSignUp, confirmedSignUp, signUp, "PostConfirmation_X")
		client := sample("client", webID, accountID, "9another1example", "", absent)
		sub := sample("sub", alice, alice, alice, alice, aliceName, "", absent)
		verified := sample("verified", "true", "true", "true", "false", "TRUE", absent)
		status := sample("status", "CONFIRMED", "CONFIRMED", "EXTERNAL_PROVIDER", "UNCONFIRMED", absent)
		identities := sample("identities", absent, absent, "[]")
		given := sample("challenge", challenge, challenge, oldChallenge, challenge[:42], "", absent, 1)
		payload := documented(t, "confirmed", map[string]any{
			"triggerSource": source, "callerContext.clientId": client,
			attribute + "sub": sub, attribute + "email_verified": verified,
			attribute + "cognito:user_status": status, attribute + "identities": identities,
			"request.clientMetadata.proof_challenge": given,
		})
		answer, err := l.Invoke(t.Context(), payload)
		if err == nil && !bytes.Equal(answer, payload) ||
			err != nil && strings.HasPrefix(source.(string), "PostConfirmation_") {
			rt.Fatalf("answer %s, error %v", answer, err)
		}
		want := map[string]string{}
		byCode := (client == webID || client == accountID) && status == "CONFIRMED" && identities == absent
		if (source == reset || source == confirmedSignUp && byCode) && sub == alice && verified == "true" &&
			(given == challenge || given == oldChallenge) {
			want[alice] = given.(string)
			times++
		}
		if !maps.Equal(want, l.recorded) {
			rt.Fatalf("recorded %v, want %v", l.recorded, want)
		}
	})
	if times == 0 {
		t.Error("no challenge was recorded, so this test proves nothing")
	}
}
