package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestOfferNamesWhatTheCustomerHasToConfirm(t *testing.T) {
	w := newWorld(t)
	got := w.offers(t, w.profile)
	if want := (made{got.Offer, "Google", address, w.now.Add(5 * time.Minute).UTC().Format(time.RFC3339)}); got != want {
		t.Errorf("answer %+v, want %+v", got, want)
	}
	if random, err := base64.RawURLEncoding.DecodeString(got.Offer); err != nil || len(random) != 32 {
		t.Errorf("the offer has %d bytes (%v), want 32", len(random), err)
	}
	if again := w.offers(t, w.profile); again.Offer == got.Offer {
		t.Error("two offers are the same")
	}
	w.wantUntouched(t)
}

func TestOfferIsStoredAsItsHash(t *testing.T) {
	w := newWorld(t)
	got := w.offers(t, w.profile)
	hash := sha256.Sum256([]byte(got.Offer))
	stored := w.item(t, "offer#"+base64.RawURLEncoding.EncodeToString(hash[:]))
	want := map[string]any{
		"linkId": "offer#" + base64.RawURLEncoding.EncodeToString(hash[:]), "provider": "Google", "subject": google.subject,
		"username": "google_" + google.subject, "sub": w.profile.sub, "email": address,
		"expiresAt": secondsAt(w.now.Add(5 * time.Minute)),
	}
	lambdatest.Same(t, "stored", stored, want)
	all, err := lambdatest.DynamoDB(t).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(w.table)})
	if err != nil || len(all.Items) != 1 || strings.Contains(fmt.Sprint(all.Items), got.Offer) {
		t.Errorf("the table holds %v (%v), want one item without the offer itself", all, err)
	}
}

// notFederated is part of the response to an account that has a password, or looks like one.
const notFederated = "without a password"

func TestOfferIsRefused(t *testing.T) {
	tests := map[string]struct {
		change func(w *world)
		status int
		detail string
	}{
		"native":                   {func(w *world) { w.profile = w.alice }, 409, notFederated},
		"native, connected":        {func(w *world) { w.connect(t); w.profile = w.alice }, 409, notFederated},
		"two identities":           {func(w *world) { w.adds(identity{"Okta", "1"}, false) }, 409, notFederated},
		"two own identities":       {func(w *world) { w.adds(identity{"Okta", "1"}, true) }, 409, notFederated},
		"no identity":              {func(w *world) { w.profile.identities = nil }, 409, notFederated},
		"linked identity only":     {func(w *world) { w.profile.identities[0].primary = false }, 409, notFederated},
		"confirmed":                {func(w *world) { w.profile.status = "CONFIRMED" }, 409, notFederated},
		"marked as connected":      {func(w *world) { w.mark(t, w.profile) }, 409, notFederated},
		"no address":               {func(w *world) { w.profile.providerEmail = "" }, 422, "Sign up with your e-mail"},
		"an address of the pool's": {func(w *world) { w.profile.email, w.profile.providerEmail = address, "" }, 422, "Sign"},
		"disabled":                 {func(w *world) { w.profile.disabled = true }, 401, "Sign in"},
		"deleted":                  {func(w *world) { w.erase(w.profile) }, 401, "Sign in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.change(w)
			before := w.deleted + w.linked
			response := w.Serve(t, w.by(t, w.profile, web, "POST", "/link-offers", ""))
			lambdatest.WantProblem(t, response, test.status, test.detail)
			if w.deleted+w.linked != before {
				t.Error("a user was deleted, or an identity linked")
			}
			if all := w.everything(t); strings.Contains(all, contract.LinkOffer) && name != "native, connected" {
				t.Errorf("the table holds an offer: %s", all)
			}
		})
	}
}

// An offer has 256 random bits: no byte is constant.
func TestOffersAreRandomInEveryByte(t *testing.T) {
	var first []byte
	differs := make([]bool, 32)
	for range 16 {
		w := newWorld(t)
		random, err := base64.RawURLEncoding.DecodeString(w.offers(t, w.profile).Offer)
		if err != nil || len(random) != 32 {
			t.Fatalf("an offer of %d bytes, error %v, want 32 bytes", len(random), err)
		}
		if first == nil {
			first = random
		}
		for i := range random {
			differs[i] = differs[i] || random[i] != first[i]
		}
	}
	for i, differs := range differs {
		if !differs {
			t.Errorf("byte %d is %#x in each of 16 offers", i, first[i])
		}
	}
}

func TestOfferTakesARecentSignIn(t *testing.T) {
	for age, status := range map[int64]int{0: 201, 300: 201, 301: 401, 3600: 401, -31: 401} {
		w := newWorld(t)
		request := w.by(t, w.profile, web, "POST", "/link-offers", "")
		lambdatest.Claims(request)["auth_time"] = strconv.FormatInt(w.now.Unix()-age, 10)
		response := w.Serve(t, request)
		wantStatus(t, response, status)
		if status == http.StatusUnauthorized {
			lambdatest.WantProblem(t, response, status, "Sign in again")
			if got := response.Headers["WWW-Authenticate"]; !strings.Contains(got, "max_age=300") {
				t.Errorf("WWW-Authenticate %s, want max_age=300", got)
			}
			if len(w.calls) != 0 {
				t.Errorf("the pool was called: %v", w.calls)
			}
		}
	}
}

func TestTokenOfAnotherUserIsNotTakenForTheUsers(t *testing.T) {
	for _, route := range [][2]string{
		{"POST", "/link-offers"}, {"GET", "/links"}, {"POST", "/links"}, {"DELETE", "/links"},
	} {
		w := newWorld(t)
		who := w.alice
		request := w.redeeming(t, who, w.offers(t, w.profile))
		request.HTTPMethod, request.Resource = route[0], route[1]
		if route[0] == http.MethodDelete {
			request = w.disconnecting(t, who, "Google")
		}
		lambdatest.Claims(request)["username"] = w.profile.username
		wantStatus(t, w.Serve(t, request), http.StatusInternalServerError)
		if log := w.Log.String(); !strings.Contains(log, `"error":"ForeignUser"`) {
			t.Errorf("%v: log %s, want ForeignUser", route, log)
		}
		delete(lambdatest.Claims(request), "username")
		wantStatus(t, w.Serve(t, request), http.StatusUnauthorized)
		lambdatest.Claims(request)["token_use"] = "id"
		wantStatus(t, w.Serve(t, request), http.StatusUnauthorized)
		w.wantUntouched(t)
	}
}
