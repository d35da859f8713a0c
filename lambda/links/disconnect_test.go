package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestDisconnectedProviderLeadsToTheAccountNoMore(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	facebook := identity{"Facebook", "3"}
	w.alice.identities = append(w.alice.identities, entry{facebook, false})
	for range 3 {
		lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")))
		if got := w.linkedTo(w.alice); !slices.Equal(got, []identity{facebook}) {
			t.Fatalf("linked are %v, want Facebook alone", got)
		}
	}
	if record := w.item(t, recordID(google)); record != nil {
		t.Errorf("the record is %v, want none", record)
	}
	if mark := w.item(t, contract.LinkedCustomer+w.alice.sub); mark == nil {
		t.Error("the account is marked no more, and could be taken for a profile")
	}
	if lands := w.signIn(google, address); lands.native {
		t.Error("signing in with Google still leads to the account")
	}
}

func TestDisconnectedProviderIsConnectedAgain(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")))
	w.connects(t, w.alice, w.offers(t, w.signIn(google, address)))
}

// All identities of the provider are disconnected: the customer cannot tell them apart.
func TestAllIdentitiesOfAProviderAreDisconnected(t *testing.T) {
	w := newWorld(t)
	w.alice.identities = []entry{{identity{"Google", "2"}, false}, {identity{"Google", "3"}, false}}
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")))
	if len(w.linkedTo(w.alice)) != 0 || w.unlinked != 2 {
		t.Errorf("linked are %v, %d unlinked; want none and two", w.linkedTo(w.alice), w.unlinked)
	}
}

func TestDisconnectIsRefused(t *testing.T) {
	tests := map[string]struct {
		query  map[string]string
		detail string
	}{
		"nothing":               {nil, "provider is missing"},
		"empty":                 {map[string]string{"provider": ""}, "provider must be the name of a provider"},
		"long":                  {map[string]string{"provider": strings.Repeat("x", 33)}, "provider must be"},
		"Cognito":               {map[string]string{"provider": "Cognito"}, "a password cannot be disconnected"},
		"Cognito in lower case": {map[string]string{"provider": "cognito"}, "a password cannot be disconnected"},
		"COGNITO":               {map[string]string{"provider": "COGNITO"}, "a password cannot be disconnected"},
		"a customer":            {map[string]string{"provider": "Google", "customerId": "x"}, "unknown parameter"},
		"a subject":             {map[string]string{"provider": "Google", "subject": "x"}, "unknown parameter"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.alice.identities = []entry{{identity{"Cognito", w.alice.username}, false}}
			request := lambdatest.WithQuery(w.disconnecting(t, w.alice, ""), test.query)
			lambdatest.WantProblem(t, w.Serve(t, request), http.StatusBadRequest, test.detail)
			if calls := w.steps.made(); len(calls) != 0 {
				t.Errorf("services were called: %v", calls)
			}
		})
	}
}

func TestDisconnectTouchesNothingElse(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	bob := w.signUp("bob@mail.example")
	before := w.item(t, recordID(google))
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, bob, "Google")))
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "google")))
	// The identity for which a profile was created is not linked with it.
	profile := w.signIn(identity{"Google", "2"}, "carol@mail.example")
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, profile, "Google")))
	if w.unlinked != 0 || len(profile.identities) != 1 {
		t.Errorf("%d identities unlinked, want none", w.unlinked)
	}
	if diff := cmp.Diff(before, w.item(t, recordID(google))); diff != "" {
		t.Errorf("the record (-before +after):\n%s", diff)
	}
	w.wantConnected(t, w.alice, google)
}

// The pool says that the identity is the caller's, the record that it is another account's: the record stays.
func TestDisconnectLeavesTheRecordOfAnotherAccount(t *testing.T) {
	for attribute, value := range map[string]any{
		contract.CustomerID: "b0b0b0b0-0000-4000-8000-000000000001",
		busyUntil:           int64(1784115962 + 1), // a request is connecting the identity
	} {
		w := newWorld(t)
		w.connect(t)
		w.set(t, recordID(google), attribute, value)
		lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")))
		if w.item(t, recordID(google)) == nil {
			t.Errorf("%s: the record was deleted", attribute)
		}
		if w.unlinked != 1 {
			t.Errorf("%s: %d identities unlinked, want 1", attribute, w.unlinked)
		}
	}
	w := newWorld(t)
	w.connect(t)
	w.set(t, recordID(google), busyUntil, w.now.Unix())
	lambdatest.WantNoContent(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")))
	if record := w.item(t, recordID(google)); record != nil {
		t.Errorf("the record is %v, want none: nobody holds the identity any more", record)
	}
}

func TestDisconnectOfAnAccountThatIsDeletedMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.connect(t)
	w.steps.plan(fault{at: 3, first: func() { w.erase(w.alice) }})
	wantStatus(t, w.Serve(t, w.disconnecting(t, w.alice, "Google")), http.StatusUnauthorized)
	if calls := w.steps.made(); !slices.Equal(calls,
		[]string{"AdminGetUser", "DeleteItem", "AdminDisableProviderForUser", "AdminGetUser"}) {
		t.Errorf("calls %v", calls)
	}
}
