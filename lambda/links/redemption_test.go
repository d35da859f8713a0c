package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// unconfirmed is part of the response to details that the customer has not confirmed.
const unconfirmed = "provider and email must be those"

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
		"another provider":     {func(_ *world, o *made) { o.Provider = "Facebook" }, 422, unconfirmed},
		"another address":      {func(_ *world, o *made) { o.Email = "bob@mail.example" }, 422, unconfirmed},
		"address, other case":  {func(_ *world, o *made) { o.Email = "Alice@mail.example" }, 422, unconfirmed},
		"provider, other case": {func(_ *world, o *made) { o.Provider = "google" }, 422, unconfirmed},
		"caller is federated": {
			func(w *world, _ *made) { w.alice = w.signIn(identity{"Okta", "7"}, address) }, 409, "has a password",
		},
		"caller is the profile itself": {
			func(w *world, _ *made) { w.alice = w.profile }, 409, "has a password",
		},
		"caller's address not verified":     {func(w *world, _ *made) { w.alice.verified = false }, 422, "not verified"},
		"caller's address of unknown state": {func(w *world, _ *made) { w.alice.unsaid = true }, 422, "not verified"},
		"caller is federated, and connected": {func(w *world, _ *made) {
			w.alice = w.signIn(identity{"Okta", "7"}, address)
			w.alice.email, w.alice.verified = address, true
			w.alice.identities = append(w.alice.identities, entry{identity{"Facebook", "3"}, false})
		}, 409, "has a password"},
		"caller has no address": {func(w *world, _ *made) { w.alice.email = "" }, 422, "not verified"},
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
			all := w.everything(t)
			if strings.Contains(all, contract.LinkedIdentity) || strings.Contains(all, contract.LinkedCustomer) {
				t.Errorf("the table holds %s", all)
			}
		})
	}
}

func TestNothingIsConnectedOrDisconnectedWithoutAStepUp(t *testing.T) {
	w, offered := offering(t)
	calls := len(w.calls)
	for _, request := range []events.APIGatewayProxyRequest{
		w.redeeming(t, w.alice, offered), w.disconnecting(t, w.alice, "Google"),
	} {
		for name, refused := range lambdatest.NotSteppedUp(request, w.now) {
			lambdatest.WantStepUp(t, w.Serve(t, refused))
			if len(w.calls) != calls {
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
		"no offer":    {"offer", nil, "offer is missing"},
		"short offer": {"offer", strings.Repeat("A", 42), "offer must be"},
		"long offer":  {"offer", strings.Repeat("A", 44), "offer must be"},
		// 43 characters of base64url hold 258 bits; the last two must be zero.
		"offer of other form": {"offer", strings.Repeat("A", 42) + "B", "offer must be"},
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
	w := newWorld(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			body := maps.Clone(good)
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
	lambdatest.WantProblem(t, w.Serve(t, w.by(t, w.alice, stepUp, "POST", "/links", "")), http.StatusBadRequest, "empty")
	longest := fmt.Sprintf(`{"offer":%q,"provider":%q,"email":%q}`,
		strings.Repeat("A", 43), strings.Repeat("ä", 32), strings.Repeat("a", 2048))
	wantStatus(t, w.Serve(t, w.by(t, w.alice, stepUp, "POST", "/links", longest)), http.StatusNotFound)
}

// The identity is already the caller's, so nothing is left to do. The offer is still refused, because another account
// has used it.
func TestUsedOfferIsRefusedBeforeAnythingIsAsked(t *testing.T) {
	w, offered := offering(t)
	w.alice.identities = []entry{{google, false}}
	w.set(t, offerID(offered.Offer), usedBy, "b0b0b0b0-0000-4000-8000-000000000001")
	w.steps.plan(fault{})
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusConflict, "Another account has used this offer")
	if calls := w.steps.made(); len(calls) != 1 {
		t.Errorf("calls %v, want the offer read and nothing else", calls)
	}
}

func TestOfferThatLacksAnAttributeIsNotRedeemed(t *testing.T) {
	for _, attribute := range []string{"provider", "subject", "username", "sub", "email"} {
		w, offered := offering(t)
		w.set(t, offerID(offered.Offer), attribute, nil)
		wantStatus(t, w.redeem(t, w.alice, offered), http.StatusInternalServerError)
		if log := w.Log.String(); !strings.Contains(log, `"error":"MalformedItem","reason":"an offer lacks an attribute"`) {
			t.Errorf("log %s, want MalformedItem", log)
		}
		w.wantUntouched(t)
	}
	w, offered := offering(t)
	w.set(t, offerID(offered.Offer), contract.LinkExpiresAt, nil)
	lambdatest.WantProblem(t, w.redeem(t, w.alice, offered), http.StatusGone, "expired")
}
