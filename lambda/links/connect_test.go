package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestConnectedIdentitySignsInToTheAccount(t *testing.T) {
	w, offered := offering(t)
	w.connects(t, w.alice, offered)
	w.wantOnce(t)
	record := w.item(t, "identity#Google#"+google.subject)
	if record[contract.LinkClaimedAt] != secondsAt(w.now) || record[contract.LinkLinkedAt] != secondsAt(w.now) {
		t.Errorf("the record is %v, want it claimed and linked now", record)
	}
	if mark := w.item(t, "customer#"+w.alice.sub); mark == nil {
		t.Error("the account is not marked")
	}
	if used := w.item(t, offerID(offered.Offer)); used[usedBy] != w.alice.sub {
		t.Errorf("the offer is %v, want it used by the account", used)
	}
	if again := w.signIn(google, address); again != w.alice {
		t.Errorf("signing in with Google leads to %+v, want the account", again)
	}
}

func TestRepetitionAnswersTheSame(t *testing.T) {
	w := newWorld(t)
	offered, first := w.offers(t, w.profile), secondsAt(w.now)
	for _, after := range []time.Duration{0, 0, time.Minute, 5 * time.Minute, time.Hour} {
		w.now = w.now.Add(after)
		w.connects(t, w.alice, offered)
		if record := w.item(t, recordID(google)); record[contract.LinkLinkedAt] != first {
			t.Errorf("the record is %v, want it linked when it was", record)
		}
	}
	w.wantOnce(t)
}

func TestLastMomentOfAnOffer(t *testing.T) {
	w, offered := offering(t)
	w.now = w.now.Add(5*time.Minute - time.Second)
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
}

func TestAddressesDifferInTheCaseOfLettersOnly(t *testing.T) {
	for provider, account := range map[string]string{
		"Alice@Mail.Example": "alice@mail.example", "alice@mail.example": "ALICE@MAIL.EXAMPLE",
		"Ä@mail.example": "Ä@mail.example", "Zz@Az.example": "zZ@aZ.example",
	} {
		w := newWorld(t)
		w.profile.providerEmail, w.alice.email = provider, account
		lambdatest.WantNoContent(t, w.redeem(t, w.alice, w.offers(t, w.profile)))
	}
	if got := asciiLower("@A[Z`az{Ä\u212a"); got != "@a[z`az{Ä\u212a" {
		t.Errorf("lower case is %q", got)
	}
}

// The provider's address changes after the offer: the address that the customer has confirmed counts.
func TestAddressOfTheOfferCounts(t *testing.T) {
	w, offered := offering(t)
	w.signIn(google, "other@mail.example")
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
}

func TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress(t *testing.T) {
	w, offered := offering(t)
	mallory := w.signUp("mallory@mail.example")
	lambdatest.WantProblem(t, w.redeem(t, mallory, offered), http.StatusUnprocessableEntity, "another e-mail address")
	forged := offered
	forged.Email = mallory.email
	lambdatest.WantProblem(t, w.redeem(t, mallory, forged), http.StatusUnprocessableEntity, unconfirmed)
	w.wantUntouched(t)
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered)) // it has not been used up
	w.wantConnected(t, w.alice, google)
}

// Two accounts read the offer before either has used it.
func TestOfferIsUsedOnceByTwoAtATime(t *testing.T) {
	w, offered := offering(t)
	other := w.signUp(address)
	// Reading the offer is the first call, reading the caller the second.
	w.steps.plan(fault{at: 3, first: func() { lambdatest.WantNoContent(t, w.redeem(t, other, offered)) }})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "Another account has used this offer")
	w.wantConnected(t, other, google)
	if w.deleted != 1 {
		t.Errorf("%d users deleted, want 1", w.deleted)
	}
}

// set changes one attribute of an item, or removes it.
func (w *world) set(t testing.TB, id, attribute string, value any) {
	t.Helper()
	item := w.item(t, id)
	if item == nil {
		item = map[string]any{contract.LinkID: id}
	}
	if item[attribute] = value; value == nil {
		delete(item, attribute)
	}
	lambdatest.Put(t, w.table, item)
}

// TestSubjectIsLinkedAsTheProviderWritesIt: user names fold case, and Cognito knows a returning customer by the exact
// subject. One taken from the user name would connect an account that nobody can sign in to.
func TestSubjectIsLinkedAsTheProviderWritesIt(t *testing.T) {
	w := newWorld(t)
	okta := identity{"Okta", "00uAbC1dEf"}
	profile := w.signIn(okta, address)
	if profile.username != "okta_00uabc1def" {
		t.Fatalf("the profile is %s, so its name folds nothing", profile.username)
	}
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, w.offers(t, profile)))
	w.wantConnected(t, w.alice, okta)
	if again := w.signIn(okta, address); again != w.alice {
		t.Errorf("signing in with Okta leads to %+v, want the account", again)
	}
}
