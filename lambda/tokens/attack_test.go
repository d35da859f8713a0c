package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/mfa"
)

// TestEnrolmentFromSignUpToPurchase follows an honest customer; the tests below try attacks.
func TestEnrolmentFromSignUpToPurchase(t *testing.T) {
	b := newRig(t)
	b.records(t, alice, challenge)
	wantChanges(t, "settings", b.settingsOf(t, alice, verifier), toSet)
	b.enrolled(withTOTP)
	wantChanges(t, "before the seal", b.stepUp(t, alice, ""), stripped)
	b.later(time.Minute)
	wantChanges(t, "seal", b.stepUp(t, alice, verifier), toBuy)
	b.wantStored(t, alice, sealed(1_800_000_060, "totp"))
	b.later(24 * time.Hour)
	wantChanges(t, "next day", b.stepUp(t, alice, ""), toBuy)
}

func TestVerifierIsSpentByTheSeal(t *testing.T) {
	b := rigOf(t, withTOTP, proven(suspended))
	wantChanges(t, "seal", b.stepUp(t, alice, verifier), toBuy)
	b.later(time.Second)
	wantChanges(t, "settings by the verifier that is spent", b.settingsOf(t, alice, verifier), stripped)
	wantChanges(t, "step-up, which needs none any more", b.stepUp(t, alice, verifier), toBuy)
	b.wantStored(t, alice, sealed(1_800_000_000, "totp"))
	b.knows(t, alice, item{})
	wantChanges(t, "seal after support has reset the factor", b.stepUp(t, alice, verifier), stripped)
}

func TestVerifierOfAnotherCustomerProvesNothing(t *testing.T) {
	b := newRig(t)
	b.enrolled(withTOTP)
	b.records(t, alice, challenge)
	b.records(t, bob, anotherOne)
	for _, verifiers := range []map[person]string{{alice: anotherVerifier, bob: verifier}, {alice: "", bob: ""}} {
		for who, given := range verifiers {
			wantChanges(t, "settings of "+who.name, b.settingsOf(t, who, given), stripped)
			wantChanges(t, "step-up of "+who.name, b.stepUp(t, who, given), stripped)
		}
	}
	wantChanges(t, "settings by the own verifier", b.settingsOf(t, bob, anotherVerifier), toSet)
	if b.trust(t, alice).Suspended() || !b.trust(t, bob).Suspended() {
		t.Error("another's trust was suspended")
	}
}

func TestProofExpiresToTheSecond(t *testing.T) {
	for after, counts := range map[time.Duration]bool{
		899 * time.Second: true, 900*time.Second - time.Nanosecond: true,
		900 * time.Second: false, 901 * time.Second: false,
	} {
		for name, test := range map[string]struct {
			signIn func(*rig) changes
			proven changes
		}{
			"settings": {func(b *rig) changes { return b.settingsOf(t, alice, verifier) }, toSet},
			"step-up":  {func(b *rig) changes { return b.stepUp(t, alice, verifier) }, toBuy},
		} {
			b := newRig(t)
			b.enrolled(withTOTP)
			b.records(t, alice, challenge)
			b.later(after)
			want := stripped
			if counts {
				want = test.proven
			}
			wantChanges(t, fmt.Sprint(name, " after ", after), test.signIn(b), want)
			if !counts {
				b.wantStored(t, alice, proven(unknown))
			}
		}
	}
}

func TestAccountTokenSuspendsTheTrustUntilTheNextSeal(t *testing.T) {
	b := rigOf(t, withTOTP, proven(trusted))
	wantChanges(t, "before", b.stepUp(t, alice, ""), toBuy)
	wantChanges(t, "settings", b.settingsOf(t, alice, verifier), toSet)
	wantChanges(t, "after", b.stepUp(t, alice, ""), stripped)
	wantChanges(t, "with another verifier", b.stepUp(t, alice, anotherVerifier), stripped)
	b.later(899 * time.Second)
	wantChanges(t, "seal", b.stepUp(t, alice, verifier), toBuy)
	wantChanges(t, "after the seal", b.stepUp(t, alice, ""), toBuy)
}

func TestSecondAccountTokenSuspendsAgain(t *testing.T) {
	b := rigOf(t, withTOTP, proven(trusted))
	for range 2 {
		wantChanges(t, "settings", b.settingsOf(t, alice, verifier), toSet)
		b.later(time.Minute)
	}
	b.wantStored(t, alice, merged(proven(trusted), item{"factorSuspendedAt": 1_800_000_060.0}))
	// The proof has expired, so a new one is needed.
	b.later(time.Hour)
	wantChanges(t, "third", b.settingsOf(t, alice, verifier), stripped)
	wantChanges(t, "step-up", b.stepUp(t, alice, verifier), stripped)
	b.records(t, alice, anotherOne)
	wantChanges(t, "step-up with the new proof", b.stepUp(t, alice, anotherVerifier), toBuy)
}

func TestOnlyAStepUpWithAFactorSeals(t *testing.T) {
	for _, test := range signIns {
		if test.client == stepUpID && test.source == authentication && test.user.isAsked() {
			continue
		}
		b := rigOf(t, test.user, proven(suspended))
		b.sign(t, with(from(t, test.client, test.source), verifier))
		if !b.trust(t, alice).Suspended() {
			t.Errorf("sealed by %+v", test)
		}
	}
}

