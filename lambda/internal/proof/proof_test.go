package proof_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
)

const (
	alice = "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000001"
	bob   = "0f1e2d3c-aaaa-4bbb-8ccc-b0b000000002"
	// verifier and challenge are the example of RFC 7636, appendix B.
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	// another pair, made with: printf %s … | openssl dgst -sha256 -binary | basenc --base64url
	anotherVerifier  = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	anotherChallenge = "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
)

// now is when tests begin, with a fraction that must not count.
var now = time.Unix(1_800_000_000, 999_999_999)

type item = lambdatest.ProofItem

// A rig is a table for one test.
type rig struct {
	*proof.Table
	name string
}

func newRig(t *testing.T) rig {
	t.Helper()
	name := lambdatest.Table(t, "Proofs")
	return rig{proof.NewTable(lambdatest.AWSConfig(lambdatest.DynamoDBEndpoint(t)), name), name}
}

func (r rig) want(t *testing.T, customer string, want item) {
	t.Helper()
	lambdatest.Same(t, "item of "+customer, lambdatest.StoredProof(t, r.name, customer), want)
}

func (r rig) read(t *testing.T, customer string) proof.Item {
	t.Helper()
	read, err := r.Read(t.Context(), customer)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return read
}

// proven stores an item of Alice, records her proof, and returns the table with what is read then.
func proven(t *testing.T, before item) (rig, proof.Item) {
	t.Helper()
	r := newRig(t)
	lambdatest.StoreProof(t, r.name, alice, before)
	must(t, r.Record(t.Context(), alice, challenge, now))
	return r, r.read(t, alice)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantConditionFailed(t *testing.T, err error) {
	t.Helper()
	code, operation, _ := function.Fault(err)
	if code != "ConditionalCheckFailedException" || operation != "DynamoDB UpdateItem" {
		t.Errorf("error %v, want ConditionalCheckFailedException of UpdateItem", err)
	}
}

func TestCustomerWithoutAnItemHasProvenNothing(t *testing.T) {
	r := newRig(t)
	read := r.read(t, alice)
	trust, err := r.ReadTrust(t.Context(), alice)
	if err != nil || read.Sealed() || read.Suspended() || read.Proven(verifier, now) {
		t.Errorf("read %+v, %v", read, err)
	}
	if trust != (proof.Trust{}) {
		t.Errorf("trust %+v, want none", trust)
	}
	wantConditionFailed(t, r.Seal(t.Context(), read, "totp", now))
	wantConditionFailed(t, r.Suspend(t.Context(), read, now))
	r.want(t, alice, nil)
}

func TestProofCountsFor15Minutes(t *testing.T) {
	r := newRig(t)
	must(t, r.Record(t.Context(), alice, challenge, now))
	r.want(t, alice, item{"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0})
	read := r.read(t, alice)
	for at, want := range map[int64]bool{
		1_800_000_000: true, 1_800_000_899: true, 1_800_000_900: false, 1_800_000_901: false,
	} {
		if got := read.Proven(verifier, time.Unix(at, 0)); got != want {
			t.Errorf("proven at %d: %t, want %t", at, got, want)
		}
	}
	if !read.Proven(verifier, time.Unix(1_800_000_899, 999_999_999)) {
		t.Error("not proven within the last second")
	}
	for _, other := range []string{
		anotherVerifier, challenge, "", strings.ToLower(verifier), verifier + "=", verifier[:42],
	} {
		if read.Proven(other, now) {
			t.Errorf("proven by %q", other)
		}
	}
	if r.read(t, bob).Proven(verifier, now) {
		t.Error("proven for another customer")
	}
}

func TestRecordReplacesTheProofAndLeavesTheFactorAlone(t *testing.T) {
	r := newRig(t)
	factor := item{"factorTrustedAt": 17.0, "factorKind": "sms", "factorSuspendedAt": 18.0}
	lambdatest.StoreProof(t, r.name, alice, factor)
	must(t, r.Record(t.Context(), alice, challenge, now))
	must(t, r.Record(t.Context(), alice, anotherChallenge, now.Add(time.Minute)))
	r.want(t, alice, item{
		"proofChallenge": anotherChallenge, "proofExpiresAt": 1_800_000_960.0,
		"factorTrustedAt": 17.0, "factorKind": "sms", "factorSuspendedAt": 18.0,
	})
	if read := r.read(t, alice); read.Proven(verifier, now) || !read.Proven(anotherVerifier, now) {
		t.Error("the proof before counts still, or the new one does not")
	}
	r.want(t, bob, nil)
	for _, none := range []string{"", "x", challenge + "=", challenge[1:]} {
		must(t, r.Record(t.Context(), alice, challenge, now))
		must(t, r.Record(t.Context(), alice, none, now))
		r.want(t, alice, factor)
	}
	must(t, r.Record(t.Context(), bob, "", now))
	if read := r.read(t, bob); read.Proven(verifier, now) || read.Proven("", now) || read.Sealed() {
		t.Errorf("Bob has proven something: %+v", read)
	}
}

func TestSuspensionEndsTrustAndKeepsTheProof(t *testing.T) {
	for name, trusted := range map[string]item{
		"sealed":       {"factorTrustedAt": 17.0, "factorKind": "sms"},
		"never sealed": {},
	} {
		t.Run(name, func(t *testing.T) {
			r, before := proven(t, trusted)
			if _, sealed := trusted["factorTrustedAt"]; before.Trusts("sms") != sealed || before.Sealed() != sealed {
				t.Fatalf("read %+v", before)
			}
			must(t, r.Suspend(t.Context(), before, now.Add(time.Second)))
			want := item{
				"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0, "factorSuspendedAt": 1_800_000_001.0,
			}
			maps.Copy(want, trusted)
			r.want(t, alice, want)
			after := r.read(t, alice)
			if after.Trusts("sms") || !after.Suspended() || after.Sealed() != before.Sealed() {
				t.Errorf("trust %+v", after.Trust)
			}
			if !after.Proven(verifier, now) {
				t.Errorf("read %+v", after)
			}
			// A second token suspends again, with the item that was read before the first.
			must(t, r.Suspend(t.Context(), before, now.Add(2*time.Second)))
			want["factorSuspendedAt"] = 1_800_000_002.0
			r.want(t, alice, want)
		})
	}
}

func TestSealTrustsAndSpendsTheProof(t *testing.T) {
	for name, before := range map[string]item{
		"first factor":         {},
		"suspended":            {"factorTrustedAt": 17.0, "factorKind": "sms", "factorSuspendedAt": 18.0},
		"suspended, not seen":  {"factorSuspendedAt": 18.0},
		"trusted all the time": {"factorTrustedAt": 17.0, "factorKind": "sms"},
	} {
		t.Run(name, func(t *testing.T) {
			r, read := proven(t, before)
			must(t, r.Seal(t.Context(), read, "totp", now.Add(time.Minute)))
			r.want(t, alice, item{"factorTrustedAt": 1_800_000_060.0, "factorKind": "totp"})
			after := r.read(t, alice)
			if after.Suspended() || after.Proven(verifier, now) {
				t.Errorf("read %+v", after)
			}
			if !after.Trusts("totp") || after.Trusts("sms") || after.Trusts("") || read.Trusts("totp") {
				t.Errorf("read %+v after %+v; want trust in the kind that was sealed, and in no other", after, read)
			}
			wantConditionFailed(t, r.Seal(t.Context(), read, "totp", now))
			wantConditionFailed(t, r.Suspend(t.Context(), read, now))
			r.want(t, alice, item{"factorTrustedAt": 1_800_000_060.0, "factorKind": "totp"})
		})
	}
}

func TestWriteFailsIfTheProofHasChangedSinceItWasRead(t *testing.T) {
	for name, change := range map[string]func(rig) error{
		"replaced": func(r rig) error { return r.Record(t.Context(), alice, anotherChallenge, now) },
		"removed":  func(r rig) error { return r.Record(t.Context(), alice, "", now) },
	} {
		t.Run(name, func(t *testing.T) {
			r, read := proven(t, item{"factorTrustedAt": 17.0, "factorKind": "sms"})
			must(t, change(r))
			stored := lambdatest.StoredProof(t, r.name, alice)
			wantConditionFailed(t, r.Seal(t.Context(), read, "totp", now))
			wantConditionFailed(t, r.Suspend(t.Context(), read, now))
			r.want(t, alice, stored)
		})
	}
}

func TestSuspensionFailsOnceTheProofHasExpired(t *testing.T) {
	r, read := proven(t, nil)
	stored := lambdatest.StoredProof(t, r.name, alice)
	for _, after := range []time.Duration{900 * time.Second, 901 * time.Second} {
		wantConditionFailed(t, r.Suspend(t.Context(), read, now.Add(after)))
	}
	r.want(t, alice, stored)
	must(t, r.Suspend(t.Context(), read, now.Add(899*time.Second)))
}

// A token that suspends the trust while another sign-in is about to seal it could replace the factor which that sign-in
// has answered already.
func TestSealFailsIfTheTrustIsSuspendedMeanwhile(t *testing.T) {
	for name, before := range map[string]item{
		"anew":               {"factorTrustedAt": 17.0, "factorKind": "sms", "factorSuspendedAt": 18.0},
		"for the first time": {},
	} {
		t.Run(name, func(t *testing.T) {
			r, read := proven(t, before)
			must(t, r.Suspend(t.Context(), read, now))
			stored := lambdatest.StoredProof(t, r.name, alice)
			wantConditionFailed(t, r.Seal(t.Context(), read, "totp", now))
			r.want(t, alice, stored)
			must(t, r.Seal(t.Context(), r.read(t, alice), "totp", now))
		})
	}
}
