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
		{"TOTP,SMS", withTOTP, all},
		{"TOTP,SMS", withSMS, all},
		{"TOTP", withTOTP, all},
		{"TOTP", withSMS, toEnrol},
		{"SMS", withSMS, all},
		{"SMS", withTOTP, toEnrol},
		{"", withTOTP, toEnrol},
		{"", withSMS, toEnrol},
		{"", user{}, toEnrol},
		{"TOTP", user{}, toEnrol},
	} {
		b := newRig(t)
		offered, err := readFactors(c.offered)
		if err != nil {
			t.Fatal(err)
		}
		b.offered = offered
		b.enrolled(c.user)
		if diff := cmp.Diff(c.want, b.sign(t, from(t, stepUpID, authentication))); diff != "" {
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