// Where factors are required and a stage stops offering one kind, a thief who knows the password can set up the other.
func TestTrustInOneKindOfFactorIsNotTrustInAnother(t *testing.T) {
	b := rigOf(t, withSMS, proven(unknown))
	wantChanges(t, "seal by SMS", b.stepUp(t, alice, verifier), toBuy)
	b.offered = []mfa.Factor{mfa.TOTP}
	b.enrolled(withTOTP)
	wantChanges(t, "TOTP of the thief", b.stepUp(t, alice, ""), stripped)
	b.wantStored(t, alice, sealed(1_800_000_000, "sms"))
	b.records(t, alice, anotherOne)
	wantChanges(t, "TOTP of the owner", b.stepUp(t, alice, anotherVerifier), toBuy)
	b.wantStored(t, alice, sealed(1_800_000_000, "totp"))
}

// A reset replaces the challenge; the sign-in that compared the one before must neither seal nor open the settings.
func TestResetBetweenReadAndWriteFailsTheSignIn(t *testing.T) {
	for name, client := range map[string]string{"seal": stepUpID, "suspension": accountID} {
		for _, replaced := range []string{anotherOne, ""} {
			t.Run(name, func(t *testing.T) {
				b := rigOf(t, withTOTP, proven(suspended))
				var after item
				b.dynamo.meanwhile(func() {
					b.dynamo.meanwhile(nil)
					b.records(t, alice, replaced)
					after = merged(suspended)
					if replaced != "" {
						after = merged(suspended, item{"proofChallenge": replaced, "proofExpiresAt": 1_800_000_900.0})
					}
				})
				b.wantFailure(t, string(encode(t, with(from(t, client, authentication), verifier))),
					"ConditionalCheckFailedException", "DynamoDB UpdateItem")
				b.wantStored(t, alice, after)
			})
		}
	}
}

// The Account token, for which the trust is suspended, could replace the factor that the other sign-in has already
// answered.
func TestSettingsOpenedBetweenReadAndSealFailTheSeal(t *testing.T) {
	for name, before := range map[string]item{"again": suspended, "for the first time": unknown} {
		t.Run(name, func(t *testing.T) {
			b := rigOf(t, withTOTP, proven(before))
			b.dynamo.meanwhile(func() {
				b.dynamo.meanwhile(nil)
				wantChanges(t, "settings", b.settingsOf(t, alice, verifier), toSet)
			})
			b.written.Reset()
			answer, err := b.Invoke(t.Context(), encode(t, with(from(t, stepUpID, authentication), verifier)))
			if answer != nil || err == nil {
				t.Errorf("answer %s, error %v; want the sign-in to fail", answer, err)
			}
			b.wantStored(t, alice, merged(proven(before), item{"factorSuspendedAt": 1_800_000_000.0}))
		})
	}
}

func TestProofThatExpiresBetweenReadAndWriteOpensNoSettings(t *testing.T) {
	b := newRig(t)
	b.knows(t, alice, proven(trusted))
	b.later(899 * time.Second)
	readings := 0
	b.now = func() time.Time {
		readings++
		return b.clock.now().Add(time.Duration(readings-1) * time.Second)
	}
	b.wantFailure(t, string(encode(t, with(from(t, accountID, authentication), verifier))),
		"ConditionalCheckFailedException", "DynamoDB UpdateItem")
	b.wantStored(t, alice, proven(trusted))
}

// The spent verifier is of no use to a second seal at the same time: one of two that have both read the proof fails.
func TestSealHappensOnce(t *testing.T) {
	b := rigOf(t, withTOTP, proven(unknown))
	b.dynamo.meanwhile(func() {
		b.dynamo.meanwhile(nil)
		wantChanges(t, "first", b.stepUp(t, alice, verifier), toBuy)
	})
	event := encode(t, with(from(t, stepUpID, authentication), verifier))
	if answer, err := b.Invoke(t.Context(), event); err == nil {
		t.Errorf("second: answer %s, want the sign-in to fail", answer)
	}
	b.wantStored(t, alice, sealed(1_800_000_000, "totp"))
}

// Cognito may send an event again. The data written for the first event decides.
func TestEventThatComesAgainIsAnsweredAlike(t *testing.T) {
	b := rigOf(t, withTOTP, proven(trusted))
	for range 3 {
		wantChanges(t, "settings", b.settingsOf(t, alice, verifier), toSet)
	}
	for range 3 {
		wantChanges(t, "step-up", b.stepUp(t, alice, verifier), toBuy)
	}
}

func TestUserNamesGiveNoPermissions(t *testing.T) {
	for _, who := range []person{robot, bob} {
		b := newRig(t)
		b.knows(t, who, proven(unknown))
		wantChanges(t, who.name+" without a factor", b.stepUp(t, who, verifier), stripped)
		b.enrolled(withTOTP)
		wantChanges(t, who.name+" without a verifier", b.stepUp(t, who, ""), stripped)
		wantChanges(t, who.name+" opens settings without", b.settingsOf(t, who, ""), stripped)
		wantChanges(t, who.name+" seals", b.stepUp(t, who, verifier), toBuy)
		b.wantStored(t, who, sealed(1_800_000_000, "totp"))
		b.wantStored(t, alice, nil)
	}
}
