package proof_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
)

func TestMalformedItemIsRefused(t *testing.T) {
	r := newRig(t)
	for reason, items := range map[string][]item{
		"proofChallenge is not a challenge": {
			{"proofChallenge": "", "proofExpiresAt": 1}, {"proofChallenge": challenge + "=", "proofExpiresAt": 1},
			{"proofChallenge": 1, "proofExpiresAt": 1}, {"proofChallenge": []string{challenge}, "proofExpiresAt": 1},
		},
		"proofChallenge is without proofExpiresAt, or the other way round": {
			{"proofChallenge": challenge}, {"proofExpiresAt": 1},
		},
		"factorKind is without factorTrustedAt, or the other way round": {
			{"factorTrustedAt": 17}, {"factorKind": "totp"}, {"factorTrustedAt": 17, "factorKind": ""},
			{"factorTrustedAt": 17, "factorKind": 1}, {"factorKind": "totp", "factorSuspendedAt": 18},
		},
		"proofExpiresAt is not a number": {{"proofChallenge": challenge, "proofExpiresAt": "9999999999"}},
		"factorTrustedAt is not a number": {
			{"factorTrustedAt": "17"}, {"factorTrustedAt": true}, {"factorTrustedAt": nil},
		},
		"factorSuspendedAt is not a number": {
			{"factorTrustedAt": 17, "factorKind": "sms", "factorSuspendedAt": "18"},
		},
		"proofExpiresAt is not a time in Unix seconds":    {{"proofChallenge": challenge, "proofExpiresAt": 1.5}},
		"factorTrustedAt is not a time in Unix seconds":   {{"factorTrustedAt": 0}, {"factorTrustedAt": 1e30}},
		"factorSuspendedAt is not a time in Unix seconds": {{"factorTrustedAt": 17, "factorSuspendedAt": -1}},
	} {
		for _, stored := range items {
			lambdatest.StoreProof(t, r.name, alice, stored)
			read, err := r.Read(t.Context(), alice)
			wantItemError(t, err, "MalformedItem", reason)
			if read != (proof.Item{}) {
				t.Errorf("%v was read as %+v", stored, read)
			}
			trust, err := r.ReadTrust(t.Context(), alice)
			if strings.HasPrefix(reason, "factor") && !strings.HasPrefix(reason, "factorKind") {
				wantItemError(t, err, "MalformedItem", reason)
			} else if err != nil {
				t.Errorf("the trust of %v was read as %+v, %v", stored, trust, err)
			}
		}
	}
}

func wantItemError(t *testing.T, err error, code, reason string) {
	t.Helper()
	if refused := new(function.Failure); !errors.As(err, &refused) || refused.Code != code || refused.Reason != reason {
		t.Errorf("error %v, want %s: %s", err, code, reason)
	}
}

func TestOnlyItemsOfCustomersAreReached(t *testing.T) {
	service := lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	unreached := proof.NewTable(service.Config(), "Proofs")
	for _, key := range []string{
		"", "unconfirmed-removals", strings.ToUpper(alice), alice + " ", strings.Repeat("0", 36),
	} {
		_, err := unreached.Read(t.Context(), key)
		_, trustErr := unreached.ReadTrust(t.Context(), key)
		recorded := unreached.Record(t.Context(), key, challenge, now)
		removed := unreached.Record(t.Context(), key, "", now)
		for _, err := range []error{err, trustErr, recorded, removed} {
			wantItemError(t, err, "InvalidCustomer", "sub is not a lower-case UUID")
		}
	}
	err := unreached.Seal(t.Context(), proof.Item{}, "totp", now)
	wantItemError(t, err, "InvalidCustomer", "sub is not a lower-case UUID")
	if service.Calls() != 0 {
		t.Errorf("DynamoDB was called %d times for no customer", service.Calls())
	}
}

