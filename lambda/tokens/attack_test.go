package main

import (
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
				b.Before = func(_ int, call string) string {
					if call != "UpdateItem" {
						return ""
					}
					b.Before = nil
					b.records(t, alice, replaced)
					after = merged(suspended)
					if replaced != "" {
						after = merged(suspended, item{"proofChallenge": replaced, "proofExpiresAt": 1_800_000_900.0})
					}
					return ""
				}
				b.wantFailure(t, string(encode(t, with(from(t, client, authentication), verifier))),
					"ConditionalCheckFailedException", "DynamoDB UpdateItem")
				b.wantStored(t, alice, after)
			})
		}
	}
}
