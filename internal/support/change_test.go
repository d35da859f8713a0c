package support_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/mfa"
)

// jane is the customer of the stage.
func jane(t *testing.T, stage *supporttest.Fake) support.Customer {
	t.Helper()
	found, err := stage.Desk().Find(t.Context(), supporttest.Email)
	if err != nil {
		t.Fatal(err)
	}
	stage.Calls = nil
	return found
}

func TestEachChangeDoesOneThing(t *testing.T) {
	for name, change := range map[string]struct {
		do    func(*support.Desk, context.Context, support.Customer) error
		calls []string
		fits  func(*supporttest.User) bool
	}{
		"sign-out": {(*support.Desk).SignOut, []string{"AdminUserGlobalSignOut"}, func(u *supporttest.User) bool {
			return !u.SignedIn && u.Enabled
		}},
		"disable": {(*support.Desk).Disable, []string{"AdminDisableUser"}, func(u *supporttest.User) bool {
			return !u.Enabled
		}},
		"enable": {(*support.Desk).Enable, []string{"AdminEnableUser"}, func(u *supporttest.User) bool {
			return u.Enabled
		}},
	} {
		stage := supporttest.New()
		customer := jane(t, stage)
		if name == "enable" {
			stage.Users[supporttest.Sub].Enabled = false
		}
		for range 2 { // doing it twice is the same as once
			stage.Calls = nil
			if err := change.do(stage.Desk(), t.Context(), customer); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if !slices.Equal(stage.Calls, change.calls) || !change.fits(stage.Users[supporttest.Sub]) {
				t.Errorf("%s: called %v, and the account is %+v", name, stage.Calls, stage.Users[supporttest.Sub])
			}
		}
		if other := stage.Users[supporttest.Other]; !other.Enabled || !other.SignedIn {
			t.Errorf("%s: somebody else was changed: %+v", name, other)
		}
	}
}

func TestShowSaysWhetherTheFactorIsSealed(t *testing.T) {
	for want, arrange := range map[string]func(*supporttest.Fake){
		"sealed": func(*supporttest.Fake) {},
		"suspended": func(s *supporttest.Fake) {
			s.Tables["Proofs"][supporttest.Sub][contract.FactorSuspendedAt] = supporttest.N("1700000500")
		},
		"unsealed": func(s *supporttest.Fake) { delete(s.Tables["Proofs"], supporttest.Sub) },
		"none":     func(s *supporttest.Fake) { s.Users[supporttest.Sub].Factors = nil },
		// The authenticator was sealed; the customer has enrolled the phone since.
		"unsealed, for another kind": func(s *supporttest.Fake) { s.Users[supporttest.Sub].Factors = []string{"SMS_MFA"} },
		// Cognito asks for no code, so the token trigger grants nothing.
		"none, the preferred is not active": func(s *supporttest.Fake) {
			user := s.Users[supporttest.Sub]
			user.Factors, user.Preferred = []string{"SMS_MFA"}, "SOFTWARE_TOKEN_MFA"
		},
		"none, a code by e-mail": func(s *supporttest.Fake) { s.Users[supporttest.Sub].Factors = []string{"EMAIL_OTP"} },
		"none, not offered":      func(s *supporttest.Fake) { s.Offers = []mfa.Factor{mfa.SMS} },
	} {
		stage := supporttest.New()
		arrange(stage)
		state, err := stage.Desk().Show(t.Context(), jane(t, stage))
		if err != nil || state.Factor != strings.Split(want, ",")[0] {
			t.Errorf("want %s, got %+v, %v", want, state, err)
		}
		if want == "sealed" &&
			(state.Proofs.FactorTrustedAt.Unix() != 1_700_000_000 || state.Proofs.ProofExpiresAt.Unix() != 1_700_000_900) {
			t.Errorf("times are %+v", state.Proofs)
		}
	}
}

// stops are the ways in which a change can end in the middle: a call without effect, a lost response, Ctrl-C.
var stops = map[string]func(cancel func()) supporttest.Stop{
	"refused": func(func()) supporttest.Stop {
		return supporttest.Stop{Before: supporttest.APIError("InternalErrorException")}
	},
	"lost":   func(func()) supporttest.Stop { return supporttest.Stop{After: errors.New("connection reset")} },
	"Ctrl-C": func(cancel func()) supporttest.Stop { cancel(); return supporttest.Stop{After: context.Canceled} },
}

// everyStop runs a change on new stages, each stopped one call later, until the change completes. It passes each
// stopped stage to then, and returns their number.
func everyStop(
	t *testing.T, do func(context.Context, *supporttest.Fake) error, then func(t *testing.T, stage *supporttest.Fake),
) int {
	t.Helper()
	stopped := 0
	for name, stop := range stops {
		for at := 1; ; at++ {
			stage := supporttest.New()
			ctx, cancel := context.WithCancel(t.Context())
			reached := false
			stage.Stop = func(call int, _ string) supporttest.Stop {
				if call != at {
					return supporttest.Stop{}
				}
				reached = true
				return stop(cancel)
			}
			err := do(ctx, stage)
			cancel()
			if !reached {
				break
			}
			stopped++
			call := stage.Calls[at-1]
			if err == nil {
				t.Errorf("%s at %d (%s) was not noticed", name, at, call)
				continue
			}
			if sentence := support.Explain(err); strings.Contains(sentence, "\n") ||
				strings.HasPrefix(call, "Admin") && !strings.Contains(sentence, "the same command again") &&
					call != "AdminGetUser" {
				t.Errorf("%s at %d (%s) is explained as %q", name, at, call, sentence)
			}
			stage.Stop, stage.Calls = nil, nil
			then(t, stage)
			if t.Failed() {
				t.Fatalf("%s at %d (%s)", name, at, call)
			}
		}
	}
	return stopped
}