// Neither a kind without a seal, nor a seal without a kind, may count.
func TestTrustIsInOneKindOnly(t *testing.T) {
	r := newRig(t)
	for name, test := range map[string]struct {
		stored         item
		sealed, trusts string // the kinds, of all that are asked for
	}{
		"nothing":             {item{}, "", ""},
		"authenticator":       {item{"factorTrustedAt": 17, "factorKind": "totp"}, "totp", "totp"},
		"text message":        {item{"factorTrustedAt": 17, "factorKind": "sms"}, "sms", "sms"},
		"suspended":           {item{"factorTrustedAt": 17, "factorKind": "sms", "factorSuspendedAt": 18}, "sms", ""},
		"kind without a seal": {item{"factorKind": "totp"}, "", ""},
		"seal without a kind": {item{"factorTrustedAt": 17}, "", ""},
		"kind of no text":     {item{"factorTrustedAt": 17, "factorKind": 1}, "", ""},
	} {
		lambdatest.StoreProof(t, r.name, alice, test.stored)
		trust, err := r.ReadTrust(t.Context(), alice)
		must(t, err)
		var sealed, trusts string
		for _, kind := range []string{"", "none", "sms", "totp"} {
			if trust.SealedKind(kind) {
				sealed += kind
			}
			if trust.Trusts(kind) {
				trusts += kind
			}
		}
		if _, found := test.stored["factorTrustedAt"]; trust.Sealed() != found || sealed != test.sealed ||
			trusts != test.trusts || trust.SealedKind("") || trust.Trusts("") {
			t.Errorf("%s: read %+v, sealed %q, trusted %q; want %q, %q",
				name, trust, sealed, trusts, test.sealed, test.trusts)
		}
	}
}

// A function's role may allow only the attributes that it names, and an eventually consistent read could miss a
// suspension.
func TestReadsAreConsistentAndOfTheAttributesThatAreNeeded(t *testing.T) {
	var asked []map[string]any
	service := lambdatest.Answering(t, func(_ *http.Request, request map[string]any) (int, any) {
		asked = append(asked, request)
		return http.StatusOK, map[string]any{}
	})
	table := proof.NewTable(service.Config(), "Proofs")
	_, err := table.Read(t.Context(), alice)
	must(t, err)
	_, err = table.ReadTrust(t.Context(), alice)
	must(t, err)
	for i, want := range [][]string{
		{"factorKind", "factorSuspendedAt", "factorTrustedAt", "proofChallenge", "proofExpiresAt"},
		{"factorKind", "factorSuspendedAt", "factorTrustedAt"},
	} {
		var names []string
		for alias := range strings.SplitSeq(asked[i]["ProjectionExpression"].(string), ", ") {
			names = append(names, asked[i]["ExpressionAttributeNames"].(map[string]any)[alias].(string))
		}
		slices.Sort(names)
		if diff := cmp.Diff(want, names); diff != "" || asked[i]["ConsistentRead"] != true {
			text, _ := json.Marshal(asked[i])
			t.Errorf("asked %s; attributes (-want +got):\n%s", text, diff)
		}
	}
}

func TestFailureOfTheTableIsReturned(t *testing.T) {
	r := newRig(t)
	must(t, r.Record(t.Context(), alice, challenge, now))
	read := r.read(t, alice)
	for code, service := range lambdatest.FailingDynamoDB(t) {
		table := proof.NewTable(service.Config(), "Proofs")
		got, err := table.Read(t.Context(), alice)
		trust, trustErr := table.ReadTrust(t.Context(), alice)
		if got != (proof.Item{}) || trust != (proof.Trust{}) {
			t.Errorf("%s: read %+v, %+v", code, got, trust)
		}
		for _, call := range []struct {
			err       error
			operation string
		}{
			{err, "GetItem"},
			{trustErr, "GetItem"},
			{table.Record(t.Context(), alice, challenge, now), "UpdateItem"},
			{table.Suspend(t.Context(), read, now), "UpdateItem"},
			{table.Seal(t.Context(), read, "totp", now), "UpdateItem"},
		} {
			fault, operation, _ := function.Fault(call.err)
			if fault != code || operation != "DynamoDB "+call.operation {
				t.Errorf("error %v, want %s of %s", call.err, code, call.operation)
			}
		}
	}
}
