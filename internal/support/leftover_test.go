package support_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
	"github.com/securecart/identity/lambda/contract"
)

func TestDataOfADeletedAccountIsErasedByItsSub(t *testing.T) {
	stage := supporttest.New()
	delete(stage.Users, supporttest.Sub) // the customer was quicker
	google := []support.Identity{{Provider: supporttest.Provider, Subject: supporttest.Subject}}
	subject, err := stage.Desk().FindSubject(t.Context(), supporttest.Sub, google)
	if err != nil || subject.Account != nil {
		t.Fatalf("%+v, %v", subject, err)
	}
	stage.Calls = nil
	wantErased(t, stage, subject)
	for _, call := range stage.Calls {
		if strings.HasPrefix(call, "Admin") {
			t.Errorf("%s was called, and there is no account", call)
		}
	}
}

func TestASubWithAnAccountIsErasedWithIt(t *testing.T) {
	stage := supporttest.New()
	subject, err := stage.Desk().FindSubject(t.Context(), supporttest.Sub, nil)
	if err != nil || subject.Account == nil || len(subject.Identities) != 1 {
		t.Fatalf("%+v, %v", subject, err)
	}
	wantErased(t, stage, subject)
}

// TestFurtherIdentitiesAreErased: a record is left if the account was disconnected from its provider.
func TestFurtherIdentitiesAreErased(t *testing.T) {
	stage := supporttest.New()
	delete(stage.Users[supporttest.Sub].Attributes, "identities")
	google := []support.Identity{{Provider: supporttest.Provider, Subject: supporttest.Subject}}
	subject, err := stage.Desk().FindSubject(t.Context(), supporttest.Sub, google)
	if err != nil || subject.Account == nil {
		t.Fatalf("%+v, %v", subject, err)
	}
	wantErased(t, stage, subject)
}

func TestOnlyASubIsASub(t *testing.T) {
	for _, sub := range []string{
		"", "/", "unconfirmed-removals", strings.ToUpper(supporttest.Sub), supporttest.Sub + "/..", supporttest.Sub + "\n",
	} {
		stage := supporttest.New()
		if _, err := stage.Desk().FindSubject(t.Context(), sub, nil); err == nil {
			t.Errorf("%q was taken for a sub", sub)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("documents of %q were asked for", sub)
				}
			}()
			_, _ = stage.Desk().Held(t.Context(), support.Subject{Sub: sub})
		}()
		wantNoChange(t, stage)
	}
}

// TestAnIdentityThatAnotherAccountConnectedStays: the customer had disconnected it, and another account has it now.
func TestAnIdentityThatAnotherAccountConnectedStays(t *testing.T) {
	stage := supporttest.New()
	link := contract.LinkedIdentity + supporttest.Provider + "#" + supporttest.Subject
	stage.Tables["Links"][link][contract.CustomerID] = supporttest.S(supporttest.Other)
	held, err := stage.Desk().Held(t.Context(), support.SubjectOf(jane(t, stage)))
	if err != nil || slices.Contains(held.Links, link) {
		t.Errorf("%v (%v) are said to be removed", held.Links, err)
	}
	if err := eraseOnce(t.Context(), stage); err != nil {
		t.Fatal(err)
	}
	if stage.Tables["Links"][link] == nil {
		t.Error("somebody else's connection was removed")
	}
}

// TestEraseContinuesIfTheCustomerDeletesTheAccountMeanwhile: AWS then returns UserNotFoundException.
func TestEraseContinuesIfTheCustomerDeletesTheAccountMeanwhile(t *testing.T) {
	for _, operation := range []string{"AdminDisableUser", "AdminUserGlobalSignOut", "AdminDeleteUser"} {
		stage := supporttest.New()
		customer := jane(t, stage)
		stage.Stop = func(_ int, called string) supporttest.Stop {
			if called == operation {
				delete(stage.Users, supporttest.Sub)
			}
			return supporttest.Stop{}
		}
		if err := stage.Desk().Erase(t.Context(), support.SubjectOf(customer)); err != nil {
			t.Errorf("before %s: %v", operation, err)
		}
		wantLeft(t, stage, supporttest.Sub, stay)
	}
}

func TestErasingAProvidersAccountNeedsNoAddress(t *testing.T) {
	stage := supporttest.New()
	user := stage.Users[supporttest.Sub]
	federate(user, "true")
	delete(user.Attributes, "email")
	subject, err := stage.Desk().FindSubject(t.Context(), supporttest.Sub, nil)
	if err != nil || subject.Account == nil || !subject.Account.Federated() {
		t.Fatalf("%+v, %v", subject, err)
	}
	wantErased(t, stage, subject)
}
