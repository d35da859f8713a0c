package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFactorThatThePoolNoLongerAsksForDoesNotCount: a preference outlives a change
// of the pool, after which Cognito asks for nothing.
func TestFactorThatThePoolNoLongerAsksForDoesNotCount(t *testing.T) {
	for _, c := range []struct {
		offered string
		user    user
		want    changes
	}{
		{"TOTP,SMS", withTOTP, toBuy},
		{"TOTP,SMS", withSMS, toBuy},
		{"TOTP", withTOTP, toBuy},
		{"TOTP", withSMS, stripped},
		{"SMS", withSMS, toBuy},
		{"SMS", withTOTP, stripped},
		{"", withTOTP, stripped},
		{"", withSMS, stripped},
		{"", user{}, stripped},
		{"TOTP", user{}, stripped},
	} {
		b := newRig(t)
		offered, err := readFactors(c.offered)
		if err != nil {
			t.Fatal(err)
		}
		b.offered = offered
		b.enrolled(c.user)
		b.knows(t, alice, proven(unknown))
		if diff := cmp.Diff(c.want, b.sign(t, with(from(t, stepUpID, authentication), verifier))); diff != "" {
			t.Errorf("pool asks for %q, user has %v (-want +got)\n%s", c.offered, c.user, diff)
		}
	}
}

func TestUnknownFactorsStopTheFunction(t *testing.T) {
	for _, text := range []string{"totp", "EmailCode", "TOTP,", ",SMS", "TOTP SMS", "TOTP,SMS,Passkey"} {
		if got, err := readFactors(text); err == nil {
			t.Errorf("readFactors(%q) = %v: a misspelt setting must not pass for another", text, got)
		}
	}
}
