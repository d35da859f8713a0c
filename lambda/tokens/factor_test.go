package main

import (
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/mfa"
)

// TestFactorThatThePoolNoLongerAsksForDoesNotCount: a preference remains after the pool stops offering the factor, but
// Cognito then asks for none.
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
		offered, err := mfa.Read(c.offered)
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
	b := newRig(t) // with it, the factors are all that is wrong
	t.Setenv("CLIENTS_PARAMETER", parameter)
	t.Setenv("PROOFS_TABLE", b.table)
	for _, text := range []string{"EmailCode", "totp", "TOTP,", "TOTP,SMS,Passkey"} {
		t.Setenv("SECOND_FACTORS", text)
		var env function.Environment
		build(&env, slog.New(slog.DiscardHandler))
		want := `SECOND_FACTORS must be TOTP, SMS, both or empty, got "` + text + `"`
		if err := env.Err(); err == nil || err.Error() != want {
			t.Errorf("%q: Err() = %v; a misspelt setting must not pass for another", text, err)
		}
	}
}
