package support_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

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

func TestResetFactorLeavesNeitherFactorNorTrustNorSession(t *testing.T) {
	for _, factors := range [][]string{{"SOFTWARE_TOKEN_MFA"}, {"SMS_MFA"}, {"SMS_MFA", "SOFTWARE_TOKEN_MFA"}, nil} {
		stage := supporttest.New()
		stage.Users[supporttest.Sub].Factors = factors
		for range 2 {
			if err := stage.Desk().ResetFactor(t.Context(), jane(t, stage)); err != nil {
				t.Fatalf("%v: %v", factors, err)
			}
		}
		user := stage.Users[supporttest.Sub]
		if len(user.Factors) > 0 || user.SignedIn || stage.Tables["Proofs"][supporttest.Sub] != nil {
			t.Errorf("%v: left %+v, %v", factors, user, stage.Tables["Proofs"])
		}
		if !user.Enabled || stage.Tables["Customers"][supporttest.Sub] == nil ||
			stage.Tables["Proofs"][supporttest.Other] == nil {
			t.Errorf("%v: more was removed than the factor", factors)
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
	t *testing.T,
	do func(context.Context, *supporttest.Fake) error,
	then func(t *testing.T, stage *supporttest.Fake),
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

func TestResetFactorFinishesAfterAnyStop(t *testing.T) {
	reset := func(ctx context.Context, stage *supporttest.Fake) error {
		customer, err := stage.Desk().Find(ctx, supporttest.Email)
		if err != nil {
			return err
		}
		return stage.Desk().ResetFactor(ctx, customer)
	}
	stopped := everyStop(t, reset, func(t *testing.T, stage *supporttest.Fake) {
		user, proof := stage.Users[supporttest.Sub], stage.Tables["Proofs"][supporttest.Sub]
		if len(user.Factors) == 0 && proof[contract.FactorTrustedAt] != nil {
			t.Error("trust without a factor: the next factor would inherit it, whoever enrols it")
		}
		if proof == nil && user.SignedIn {
			t.Error("a session with the settings' power could enrol in between")
		}
		if err := reset(t.Context(), stage); err != nil {
			t.Errorf("the second run: %v", err)
		}
		if len(user.Factors) > 0 || user.SignedIn || stage.Tables["Proofs"][supporttest.Sub] != nil {
			t.Errorf("the second run left %+v, %v", user, stage.Tables["Proofs"])
		}
	})
	if stopped < 3*8 {
		t.Errorf("%d stops were tried, want those at each of 8 calls or more", stopped)
	}
}

func TestResetFactorSaysWhenCognitoKeepsTheFactor(t *testing.T) {
	stage := supporttest.New()
	stage.Users[supporttest.Sub].KeepsFactors = true
	err := stage.Desk().ResetFactor(t.Context(), jane(t, stage))
	if err == nil || support.Explain(err) != "Cognito still lists the second factor SOFTWARE_TOKEN_MFA; run it again" {
		t.Errorf("got %v", err)
	}
}

// Where MFA is required, Cognito may refuse to switch it off. Only a remaining factor is a failure.
func TestResetFactorTakesARefusalIfNoFactorIsLeft(t *testing.T) {
	for _, refusal := range []error{&cognito.InvalidParameterException{}, &cognito.SoftwareTokenMFANotFoundException{}} {
		for _, operation := range []string{"AdminSetUserMFAPreference", "AdminDeleteSoftwareToken"} {
			stage := supporttest.New()
			stage.Stop = func(_ int, called string) supporttest.Stop {
				if called == operation {
					return supporttest.Stop{Before: refusal}
				}
				return supporttest.Stop{}
			}
			if err := stage.Desk().ResetFactor(t.Context(), jane(t, stage)); err != nil {
				t.Errorf("%s refused, and no factor is left: %v", operation, err)
			}
			if len(stage.Users[supporttest.Sub].Factors) > 0 {
				t.Errorf("%s refused: the other one was not tried", operation)
			}
		}
	}
}

// The customer has only a phone number: a refusal for the authenticator must not keep the number.
func TestResetFactorRemovesANumberAlthoughThereIsNoAuthenticator(t *testing.T) {
	for _, refusal := range []error{&cognito.InvalidParameterException{}, &cognito.SoftwareTokenMFANotFoundException{}} {
		stage := supporttest.New()
		stage.Users[supporttest.Sub].Factors = []string{"SMS_MFA"}
		preferences := 0
		stage.Stop = func(_ int, called string) supporttest.Stop {
			if called == "AdminSetUserMFAPreference" {
				preferences++
			}
			if called == "AdminDeleteSoftwareToken" || called == "AdminSetUserMFAPreference" && preferences == 1 {
				return supporttest.Stop{Before: refusal}
			}
			return supporttest.Stop{}
		}
		err := stage.Desk().ResetFactor(t.Context(), jane(t, stage))
		if left := stage.Users[supporttest.Sub].Factors; err != nil || len(left) > 0 {
			t.Errorf("%T: left %v, error %v", refusal, left, err)
		}
	}
}

// An account with a password is reported to have the status EXTERNAL_PROVIDER once a provider is connected.
func TestResetFactorServesACustomerWithAConnectedProvider(t *testing.T) {
	stage := supporttest.New()
	stage.Users[supporttest.Sub].Status = cognito.UserStatusTypeExternalProvider
	customer, err := stage.Desk().Find(t.Context(), supporttest.Sub)
	if err != nil {
		t.Fatal(err)
	}
	if err := stage.Desk().ResetFactor(t.Context(), customer); err != nil {
		t.Error(err)
	}
	if user := stage.Users[supporttest.Sub]; len(user.Factors) > 0 || user.SignedIn {
		t.Errorf("left %+v", user)
	}
}

// federate makes the account a provider's profile. Cognito writes the boolean in two ways.
func federate(user *supporttest.User, primary string) {
	user.Status = cognito.UserStatusTypeExternalProvider
	identities := user.Attributes["identities"]
	user.Attributes["identities"] = strings.Replace(identities, `"primary":false`, `"primary":`+primary, 1)
}

func TestResetFactorIsRefusedForAProvidersAccount(t *testing.T) {
	for _, primary := range []string{"true", `"true"`} {
		refusedForProvider(t, primary)
	}
}

func refusedForProvider(t *testing.T, primary string) {
	t.Helper()
	stage := supporttest.New()
	federate(stage.Users[supporttest.Sub], primary)
	customer, err := stage.Desk().Find(t.Context(), supporttest.Sub)
	if err != nil {
		t.Fatal(err)
	}
	err = stage.Desk().ResetFactor(t.Context(), customer)
	if err == nil ||
		support.Explain(err) != "the customer signs in with Google, where the second factor is; there is none here" {
		t.Errorf("got %v", err)
	}
	if changes := stage.Changes(); len(changes) > 0 {
		t.Errorf("it was refused, and did %v", changes)
	}
}
