package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// Between the offer and its redemption the account of the profile's user name becomes something else. No request may
// delete it then.
func TestOnlyTheProfileOfTheOffersIdentityIsDeleted(t *testing.T) {
	tests := map[string]func(w *world){
		"another identity linked with it": func(w *world) { w.adds(identity{"Okta", "7"}, false) },
		"a second identity of its own":    func(w *world) { w.adds(identity{"Okta", "7"}, true) },
		"its identity is no longer its own": func(w *world) {
			w.profile.identities[0].primary = false
		},
		"another subject":     func(w *world) { w.profile.identities[0].subject += "0" },
		"another provider":    func(w *world) { w.profile.identities[0].provider = "google" },
		"no identities":       func(w *world) { w.profile.identities = nil },
		"another status":      func(w *world) { w.profile.status = "CONFIRMED" },
		"marked as connected": func(w *world) { w.mark(t, w.profile) },
		"disabled":            func(w *world) { w.profile.disabled = true },
		"another user name": func(w *world) {
			name := w.profile.username
			w.profile.username = strings.ToUpper(name)
			w.users[name] = w.profile
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			offered := w.offers(t, w.profile)
			change(w)
			lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "belongs to another account")
			w.wantUntouched(t)
			if record := w.item(t, recordID(google)); record[busyUntil] != nil {
				t.Errorf("the record %v still holds off others", record)
			}
		})
	}
}

// The user name of a profile may lead to the account that its identity is linked with, also to one whose status the
// link has turned to EXTERNAL_PROVIDER, and whose identity looks like its own.
func TestAccountWithAPasswordIsNeverTakenForAProfile(t *testing.T) {
	for _, primary := range []bool{false, true} {
		for _, marked := range []bool{false, true} {
			w := newWorld(t)
			offered := w.offers(t, w.profile)
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

// All that protects the account here is its mark: it is a profile in every respect, under the profile's user name.
func TestMarkAloneKeepsAnAccountFromBeingDeleted(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.profile.native = true
	w.mark(t, w.profile)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "belongs to another account")
	w.wantUntouched(t)
}

// The profile's user name leads to the caller's own account, although the identity does not show there yet.
func TestCallersOwnAccountIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.erase(w.profile)
	w.users[w.profile.username] = w.alice
	w.alice.status = "EXTERNAL_PROVIDER"
	wantNoContent(t, w.redeem(t, w.alice, offered))
	if w.deleted != 0 || w.linked != 1 {
		t.Errorf("%d deleted, %d linked; want the link alone", w.deleted, w.linked)
	}
}

// The customer's profile is gone: by the customer's own request at the provider's account, or by an attempt that
// stopped.
func TestProfileThatIsGoneNeedNotBeDeleted(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.erase(w.profile)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.wantConnected(t, w.alice, google)
	if w.deleted != 0 {
		t.Errorf("%d users deleted, want none", w.deleted)
	}
}

// A profile that was made anew has another sub, and is deleted all the same.
func TestProfileMadeAnewIsDeleted(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.erase(w.profile)
	w.signIn(google, address)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.wantConnected(t, w.alice, google)
}

func TestSignInBetweenRemovalAndLinkHeals(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	plan := mishap{at: slices.Index(w.callsOf(t), "AdminLinkProviderForUser") + 1}
	plan.first = func() { w.signIn(google, address) }
	w.steps.plan(plan)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.wantConnected(t, w.alice, google)
	if w.deleted != 2 {
		t.Errorf("%d profiles deleted, want both", w.deleted)
	}
}

// Somebody signs in with the provider each time, just before the link: the request gives up, the next succeeds.
func TestSignInBeforeEveryLinkIsAnswered503(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	stubborn := stubbornUsers{w.service.pool.client, func() { w.signIn(google, address) }}
	before := w.service.pool.client
	w.service.pool.client = stubborn
	response := w.redeem(t, w.alice, offered)
	w.WantUnavailable(t, response, "InvalidParameterException", "Cognito Identity Provider AdminLinkProviderForUser", address, w.table)
	if w.deleted != 2 || w.linked != 0 {
		t.Errorf("%d deleted, %d linked; want it tried twice", w.deleted, w.linked)
	}
	w.service.pool.client = before
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.wantConnected(t, w.alice, google)
}

// Two identities are connected at a time, and there is room for one: the pool refuses the other.
func TestSixthIdentityIsRefusedByThePool(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.alice.identities = append(w.alice.identities, entry{identity{"Okta", string(rune('a' + i))}, false})
	}
	offered := w.offers(t, w.profile)
	plan := mishap{at: slices.Index(w.callsOf(t), "AdminLinkProviderForUser") + 1}
	plan.first = func() {
		w.alice.identities = append(w.alice.identities, entry{identity{"Facebook", "1"}, false})
	}
	w.steps.plan(plan)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "five providers")
	if len(w.linkedTo(w.alice)) != 5 {
		t.Errorf("linked are %v, want five", w.linkedTo(w.alice))
	}
}

