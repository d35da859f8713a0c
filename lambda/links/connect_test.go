package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestConnectedIdentitySignsInToTheAccount(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	w.wantConnected(t, w.alice, google)
	if w.deleted != 1 || w.linked != 1 {
		t.Errorf("%d users deleted, %d identities linked; want one each", w.deleted, w.linked)
	}
	record := w.item(t, recordID(google))
	if record[contract.LinkClaimedAt] != secondsAt(w.now) || record[contract.LinkLinkedAt] != secondsAt(w.now) {
		t.Errorf("the record is %v, want it claimed and linked now", record)
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
	offered := w.offers(t, w.profile)
	for _, after := range []time.Duration{0, 0, time.Minute, 5 * time.Minute, time.Hour} {
		w.now = w.now.Add(after)
		wantNoContent(t, w.redeem(t, w.alice, offered))
		w.wantConnected(t, w.alice, google)
	}
	if w.deleted != 1 || w.linked != 1 {
		t.Errorf("%d users deleted, %d identities linked; want one each", w.deleted, w.linked)
	}
}

func TestRedemptionIsRefused(t *testing.T) {
	tests := map[string]struct {
		change func(w *world, offered *made)
		status int
		detail string
	}{
		"unknown offer": {func(_ *world, o *made) { o.Offer = strings.Repeat("A", 43) }, 404, "no such offer"},
		"expired offer": {func(w *world, _ *made) { w.now = w.now.Add(5 * time.Minute) }, 410, "has expired"},
		"used by another account": {func(w *world, o *made) {
			w.set(t, offerID(o.Offer), usedBy, "b0b0b0b0-0000-4000-8000-000000000001")
		}, 409, "Another account has used this offer"},
		"another provider":    {func(_ *world, o *made) { o.Provider = "Facebook" }, 422, "provider and email must be those"},
		"another address":     {func(_ *world, o *made) { o.Email = "bob@mail.example" }, 422, "provider and email must be those"},
		"address, other case": {func(_ *world, o *made) { o.Email = "Alice@mail.example" }, 422, "provider and email must be those"},
		"provider, other case": {
			func(_ *world, o *made) { o.Provider = "google" }, 422, "provider and email must be those",
		},
		"caller is federated": {func(w *world, _ *made) { w.alice = w.signIn(identity{"Okta", "7"}, address) }, 409, "has a password"},
		"caller is the profile itself": {
			func(w *world, _ *made) { w.alice = w.profile }, 409, "has a password",
		},
		"caller's address not verified": {func(w *world, _ *made) { w.alice.verified = false }, 422, "not verified"},
		"caller has no address":         {func(w *world, _ *made) { w.alice.email = "" }, 422, "not verified"},
		"caller has another address": {
			func(w *world, _ *made) { w.alice.email = "alice@other.example" }, 422, "another e-mail address",
		},
		"caller's address is longer":  {func(w *world, _ *made) { w.alice.email += " " }, 422, "another e-mail address"},
		"caller's is the Kelvin sign": {func(w *world, _ *made) { w.alice.email = "\u212aate@mail.example" }, 422, "another"},
		"caller's address at the provider": {func(w *world, _ *made) {
			w.alice.email, w.alice.providerEmail = "bob@mail.example", address
		}, 422, "another e-mail address"},
		"caller has five": {func(w *world, _ *made) {
			for i := range 5 {
				w.alice.identities = append(w.alice.identities, entry{identity{"Okta", fmt.Sprint(i)}, false})
			}
		}, 409, "five providers"},
		"caller is disabled": {func(w *world, _ *made) { w.alice.disabled = true }, 401, "Sign in"},
		"caller is deleted":  {func(w *world, _ *made) { w.erase(w.alice) }, 401, "Sign in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if strings.Contains(name, "Kelvin") {
				w.profile.providerEmail = "kate@mail.example"
			}
			offered := w.offers(t, w.profile)
			test.change(w, &offered)
			lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), test.status, test.detail)
			w.wantUntouched(t)
			if all := w.everything(t); strings.Contains(all, contract.LinkedIdentity) || strings.Contains(all, contract.LinkedCustomer) {
				t.Errorf("the table holds %s", all)
			}
		})
	}
}

func TestLastMomentOfAnOffer(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.now = w.now.Add(5*time.Minute - time.Second)
	wantNoContent(t, w.redeem(t, w.alice, offered))
}

func TestAddressesDifferInTheCaseOfLettersOnly(t *testing.T) {
	for provider, account := range map[string]string{
		"Alice@Mail.Example": "alice@mail.example", "alice@mail.example": "ALICE@MAIL.EXAMPLE", "Ä@mail.example": "Ä@mail.example",
		"Zz@Az.example": "zZ@aZ.example",
	} {
		w := newWorld(t)
		w.profile.providerEmail, w.alice.email = provider, account
		wantNoContent(t, w.redeem(t, w.alice, w.offers(t, w.profile)))
	}
	if got := asciiLower("@A[Z`az{Ä\u212a"); got != "@a[z`az{Ä\u212a" {
		t.Errorf("lower case is %q", got)
	}
}

// The provider's address changes after the offer: what counts is what the customer has confirmed.
func TestAddressOfTheOfferCounts(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.signIn(google, "other@mail.example")
	wantNoContent(t, w.redeem(t, w.alice, offered))
}

func TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	mallory := w.signUp("mallory@mail.example")
	lambdatest.WantProblem(t, w.redeem(t, mallory, offered), http.StatusUnprocessableEntity, "another e-mail address")
	forged := offered
	forged.Email = mallory.email
	lambdatest.WantProblem(t, w.redeem(t, mallory, forged), http.StatusUnprocessableEntity, "provider and email must be those")
	w.wantUntouched(t)
	wantNoContent(t, w.redeem(t, w.alice, offered)) // it has not been used up
	w.wantConnected(t, w.alice, google)
}

