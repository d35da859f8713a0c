package support_test

import (
	"context"
	"strings"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
	"github.com/securecart/identity/lambda/contract"
)

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
			t.Error("trust without a factor: the next factor would inherit it, also one that a thief enrols")
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
			stage.Refuse(operation, refusal)
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
		wantNoChange(t, stage)
	}
}
