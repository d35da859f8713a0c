package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// history is a random history of a few customers, providers and faults.
type history struct {
	*world
	t      *rapid.T
	outer  *testing.T
	ids    []identity
	emails []string
	// people are the accounts with a password that have not deleted themselves.
	people []*user
	known  []told
	// again is the offer that is redeemed during the next request; none if zero.
	again told
}

// told is an answered offer and its customer.
type told struct {
	made
	one identity
}

// TestNothingButProfilesIsEverDeleted runs random histories. The pool checks each deletion (see world.profileOnly);
// after each step the test checks all links.
func TestNothingButProfilesIsEverDeleted(t *testing.T) {
	w := newWorld(t)
	round, connected := 0, 0
	lambdatest.Check(t, func(rt *rapid.T) {
		round++
		s := &history{world: w, t: rt, outer: t}
		s.begin(round)
		for range rapid.IntRange(4, 16).Draw(rt, "steps") {
			s.next()
			s.judge()
		}
		connected += s.finish()
	})
	if connected == 0 {
		t.Error("no history ended with a connected provider: the test has judged nothing")
	}
}

func (s *history) begin(round int) {
	s.steps.plan(fault{})
	s.lock.Lock()
	s.users = make(map[string]*user)
	s.lock.Unlock()
	s.follows = rapid.Bool().Draw(s.t, "names of profiles lead to accounts")
	s.emails = []string{fmt.Sprintf("a%d@mail.example", round), fmt.Sprintf("b%d@mail.example", round)}
	for i := range 3 {
		s.ids = append(s.ids, identity{[]string{"Google", "Google", "Okta"}[i], fmt.Sprintf("%d-%d", round, i)})
	}
	s.people = []*user{s.signUp(s.emails[0]), s.signUp(s.emails[1])}
}

func (s *history) next() {
	one := rapid.SampledFrom(s.ids).Draw(s.t, "identity")
	person := rapid.SampledFrom(s.people).Draw(s.t, "account")
	switch rapid.SampledFrom(strings.Fields("offer offer redeem redeem redeem wait disconnect erase sign-in status")).
		Draw(s.t, "step") {
	case "offer":
		s.offer(one)
	case "redeem":
		s.redeemAny(person)
	case "wait":
		s.now = s.now.Add(time.Duration(rapid.IntRange(1, 1200).Draw(s.t, "seconds")) * time.Second)
	case "disconnect":
		s.fault()
		s.Serve(s.outer, s.disconnecting(s.outer, person, one.provider))
	case "erase":
		s.erase(person)
		i := slices.Index(s.people, person)
		s.people[i] = s.signUp(person.email)
	case "sign-in":
		s.signIn(one, s.emails[0])
	case "status": // as an OIDC link is reported to turn it
		if len(person.identities) > 0 {
			person.status = "EXTERNAL_PROVIDER"
		}
	}
}

// offer signs in with the provider, with one of the addresses, and requests an offer.
func (s *history) offer(one identity) {
	lands := s.signIn(one, rapid.SampledFrom(s.emails).Draw(s.t, "address at the provider"))
	s.fault()
	response := s.Serve(s.outer, s.by(s.outer, lands, web, "POST", "/link-offers", ""))
	s.steps.plan(fault{})
	if response.StatusCode != http.StatusCreated {
		return
	}
	if lands.native {
		s.t.Fatalf("an account with a password was offered: %+v", lands)
	}
	s.known = append(s.known, told{decode(s.outer, response), one})
}

func (s *history) redeemAny(person *user) {
	if len(s.known) == 0 {
		return
	}
	offered := rapid.SampledFrom(s.known).Draw(s.t, "offer")
	request := s.redeeming(s.outer, person, offered.made)
	before := slices.Contains(s.linkedTo(person), offered.one)
	s.fault()
	response := s.Serve(s.outer, request)
	s.steps.plan(fault{})
	after := slices.Contains(s.linkedTo(person), offered.one)
	switch {
	case response.StatusCode == http.StatusNoContent && !after:
		s.t.Fatalf("answered 204, and %v is not connected with %+v", offered.one, person)
	case s.again.one == offered.one && s.again.Email == person.email:
		// An offer of the same identity with the right address was redeemed meanwhile, perhaps by this person.
	case !before && after && person.email != offered.Email:
		s.t.Fatalf("%v was connected by the offer of %s with %s", offered.one, offered.Email, person.email)
	}
}

// fault plans a random fault, or none.
func (s *history) fault() {
	plan := fault{at: rapid.IntRange(0, 14).Draw(s.t, "call")}
	s.again = told{}
	switch rapid.SampledFrom(strings.Fields("fails lost ends ended sign-in again")).Draw(s.t, "fault") {
	case "fails":
		plan.lost = true
	case "lost":
		plan.lost, plan.done = true, true
	case "ends":
		plan.ends = true
	case "ended":
		plan.ends, plan.done = true, true
	case "sign-in":
		one := s.ids[0]
		plan.first = func() { s.signIn(one, s.emails[0]) }
	case "again":
		if len(s.known) > 0 {
			last := s.known[len(s.known)-1]
			s.again = last
			who := s.people[len(s.known)%2]
			plan.first = func() { s.Serve(s.outer, s.redeeming(s.outer, who, last.made)) }
		}
	}
	s.steps.plan(plan)
}

// judge checks the invariants.
func (s *history) judge() {
	s.steps.plan(fault{})
	if s.outer.Failed() {
		s.t.FailNow()
	}
	for _, person := range s.people {
		if s.users[person.username] != person {
			s.t.Fatalf("the account %+v is gone", person)
		}
		if len(s.linkedTo(person)) > 0 && s.item(s.outer, "customer#"+person.sub) == nil {
			s.t.Fatalf("%+v is connected and not marked", person)
		}
	}
	for _, one := range s.ids {
		var owners []string
		for _, u := range s.users {
			if slices.ContainsFunc(u.identities, func(e entry) bool { return e.identity == one }) {
				owners = append(owners, u.username)
			}
		}
		if len(owners) > 1 {
			s.t.Fatalf("%v leads to %v", one, owners)
		}
	}
}

// finish lets time pass. Then each customer must be able to connect. It returns how many did.
func (s *history) finish() int {
	connected := 0
	for i, person := range s.people {
		s.now = s.now.Add(time.Hour)
		lands := s.signIn(s.ids[i], person.email)
		if !lands.native {
			offered := s.offers(s.outer, lands)
			if response := s.redeem(s.outer, person, offered); response.StatusCode != http.StatusNoContent {
				s.t.Fatalf("an hour later: answer %d %s", response.StatusCode, response.Body)
			}
			lands = s.signIn(s.ids[i], person.email)
		}
		if !lands.native {
			s.t.Fatalf("signing in leads to %+v", lands)
		}
		connected++
	}
	s.judge()
	return connected
}
