package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

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
			w, offered := offering(t)
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

// An account that has deleted itself leaves its record and its mark. A sign-in with the provider creates a new profile,
// and a new account can connect it.
func TestIdentityOfAnAccountThatDeletedItselfIsConnectedAgain(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	w.erase(w.alice)
	profile := w.signIn(google, address)
	if profile.native {
		t.Fatal("signing in leads to an account with a password")
	}
	anew := w.signUp(address)
	w.connects(t, anew, w.offers(t, profile))
}

// The pool says that the identity is linked with the caller, but the record is another account's: the record stays.
func TestRecordOfAnotherAccountIsNotOverwrittenByARepetition(t *testing.T) {
	w, offered := offering(t)
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	w.set(t, recordID(google), contract.CustomerID, "b0b0b0b0-0000-4000-8000-000000000001")
	before := w.item(t, recordID(google))
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	if after := w.item(t, recordID(google)); after[contract.CustomerID] != before[contract.CustomerID] {
		t.Errorf("the record is %v, want it as it was", after)
	}
}

// Two accounts try to take over the same record. The second must notice that it has changed since it was read.
func TestRecordIsTakenOverOnce(t *testing.T) {
	w := newWorld(t)
	first, second := w.offers(t, w.profile), w.offers(t, w.profile)
	other := w.signUp(address)
	// The write of the claim is the update after the record was read.
	claim := slices.Index(redeems, "PutItem") // of the mark, which follows it
	w.steps.plan(fault{at: claim, first: func() { lambdatest.WantNoContent(t, w.redeem(t, other, second)) }})
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
		w, offered := offering(t)
		w.set(t, recordID(google), contract.CustomerID, w.alice.sub)
		w.set(t, recordID(google), claimAttribute, "of another request")
		w.set(t, recordID(google), busyUntil, w.now.Add(until).Unix())
		response := w.redeem(t, w.alice, offered)
		wantStatus(t, response, status)
		if status == http.StatusConflict {
			lambdatest.WantProblem(t, response, status, "Try again in a moment")
			w.wantUntouched(t)
			if record := w.item(t, recordID(google)); record[busyUntil] == nil {
				t.Errorf("the record is %v: the hold of another request was ended", record)
			}
		}
	}
}

func TestHoldIsLongerThanARequestAndEnds(t *testing.T) {
	w, offered := offering(t)
	var held map[string]any
	w.steps.plan(fault{at: at("AdminDeleteUser"), first: func() { held = w.item(t, recordID(google)) }})
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	if held[busyUntil] != secondsAt(w.now.Add(20*time.Second)) || held[contract.CustomerID] != w.alice.sub ||
		held[contract.LinkLinkedAt] != nil {
		t.Errorf("before the deletion the record is %v, want it the account's, held for 20 s, not linked", held)
	}
	w.wantConnected(t, w.alice, google)
}

// The pool, which could say whether the record's account is gone, does not answer.
func TestRecordIsNotTakenOverUnasked(t *testing.T) {
	w, offered := offering(t)
	const other = "b0b0b0b0-0000-4000-8000-000000000001"
	w.set(t, recordID(google), contract.CustomerID, other)
	w.set(t, recordID(google), contract.LinkUsername, other)
	// The fourth call reads the record.
	w.steps.plan(fault{at: 5, lost: true})
	w.WantUnavailable(t, w.redeem(t, w.alice, offered), "TooManyRequestsException", inCognito+" AdminGetUser", address)
	w.wantUntouched(t)
	if record := w.item(t, recordID(google)); record[contract.CustomerID] != other {
		t.Errorf("the record is %v, want it as it was", record)
	}
	w.steps.plan(fault{})
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
}

// An attempt has stopped. Two requests of the customer read its record; the second must notice that it has changed
// since.
func TestRecordOfAStoppedAttemptIsClaimedOnce(t *testing.T) {
	w, offered := offering(t)
	w.set(t, recordID(google), contract.CustomerID, w.alice.sub)
	w.set(t, recordID(google), claimAttribute, "of the attempt that has stopped")
	claim := slices.Index(redeems, "PutItem") // of the mark, which follows it
	w.steps.plan(fault{at: claim, first: func() { lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered)) }})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "Try again in a moment")
	w.wantConnected(t, w.alice, google)
	w.wantOnce(t)
}
