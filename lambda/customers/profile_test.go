package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestProfileIsShownAsThePoolHasIt(t *testing.T) {
	a := newAccount(t)
	for name, test := range map[string]struct {
		attributes map[string]string
		want       string
	}{
		"everything": {map[string]string{
			"sub": alice, "email": "alice@mail.example", "email_verified": "true", "name": "Alice Liddell", "given_name": "Alice",
			"family_name": "Liddell", "locale": "en-GB", "address": "Christ Church, Oxford",
			"phone_number": "+4915112345678", "identities": "[]", "custom:secret": "s",
		}, `{"email":"alice@mail.example","emailVerified":true,"name":"Alice Liddell","givenName":"Alice","familyName":"Liddell",` +
			`"locale":"en-GB","address":"Christ Church, Oxford"}`},
		"not verified":  {map[string]string{"sub": alice, "email": "a@mail.example", "email_verified": "false"}, `{"email":"a@mail.example","emailVerified":false}`},
		"hardly a user": {map[string]string{"sub": alice}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			a.users[alice] = test.attributes
			response := a.Serve(t, requestOf(t, "GET", "/profile", ""))
			if response.StatusCode != http.StatusOK || response.Body != test.want {
				t.Errorf("answer %d %s\nwant 200 %s", response.StatusCode, response.Body, test.want)
			}
			if cache := response.Headers["Cache-Control"]; cache != "no-store" {
				t.Errorf("Cache-Control %s, want no-store", cache)
			}
		})
	}
}

func TestProfileIsShownWithoutAStepUp(t *testing.T) {
	a := newAccount(t)
	request := requestOf(t, "GET", "/profile", "")
	lambdatest.Claims(request)["client_id"], lambdatest.Claims(request)["auth_time"] = web, "1784000000"
	if response := a.Serve(t, request); response.StatusCode != http.StatusOK {
		t.Errorf("answer %d %s; want 200", response.StatusCode, response.Body)
	}
}

func TestProfileIsThatOfTheTokensUsername(t *testing.T) {
	a := newAccount(t)
	a.users["google_1234"] = map[string]string{"sub": alice, "email": "alice@google.example"}
	request := requestOf(t, "GET", "/profile", "")
	lambdatest.Claims(request)["username"] = "google_1234"
	request.QueryStringParameters = map[string]string{"username": bob, "sub": bob}
	response := a.Serve(t, request)
	if want := `{"email":"alice@google.example"}`; response.StatusCode != http.StatusOK || response.Body != want {
		t.Errorf("answer %d %s; want 200 %s", response.StatusCode, response.Body, want)
	}
}

func TestProfileOfAnotherSubIsNotShown(t *testing.T) {
	a := newAccount(t)
	for _, username := range []string{bob, "nobody's-sub"} {
		a.users["nobody's-sub"] = map[string]string{"email": "eve@mail.example"}
		request := requestOf(t, "GET", "/profile", "")
		lambdatest.Claims(request)["username"] = username
		response := a.Serve(t, request)
		if response.StatusCode != http.StatusInternalServerError || strings.Contains(response.Body, "mail.example") {
			t.Errorf("answer %d %s; want a 500 problem without the profile", response.StatusCode, response.Body)
		}
		if log := a.Log.String(); !strings.Contains(log, `"error":"ForeignUser"`) || !strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("log %s; want an error ForeignUser", log)
		}
	}
}

func TestProfileOfNobodyIsRefused(t *testing.T) {
	for name, claims := range map[string]any{
		"no claims":         nil,
		"claims a string":   "sub=" + alice,
		"an ID token":       map[string]any{"token_use": "id", "sub": alice, "username": alice},
		"no sub":            map[string]any{"token_use": "access", "username": alice},
		"sub a list":        map[string]any{"token_use": "access", "sub": []any{alice}, "username": alice},
		"no username":       map[string]any{"token_use": "access", "sub": alice},
		"username a number": map[string]any{"token_use": "access", "sub": alice, "username": 7.0},
		"a deleted user":    map[string]any{"token_use": "access", "sub": alice, "username": "deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			request := requestOf(t, "GET", "/profile", "")
			request.RequestContext.Authorizer["claims"] = claims
			a.wantProblem(t, a.Serve(t, request), http.StatusUnauthorized, "Sign in")
		})
	}
}

func TestProfileThatCannotBeReadIsAnswered503(t *testing.T) {
	a := newAccount(t)
	for _, code := range []string{"TooManyRequestsException", "InternalErrorException", "AccessDeniedException"} {
		a.profiles.users = refusing(t, 400, code)
		response := a.Serve(t, requestOf(t, "GET", "/profile", ""))
		a.wantBusy(t, response, code, "Cognito Identity Provider AdminGetUser")
	}
	a.profiles.users = silent(t)
	a.wantBusy(t, a.Serve(t, requestOf(t, "GET", "/profile", "")), "Timeout", "Cognito Identity Provider AdminGetUser")
}