// The next customer at a shared browser has an account and a profile of their own, and finds an offer.
func TestOfferLeftInASharedBrowserConnectsNothing(t *testing.T) {
	w := newWorld(t)
	left := w.offers(t, w.profile)
	bob, bobs := w.signUp("bob@mail.example"), w.signIn(identity{"Google", "2"}, "bob@mail.example")
	lambdatest.WantProblem(t, w.redeem(t, bob, left), http.StatusUnprocessableEntity, "another e-mail address")
	wantNoContent(t, w.redeem(t, bob, w.offers(t, bobs)))
	w.wantConnected(t, bob, identity{"Google", "2"})
	if w.users[w.profile.username] == nil || len(w.linkedTo(w.alice)) != 0 {
		t.Error("the first customer's profile or account was changed")
	}
}

func TestOfferIsUsedOnce(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	wantNoContent(t, w.redeem(t, w.alice, offered))
	other := w.signUp(address) // of the same address, as no pool has it
	lambdatest.WantProblem(t, w.redeem(t, other, offered), http.StatusConflict, "Another account has used this offer")
	w.wantConnected(t, w.alice, google)
}

// Two accounts read the offer before either has used it.
func TestOfferIsUsedOnceByTwoAtATime(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	other := w.signUp(address)
	// Reading the offer is the first call, reading the caller the second.
	w.steps.plan(mishap{at: 3, first: func() { wantNoContent(t, w.redeem(t, other, offered)) }})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "Another account has used this offer")
	w.wantConnected(t, other, google)
	if w.deleted != 1 {
		t.Errorf("%d users deleted, want 1", w.deleted)
	}
}

func TestNothingIsConnectedOrDisconnectedWithoutAStepUp(t *testing.T) {
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	calls := len(w.directory.calls)
	for _, request := range []events.APIGatewayProxyRequest{
		w.redeeming(t, w.alice, offered), w.disconnecting(t, w.alice, "Google"),
	} {
		for name, refused := range lambdatest.NotSteppedUp(request, w.now) {
			lambdatest.WantStepUp(t, w.Serve(t, refused))
			if len(w.directory.calls) != calls {
				t.Errorf("%s: the pool was called", name)
			}
		}
	}
	w.wantUntouched(t)
}

func TestBodyThatIsNotARedemptionIsRefused(t *testing.T) {
	good := map[string]any{"offer": strings.Repeat("A", 43), "provider": "Google", "email": address}
	tests := map[string]struct {
		field  string
		value  any
		detail string
	}{
		"no offer":            {"offer", nil, "offer is missing"},
		"short offer":         {"offer", strings.Repeat("A", 42), "offer must be"},
		"long offer":          {"offer", strings.Repeat("A", 44), "offer must be"},
		"offer of other form": {"offer", strings.Repeat("A", 42) + "B", "offer must be"}, // a second way to write the 32 bytes
		"offer with a line":   {"offer", strings.Repeat("A", 42) + "\n", "offer must be"},
		"offer a number":      {"offer", 1, "offer must be"},
		"no provider":         {"provider", nil, "provider is missing"},
		"empty provider":      {"provider", "", "provider must be"},
		"long provider":       {"provider", strings.Repeat("ä", 33), "provider must be"},
		"no address":          {"email", nil, "email is missing"},
		"long address":        {"email", strings.Repeat("a", 2049), "email must be"},
		"a customer":          {"customerId", "x", "customerId is unknown"},
		"a subject":           {"subject", "x", "subject is unknown"},
		"a user name":         {"username", "x", "username is unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			body := map[string]any{}
			for field, value := range good {
				body[field] = value
			}
			if body[test.field] = test.value; test.value == nil {
				delete(body, test.field)
			}
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			response := w.Serve(t, w.by(t, w.alice, stepUp, "POST", "/links", string(text)))
			lambdatest.WantProblem(t, response, http.StatusUnprocessableEntity, test.detail)
			if calls := w.steps.made(); len(calls) != 0 {
				t.Errorf("services were called: %v", calls)
			}
		})
	}
	w := newWorld(t)
	lambdatest.WantProblem(t, w.Serve(t, w.by(t, w.alice, stepUp, "POST", "/links", "")), http.StatusBadRequest, "empty")
	longest := fmt.Sprintf(`{"offer":%q,"provider":%q,"email":%q}`,
		strings.Repeat("A", 43), strings.Repeat("ä", 32), strings.Repeat("a", 2048))
	wantStatus(t, w.Serve(t, w.by(t, w.alice, stepUp, "POST", "/links", longest)), http.StatusNotFound)
}

func TestOfferThatLacksAnAttributeIsNotRedeemed(t *testing.T) {
	for _, attribute := range []string{"provider", "subject", "username", "sub", "email"} {
		w := newWorld(t)
		offered := w.offers(t, w.profile)
		w.set(t, offerID(offered.Offer), attribute, nil)
		wantStatus(t, w.redeem(t, w.alice, offered), http.StatusInternalServerError)
		if log := w.Log.String(); !strings.Contains(log, `"error":"MalformedItem","reason":"an offer lacks an attribute"`) {
			t.Errorf("log %s, want MalformedItem", log)
		}
		w.wantUntouched(t)
	}
	w := newWorld(t)
	offered := w.offers(t, w.profile)
	w.set(t, offerID(offered.Offer), contract.LinkExpiresAt, nil)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusGone, "expired")
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
	dynamotest.Put(t, w.table, item)
}