func TestAccountThatIsDeletedMeanwhileIsNotConnected(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	plan := mishap{at: slices.Index(w.callsOf(t), "AdminLinkProviderForUser") + 1, first: func() { w.erase(w.alice) }}
	w.steps.plan(plan)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusUnauthorized, "Sign in")
	if w.linked != 0 {
		t.Error("the identity was linked")
	}
}

// AdminDeleteUser is sent once: the SDK's own second try would come without a look at what it deletes.
func TestDeletionIsNotRepeatedBlindly(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.directory.failing = map[string]int{"AdminDeleteUser": 1}
	wantNoContent(t, w.redeem(t, w.alice, offered))
	calls := strings.Join(w.directory.calls, " ")
	if !strings.Contains(calls, "AdminDeleteUser AdminGetUser AdminGetUser AdminDeleteUser AdminLinkProviderForUser") {
		t.Errorf("the pool was called: %s; want both users read again between the deletions", calls)
	}
	w.wantConnected(t, w.alice, google)
}

func TestRecordOfAnotherAccount(t *testing.T) {
	const other = "b0b0b0b0-0000-4000-8000-000000000001"
	tests := map[string]struct {
		bob    func(w *world) *user
		age    time.Duration
		status int
	}{
		"connected there": {func(w *world) *user {
			w.erase(w.profile)
			bob := w.signUp("bob@mail.example")
			bob.identities = []entry{{google, false}}
			return bob
		}, time.Hour, 409},
		"claimed a while ago":    {func(w *world) *user { return w.signUp("bob@mail.example") }, 899 * time.Second, 409},
		"claimed 15 minutes ago": {func(w *world) *user { return w.signUp("bob@mail.example") }, 900 * time.Second, 204},
		"connected with another of the provider": {func(w *world) *user {
			bob := w.signUp("bob@mail.example")
			bob.identities = []entry{{identity{"Google", "2"}, false}}
			return bob
		}, time.Hour, 204},
		"the account is gone": {func(*world) *user { return &user{username: other, sub: other} }, 0, 204},
		"the user name is another account's": {func(w *world) *user {
			return &user{username: w.signUp("bob@mail.example").username, sub: other}
		}, 0, 204},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			offered := w.offers(t, w.profile)
			bob := test.bob(w)
			w.set(t, recordID(google), contract.CustomerID, bob.sub)
			w.set(t, recordID(google), contract.LinkUsername, bob.username)
			w.set(t, recordID(google), contract.LinkLinkedAt, 1)
			w.set(t, recordID(google), contract.LinkClaimedAt, w.now.Add(-test.age).Unix())
			response := w.redeem(t, w.alice, offered)
			wantStatus(t, response, test.status)
			if test.status == http.StatusConflict {
				lambdatest.WantProblem(t, response, test.status, "belongs to another account")
				w.wantUntouched(t)
				if got := w.item(t, recordID(google)); got[contract.CustomerID] != bob.sub || got[busyUntil] != nil {
					t.Errorf("the record is %v, want it as it was", got)
				}
				return
			}
			w.wantConnected(t, w.alice, google)
			if got := w.item(t, recordID(google)); got[contract.LinkLinkedAt] != secondsAt(w.now) ||
				got[contract.LinkClaimedAt] != secondsAt(w.now) {
				t.Errorf("the record is %v, want it claimed and linked now", got)
			}
		})
	}
}

// An account that has deleted itself leaves its record and its mark. Signing in with the provider makes a profile
// again, and a new account can connect it.
func TestIdentityOfAnAccountThatDeletedItselfIsConnectedAnew(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	w.erase(w.alice)
	profile := w.signIn(google, address)
	if profile.native {
		t.Fatal("signing in leads to an account with a password")
	}
	anew := w.signUp(address)
	wantNoContent(t, w.redeem(t, anew, w.offers(t, profile)))
	w.wantConnected(t, anew, google)
}

