package main

import (
	"encoding/json"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
)

const (
	verifier        = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge       = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	anotherVerifier = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	anotherOne      = "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
)

type item = lambdatest.ProofItem

// Items of a customer with which tests begin, at 1 800 000 000.
var (
	unknown    = item{}
	trusted    = item{"factorTrustedAt": 1_700_000_000.0, "factorKind": "totp"}
	trustedSMS = item{"factorTrustedAt": 1_700_000_000.0, "factorKind": "sms"}
	suspended  = merged(trusted, item{"factorSuspendedAt": 1_750_000_000.0})
	onlyBegun  = item{"factorSuspendedAt": 1_750_000_000.0}
)

// sealed is the item after a seal.
func sealed(at float64, kind string) item {
	return item{"factorTrustedAt": at, "factorKind": kind}
}

// proven adds a proof that has just been recorded.
func proven(before item) item {
	return merged(before, item{"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0})
}

func merged(items ...item) item {
	all := item{}
	for _, one := range items {
		maps.Copy(all, one)
	}
	return all
}

// knows makes the table hold exactly this of a customer.
func (b *rig) knows(t testing.TB, of person, stored item) {
	t.Helper()
	lambdatest.StoreProof(t, b.table, of.sub, stored)
}

// records does the work of the post confirmation trigger after a mailed code was entered.
func (b *rig) records(t testing.TB, of person, challenge string) {
	t.Helper()
	proofs := proof.NewTable(lambdatest.AWSConfig(lambdatest.DynamoDBEndpoint(t)), b.table)
	if err := proofs.Record(t.Context(), of.sub, challenge, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
}

func (b *rig) wantStored(t testing.TB, of person, want item) {
	t.Helper()
	lambdatest.Same(t, "item of "+of.name, lambdatest.StoredProof(t, b.table, of.sub), want)
}

// documented returns the event in testdata with changed values at its top level.
func documented(t testing.TB, changes object) object {
	t.Helper()
	text, err := os.ReadFile("testdata/authentication.json")
	if err != nil {
		t.Fatal(err)
	}
	var event object
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	maps.Copy(event, changes)
	return event
}

// from returns an event of a client and a source.
func from(t testing.TB, clientID, source string) object {
	t.Helper()
	return documented(t, object{"triggerSource": source, "callerContext": object{"clientId": clientID}})
}

// with adds a verifier to what the caller says.
func with(event object, verifier any) object {
	event["request"].(object)["clientMetadata"] = object{"proof_verifier": verifier, "note": "grant me all"}
	return event
}

// by changes the user of the event.
func by(who person, event object) object {
	event["userName"] = who.name
	event["request"].(object)["userAttributes"] = object{"sub": who.sub, "email": "somebody@mail.example"}
	return event
}

func encode(t testing.TB, value any) []byte {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// stepUp and settingsOf are the sign-ins that a verifier can be for.
func (b *rig) stepUp(t testing.TB, who person, verifier string) changes {
	t.Helper()
	return b.sign(t, with(by(who, from(t, stepUpID, authentication)), verifier))
}

func (b *rig) settingsOf(t testing.TB, who person, verifier string) changes {
	t.Helper()
	return b.sign(t, with(by(who, from(t, accountID, authentication)), verifier))
}

func wantChanges(t testing.TB, what string, got, want changes) {
	t.Helper()
	lambdatest.Same(t, "scopes of "+what, got, want)
}

// later moves the clock.
func (b *rig) later(d time.Duration) { b.clock.Advance(d) }
