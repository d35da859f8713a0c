package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// Between the offer and its redemption the account of the profile's user name changes. Then no request may delete it.
func TestOnlyTheProfileOfTheOffersIdentityIsDeleted(t *testing.T) {
	tests := map[string]func(w *world){
		"another identity linked with it": func(w *world) { w.adds(identity{"Okta", "7"}, false) },
		"a second identity of its own":    func(w *world) { w.adds(identity{"Okta", "7"}, true) },
		"its identity is no longer its own": func(w *world) {
			w.profile.identities[0].primary = false
		},
		"another subject":                  func(w *world) { w.profile.identities[0].subject += "0" },
		"another provider":                 func(w *world) { w.profile.identities[0].provider = "google" },
		"no identities":                    func(w *world) { w.profile.identities = nil },
		"another status":                   func(w *world) { w.profile.status = "CONFIRMED" },
		"marked as connected":              func(w *world) { w.mark(t, w.profile) },
		"marked as connected and disabled": func(w *world) { w.mark(t, w.profile); w.profile.disabled = true },
		"another's and disabled": func(w *world) {
			w.profile.identities[0].subject += "0"
			w.profile.disabled = true
		},
		"another user name": func(w *world) {
			name := w.profile.username
			w.profile.username = strings.ToUpper(name)
			w.users[name] = w.profile
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			w, offered := offering(t)
			change(w)
			lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "belongs to another account")
			w.wantUntouched(t)
			if record := w.item(t, recordID(google)); record[busyUntil] != nil {
				t.Errorf("the record %v still holds off others", record)
			}
		})
	}
}

// A disabled customer must not get access through a link, and must be told why. Once support has enabled the profile,
// the same offer connects it.
func TestDisabledProfileIsNotDeleted(t *testing.T) {
	w, offered := offering(t)
	w.profile.disabled = true
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "disabled for you")
	w.wantUntouched(t)
	if record := w.item(t, recordID(google)); record[busyUntil] != nil {
		t.Errorf("the record %v still holds off others", record)
	}
	w.profile.disabled = false
	w.connects(t, w.alice, offered)
}

// The user name of a profile may lead to the account that its identity is linked with. The link may have changed the
// account's status to EXTERNAL_PROVIDER, and the identity may look like the account's own.
func TestAccountWithAPasswordIsNeverTakenForAProfile(t *testing.T) {
	for _, primary := range []bool{false, true} {
		for _, marked := range []bool{false, true} {
			w, offered := offering(t)
			bob := w.signUp("bob@mail.example")
			bob.status, bob.identities = "EXTERNAL_PROVIDER", []entry{{google, primary}}
			w.erase(w.profile)
			if marked {
				w.mark(t, bob)
			}
			lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "belongs to another account")
			w.wantUntouched(t)
			if w.users[bob.username] != bob {
				t.Error("the account was deleted")
			}
		}
	}
}

// Only its mark protects the account here: it looks like a profile in every respect, under the profile's user name.
func TestMarkAloneKeepsAnAccountFromBeingDeleted(t *testing.T) {
	w, offered := offering(t)
	w.profile.native = true
	w.mark(t, w.profile)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "belongs to another account")
	w.wantUntouched(t)
}

// The profile's user name leads to the caller's own account, but the account does not list the identity yet.
func TestCallersOwnAccountIsNotDeleted(t *testing.T) {
	w, offered := offering(t)
	w.erase(w.profile)
	w.users[w.profile.username] = w.alice
	w.alice.status = "EXTERNAL_PROVIDER"
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	if w.deleted != 0 || w.linked != 1 {
		t.Errorf("%d deleted, %d linked; want the link alone", w.deleted, w.linked)
	}
}

func TestSignInBetweenRemovalAndLinkIsRepaired(t *testing.T) {
	w, offered := offering(t)
	w.steps.plan(fault{at: at("AdminLinkProviderForUser"), first: func() { w.signIn(google, address) }})
	w.connects(t, w.alice, offered)
	if w.deleted != 2 {
		t.Errorf("%d profiles deleted, want both", w.deleted)
	}
}

// Somebody signs in with the provider each time, just before the link: the request gives up, the next succeeds.
func TestSignInBeforeEveryLinkIsAnswered503(t *testing.T) {
	w, offered := offering(t)
	w.steps.beforeEach = map[string]func(){"AdminLinkProviderForUser": func() { w.signIn(google, address) }}
	response := w.redeem(t, w.alice, offered)
	w.WantUnavailable(t, response, "InvalidParameterException", inCognito+" AdminLinkProviderForUser", address, w.table)
	if w.deleted != 2 || w.linked != 0 {
		t.Errorf("%d deleted, %d linked; want it tried twice", w.deleted, w.linked)
	}
	w.steps.beforeEach = nil
	w.connects(t, w.alice, offered)
}

// Two identities are connected at a time, and there is room for one: the pool refuses the other.
func TestSixthIdentityIsRefusedByThePool(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.alice.identities = append(w.alice.identities, entry{identity{"Okta", string(rune('a' + i))}, false})
	}
	offered := w.offers(t, w.profile)
	w.steps.plan(fault{at: at("AdminLinkProviderForUser"), first: func() {
		w.alice.identities = append(w.alice.identities, entry{identity{"Facebook", "1"}, false})
	}})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "five providers")
	if len(w.linkedTo(w.alice)) != 5 {
		t.Errorf("linked are %v, want five", w.linkedTo(w.alice))
	}
}

func TestAccountThatIsDeletedMeanwhileIsNotConnected(t *testing.T) {
	w, offered := offering(t)
	w.steps.plan(fault{at: at("AdminLinkProviderForUser"), first: func() { w.erase(w.alice) }})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusUnauthorized, "Sign in")
	if w.linked != 0 {
		t.Error("the identity was linked")
	}
}

// AdminDeleteUser is sent once: the SDK's own retry would delete without checking the account again.
func TestDeletionIsNotRepeatedBlindly(t *testing.T) {
	w, offered := offering(t)
	w.failing = map[string]int{"AdminDeleteUser": 1}
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	calls := strings.Join(w.calls, " ")
	if !strings.Contains(calls, "AdminDeleteUser AdminGetUser AdminGetUser AdminDeleteUser AdminLinkProviderForUser") {
		t.Errorf("the pool was called: %s; want both users read again between the deletions", calls)
	}
	w.wantConnected(t, w.alice, google)
}

// The customer's profile disappears just before it is deleted.
func TestProfileThatDisappearsMeanwhileIsNoFailure(t *testing.T) {
	w, offered := offering(t)
	w.steps.plan(fault{at: at("AdminDeleteUser"), first: func() { w.erase(w.profile) }})
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	if calls := w.steps.made(); !slices.Equal(calls, redeems) {
		t.Errorf("calls %v, want each once", calls)
	}
	w.wantConnected(t, w.alice, google)
}