// The pool knows that the identity is linked with the caller, and the record is another account's: it stays.
func TestRecordOfAnotherAccountIsNotOverwrittenByARepetition(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.set(t, recordID(google), contract.CustomerID, "b0b0b0b0-0000-4000-8000-000000000001")
	before := w.item(t, recordID(google))
	wantNoContent(t, w.redeem(t, w.alice, offered))
	if after := w.item(t, recordID(google)); after[contract.CustomerID] != before[contract.CustomerID] {
		t.Errorf("the record is %v, want it as it was", after)
	}
}

// Two accounts try to take over the same record. The second finds it changed since it was read.
func TestRecordIsTakenOverOnce(t *testing.T) {
	w := newWorld(t)
	first, second := w.offers(t, w.profile), w.offers(t, w.profile)
	other := w.signUp(address)
	calls := w.callsOf(t)
	// The write of the claim is the update after the record was read.
	claim := slices.Index(calls, "PutItem") // of the mark, which follows it
	w.steps.plan(mishap{at: claim, first: func() { wantNoContent(t, w.redeem(t, other, second)) }})
	response := w.redeem(t, w.alice, first)
	lambdatest.WantProblem(t, response, http.StatusConflict, "Try again in a moment")
	if response.Headers["Retry-After"] != "1" {
		t.Errorf("Retry-After %q, want 1", response.Headers["Retry-After"])
	}
	w.wantConnected(t, other, google)
	if w.deleted != 1 {
		t.Errorf("%d users deleted, want 1", w.deleted)
	}
}

func TestIdentityIsHeldForOneRequest(t *testing.T) {
	for until, status := range map[time.Duration]int{time.Second: 409, 0: 204, -time.Second: 204} {
		w := newWorld(t)
		offered := w.offers(t, w.profile)
		w.set(t, recordID(google), contract.CustomerID, w.alice.sub)
		w.set(t, recordID(google), claimAttribute, "of another request")
		w.set(t, recordID(google), busyUntil, w.now.Add(until).Unix())
		response := w.redeem(t, w.alice, offered)
		wantStatus(t, response, status)
		if status == http.StatusConflict {
			lambdatest.WantProblem(t, response, status, "Try again in a moment")
			w.wantUntouched(t)
		}
	}
}

func TestHoldIsLongerThanARequestAndEnds(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	var held map[string]any
	plan := mishap{at: slices.Index(w.callsOf(t), "AdminDeleteUser") + 1}
	plan.first = func() { held = w.item(t, recordID(google)) }
	w.steps.plan(plan)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	if held[busyUntil] != secondsAt(w.now.Add(20*time.Second)) || held[contract.CustomerID] != w.alice.sub ||
		held[contract.LinkLinkedAt] != nil {
		t.Errorf("before the deletion the record is %v, want it the account's, held for 20 s, not linked", held)
	}
	w.wantConnected(t, w.alice, google)
}

// The customer's profile goes away just before it is deleted.
func TestProfileThatGoesAwayMeanwhileIsNoFailure(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	plan := mishap{at: slices.Index(w.callsOf(t), "AdminDeleteUser") + 1, first: func() { w.erase(w.profile) }}
	w.steps.plan(plan)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	if calls := w.steps.made(); !slices.Equal(calls, w.callsOf(t)) {
		t.Errorf("calls %v, want each once", calls)
	}
	w.wantConnected(t, w.alice, google)
}

// Whether the account of a record is gone is asked of the pool, which does not answer.
func TestRecordIsNotTakenOverUnasked(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	const other = "b0b0b0b0-0000-4000-8000-000000000001"
	w.set(t, recordID(google), contract.CustomerID, other)
	w.set(t, recordID(google), contract.LinkUsername, other)
	// The fourth call reads the record.
	w.steps.plan(mishap{at: 5, lost: true})
	w.WantUnavailable(t, w.redeem(t, w.alice, offered), "TooManyRequestsException", inCognito+" AdminGetUser", address)
	w.wantUntouched(t)
	if record := w.item(t, recordID(google)); record[contract.CustomerID] != other {
		t.Errorf("the record is %v, want it as it was", record)
	}
	w.steps.plan(mishap{})
	wantNoContent(t, w.redeem(t, w.alice, offered))
}
