package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestManyAtATimeConnectOnce(t *testing.T) {
	w, offered := offering(t)
	request := w.redeeming(t, w.alice, offered)
	// Time-outs are long, or a busy machine would look like a failing service.
	patient := function.Patience{Attempt: time.Minute, Attempts: 1}
	w.service.pool.client = cognito.NewFromConfig(patient.Apply(lambdatest.AWSConfig(w.url)))
	w.service.links.client = dynamodb.NewFromConfig(patient.Apply(lambdatest.AWSConfig(lambdatest.DynamoDBEndpoint(t))))
	var all sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, 25)
	for i := range errs {
		all.Go(func() {
			<-start
			_, errs[i] = w.service.connect(t.Context(), request)
		})
	}
	close(start)
	all.Wait()
	connected := 0
	for _, err := range errs {
		var refusal *gateway.Problem
		switch {
		case err == nil:
			connected++
		case !errors.As(err, &refusal) || refusal.Code != "LinkBusy":
			t.Errorf("error %v, want none or LinkBusy", err)
		}
	}
	if connected == 0 || w.deleted != 1 || w.linked != 1 {
		t.Errorf("%d succeeded, %d users deleted, %d identities linked; want any, 1, 1", connected, w.deleted, w.linked)
	}
	w.connects(t, w.alice, offered)
}

// Before each call of a redemption, something else happens completely. The pool checks each deletion; afterwards the
// customer must be able to connect.
func TestWhateverHappensBetweenTwoCallsNoAccountIsLost(t *testing.T) {
	others := map[string]func(t *testing.T, w *world, offered made){
		"the same request": func(t *testing.T, w *world, offered made) { w.redeem(t, w.alice, offered) },
		"the same with a new offer": func(t *testing.T, w *world, _ made) {
			if lands := w.signIn(google, address); lands != w.alice {
				w.redeem(t, w.alice, w.offers(t, lands))
			}
		},
		"a sign-in":    func(_ *testing.T, w *world, _ made) { w.signIn(google, address) },
		"a disconnect": func(t *testing.T, w *world, _ made) { w.Serve(t, w.disconnecting(t, w.alice, "Google")) },
		"a disconnect and a sign-in": func(t *testing.T, w *world, _ made) {
			w.Serve(t, w.disconnecting(t, w.alice, "Google"))
			w.signIn(google, address)
		},
		"another account of that address": func(t *testing.T, w *world, _ made) {
			w.redeem(t, w.signUp(address), w.offers(t, w.profile))
		},
		"the account deletes itself": func(_ *testing.T, w *world, _ made) { w.erase(w.alice) },
	}
	for name, happens := range others {
		for at := range redeems {
			t.Run(fmt.Sprintf("%s before %d %s", name, at+1, redeems[at]), func(t *testing.T) {
				t.Parallel()
				w, offered := offering(t)
				w.steps.plan(fault{at: at + 1, first: func() {
					if w.users[w.profile.username] == w.profile || !strings.HasPrefix(name, "another") {
						happens(t, w, offered)
					}
				}})
				response := w.redeem(t, w.alice, offered)
				if response.StatusCode >= http.StatusInternalServerError && response.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("answer %d %s", response.StatusCode, response.Body)
				}
				w.steps.plan(fault{})
				for _, one := range w.users {
					if !one.native && one.username != w.profile.username {
						t.Errorf("there is another profile: %+v", one)
					}
				}
				if w.users[w.alice.username] != w.alice && name != "the account deletes itself" {
					t.Error("the account was deleted")
				}
				w.wantOneOwner(t)
			})
		}
	}
}

// wantOneOwner checks that signing in with the provider leads to one account, and that an account with a password to
// which it leads is marked.
func (w *world) wantOneOwner(t testing.TB) {
	t.Helper()
	owners := 0
	for _, one := range w.users {
		for _, e := range one.identities {
			if e.identity != google {
				continue
			}
			owners++
			if one.native && w.item(t, contract.LinkedCustomer+one.sub) == nil {
				t.Errorf("%s is connected and has no mark", one.username)
			}
			if one.native && asciiLower(one.email) != address {
				t.Errorf("%s is connected with an account of the address %s", address, one.email)
			}
		}
	}
	if owners > 1 {
		t.Errorf("the identity has %d owners", owners)
	}
}
