package support_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

// stay is the remaining data of an erased customer: orders.
var stay = []string{
	"Orders " + supporttest.Sub + "/o1",
	"Orders " + supporttest.Sub + "/o2",
	"Orders " + supporttest.Sub + "/o3",
}

// wantLeft checks what the stage still has of a customer.
func wantLeft(t *testing.T, stage *supporttest.Fake, sub string, want []string) {
	t.Helper()
	if left := stage.Left(sub); !slices.Equal(left, want) {
		t.Errorf("left of %s: %v\nwant %v", sub, left, want)
	}
}

// wantErased erases a customer, of whom only the orders may stay.
func wantErased(t *testing.T, stage *supporttest.Fake, subject support.Subject) {
	t.Helper()
	if err := stage.Desk().Erase(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	wantLeft(t, stage, supporttest.Sub, stay)
}

// wantNoChange checks that looking, or a refusal, has changed nothing.
func wantNoChange(t *testing.T, stage *supporttest.Fake) {
	t.Helper()
	if changes := stage.Changes(); len(changes) > 0 {
		t.Errorf("did %v, want no change", changes)
	}
}

// eraseOnce does what the command does: it finds the customer, or continues with the remaining data if the account is
// gone.
func eraseOnce(ctx context.Context, stage *supporttest.Fake) error {
	customer, err := stage.Desk().Find(ctx, supporttest.Email)
	if missing := new(support.NotFound); errors.As(err, &missing) {
		subject, err := stage.Desk().FindSubject(ctx, supporttest.Sub, nil)
		if err != nil {
			return err
		}
		return stage.Desk().Erase(ctx, subject)
	}
	if err != nil {
		return err
	}
	return stage.Desk().Erase(ctx, support.SubjectOf(customer))
}

func TestEraseLeavesOrdersAndEverybodyElse(t *testing.T) {
	stage := supporttest.New()
	others := stage.Left(supporttest.Other)
	for range 2 { // idempotent
		if err := eraseOnce(t.Context(), stage); err != nil {
			t.Fatal(err)
		}
		wantLeft(t, stage, supporttest.Sub, stay)
		wantLeft(t, stage, supporttest.Other, others)
	}
}

func TestEraseDisablesFirstAndDeletesTheAccountLast(t *testing.T) {
	stage := supporttest.New()
	if err := eraseOnce(t.Context(), stage); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"AdminDisableUser", "AdminUserGlobalSignOut", "DeleteObject", "DeleteObject", "DeleteObject", "DeleteObject",
		"DeleteItem Customers", "DeleteItem Links", "DeleteItem Links", "DeleteItem Proofs", "AdminDeleteUser",
	}
	if got := stage.Changes(); !slices.Equal(got, want) {
		t.Errorf("did %v\nwant %v", got, want)
	}
}

func TestEraseFinishesAfterAnyStop(t *testing.T) {
	others := supporttest.New().Left(supporttest.Other)
	stopped := everyStop(t, eraseOnce, func(t *testing.T, stage *supporttest.Fake) {
		account := stage.Users[supporttest.Sub]
		if left := stage.Left(supporttest.Sub); account == nil && !slices.Equal(left, stay) {
			t.Errorf("the account is gone, and the rest can be found by nobody: %v", left)
		}
		if account != nil && account.Enabled &&
			!slices.Equal(stage.Left(supporttest.Sub), supporttest.New().Left(supporttest.Sub)) {
			t.Error("something was removed while the customer could still sign in and make it anew")
		}
		if err := eraseOnce(t.Context(), stage); err != nil {
			t.Errorf("the second run: %v", err)
		}
		wantLeft(t, stage, supporttest.Sub, stay)
		wantLeft(t, stage, supporttest.Other, others)
	})
	if stopped < 3*15 {
		t.Errorf("%d stops were tried, want those at each of 15 calls or more", stopped)
	}
}

func TestHeldIsWhatEraseRemoves(t *testing.T) {
	stage := supporttest.New()
	held, err := stage.Desk().Held(t.Context(), support.SubjectOf(jane(t, stage)))
	if err != nil {
		t.Fatal(err)
	}
	links := []string{"identity#Google#1234567890", "customer#" + supporttest.Sub}
	if !held.Account || !held.Profile || !held.PaymentMethod || !held.Proofs || held.Documents != 4 || held.Orders != 3 ||
		held.Email != supporttest.Email || !slices.Equal(held.Links, links) || held.Empty() {
		t.Errorf("held is %+v", held)
	}
	wantNoChange(t, stage)
	if err := eraseOnce(t.Context(), stage); err != nil {
		t.Fatal(err)
	}
	subject, err := stage.Desk().FindSubject(t.Context(), supporttest.Sub, nil)
	if err != nil {
		t.Fatal(err)
	}
	if held, err = stage.Desk().Held(t.Context(), subject); err != nil || !held.Empty() || held.Orders != 3 {
		t.Errorf("after erasing %+v is held (%v)", held, err)
	}
}

// TestEveryKindOfHoldingCounts: a kind that Empty forgot would not be reported, and stay.
func TestEveryKindOfHoldingCounts(t *testing.T) {
	for name, h := range map[string]support.Holding{
		"account": {Account: true}, "profile": {Profile: true}, "payment method": {PaymentMethod: true},
		"proofs": {Proofs: true},
		"links":  {Links: []string{"customer#"}}, "documents": {Documents: 1},
	} {
		if h.Empty() {
			t.Errorf("a holding of %s alone is called empty", name)
		}
	}
	if !(support.Holding{Sub: supporttest.Sub, Orders: 3}).Empty() {
		t.Error("orders stay, so they are no holding to remove")
	}
}

func TestAfterCtrlCNoStepBegins(t *testing.T) {
	stage := supporttest.New()
	customer, desk := jane(t, stage), stage.Desk()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told []string
	desk.Progress = func(doing string) { told = append(told, doing) }
	stage.Stop = func(_ int, operation string) supporttest.Stop {
		if operation == "AdminDisableUser" {
			cancel() // it is answered all the same
		}
		return supporttest.Stop{}
	}
	err := desk.Erase(ctx, support.SubjectOf(customer))
	want := "interrupted while signing out everywhere; the same command again does what is left"
	if err == nil || support.Explain(err) != want || !slices.Equal(told, []string{"disabling the account"}) {
		t.Errorf("%v, and it went on with %v", support.Explain(err), told)
	}
}

func TestProgressIsToldEveryStep(t *testing.T) {
	stage, told := supporttest.New(), map[string]bool{}
	desk := stage.Desk()
	desk.Progress = func(doing string) { told[doing] = true }
	if err := desk.Erase(t.Context(), support.SubjectOf(jane(t, stage))); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"disabling the account", "signing out everywhere", "deleting documents (1 of 4)", "deleting documents (4 of 4)",
		"deleting profile and payment method", "deleting connected providers",
		"removing proofs and trust", "deleting the account",
	} {
		if !told[want] {
			t.Errorf("%q was not told; there are %v", want, slices.Sorted(maps.Keys(told)))
		}
	}
}
