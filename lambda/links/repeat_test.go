package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
)

// faults are the faults of a call: it fails, it fails after it has done its work, or the process ends before or after
// it.
var faults = map[string]fault{
	"fails":       {lost: true},
	"answer lost": {lost: true, done: true},
	"ends before": {ends: true},
	"ends after":  {ends: true, done: true},
}

func TestRedemptionThatIsInterruptedAnywhereIsFinishedByARepetition(t *testing.T) {
	w, offered := offering(t)
	w.steps.plan(fault{})
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
	lambdatest.Same(t, "calls of a redemption", w.steps.made(), redeems)
	for at := range redeems {
		for name, wrong := range faults {
			t.Run(fmt.Sprintf("%d %s %s", at+1, redeems[at], name), func(t *testing.T) {
				t.Parallel()
				w, offered := offering(t)
				wrong.at = at + 1
				w.steps.plan(wrong)
				response := w.redeem(t, w.alice, offered)
				// The request itself repeats the steps from reading the profile to the link.
				if wrong.lost && at >= 6 && at <= 9 {
					lambdatest.WantNoContent(t, response)
				} else {
					w.wantBusy(t, response, redeems[at], wrong)
				}
				w.steps.plan(fault{})
				if wrong.ends {
					// The process ended, so it could not release the identity.
					w.now = w.now.Add(holdsFor)
				}
				w.connects(t, w.alice, offered)
				lambdatest.WantNoContent(t, w.redeem(t, w.alice, offered))
				w.wantOnce(t)
			})
		}
	}
}

// wantBusy checks the response to a request for which a call failed. If the process ended, a later call failed, too,
// and nobody saw the response.
func (w *world) wantBusy(t testing.TB, response events.APIGatewayProxyResponse, call string, wrong fault) {
	t.Helper()
	if wrong.ends {
		wantStatus(t, response, http.StatusServiceUnavailable)
		return
	}
	service := inDynamoDB
	if strings.HasPrefix(call, "Admin") {
		service = inCognito
	}
	w.WantUnavailable(t, response, "TooManyRequestsException", service+" "+call, address, w.table, pool)
}

// If a process ends after the profile was deleted and before the link was made, the customer can sign in with the
// provider, offer the new profile, and connect.
func TestCustomerWhoComesBackLaterConnects(t *testing.T) {
	for at := range redeems {
		w := newWorld(t)
		w.steps.plan(fault{})
		offered := w.offers(t, w.profile)
		w.steps.plan(fault{at: at + 1, ends: true})
		w.redeem(t, w.alice, offered)
		w.steps.plan(fault{})
		w.now = w.now.Add(time.Hour)
		lands := w.signIn(google, address)
		if lands == w.alice {
			continue // the link was made
		}
		w.connects(t, w.alice, w.offers(t, lands))
	}
}

func TestOtherRoutesThatFailAnywhereSucceedWhenRepeated(t *testing.T) {
	routes := map[string]struct {
		request func(w *world) events.APIGatewayProxyRequest
		status  int
	}{
		"POST /link-offers": {func(w *world) events.APIGatewayProxyRequest {
			return w.by(t, w.profile, web, "POST", "/link-offers", "")
		}, http.StatusCreated},
		"GET /links": {func(w *world) events.APIGatewayProxyRequest {
			return w.by(t, w.alice, web, "GET", "/links", "")
		}, http.StatusOK},
		"DELETE /links": {func(w *world) events.APIGatewayProxyRequest {
			w.connect(t)
			return w.disconnecting(t, w.alice, "Google")
		}, http.StatusNoContent},
	}
	for route, test := range routes {
		w := newWorld(t)
		request := test.request(w)
		w.steps.plan(fault{})
		wantStatus(t, w.Serve(t, request), test.status)
		calls := w.steps.made()
		for at := range calls {
			for name, wrong := range faults {
				t.Run(fmt.Sprintf("%s %d %s %s", route, at+1, calls[at], name), func(t *testing.T) {
					w := newWorld(t)
					request := test.request(w)
					wrong.at = at + 1
					w.steps.plan(wrong)
					response := w.Serve(t, request)
					if calls[at] == "AdminDisableProviderForUser" && wrong.lost && wrong.done {
						lambdatest.WantNoContent(t, response)
					} else {
						w.wantBusy(t, response, calls[at], wrong)
					}
					w.steps.plan(fault{})
					wantStatus(t, w.Serve(t, request), test.status)
					if route == "DELETE /links" && (len(w.linkedTo(w.alice)) != 0 || w.item(t, recordID(google)) != nil) {
						t.Errorf("linked are %v, and the record is %v; want neither", w.linkedTo(w.alice), w.item(t, recordID(google)))
					}
				})
			}
		}
	}
}

// The faults above are those of the pool and of the table Links.
func TestProofsThatCannotBeReadAreAnswered503(t *testing.T) {
	w := newWorld(t)
	w.factor(totp, totp)
	for code, service := range lambdatest.FailingDynamoDB(t) {
		w.service.proofs = proof.NewTable(service.Config(), w.proofs)
		response := w.Serve(t, w.by(t, w.alice, web, "GET", "/links", ""))
		w.WantUnavailable(t, response, code, "DynamoDB GetItem", w.proofs, pool, address)
	}
}

// The SDK repeats a successful write whose response was lost.
func TestWriteThatIsSentTwiceIsOne(t *testing.T) {
	w := newWorld(t)
	w.steps.twice = true
	w.connects(t, w.alice, w.offers(t, w.profile))
	w.wantOnce(t)
}

// The request has timed out. Nevertheless the next one need not wait for the identity.
func TestRequestThatTimesOutReleasesTheIdentity(t *testing.T) {
	w, offered := offering(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.steps.plan(fault{at: 9, first: cancel}) // the deletion
	response, _ := w.API.Serve(ctx, w.redeeming(t, w.alice, offered))
	lambdatest.WantProblem(t, response, http.StatusServiceUnavailable, "busy")
	w.steps.plan(fault{})
	w.connects(t, w.alice, offered)
}
