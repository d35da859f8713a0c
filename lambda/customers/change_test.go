package main

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/awstest"
)

func TestProfileIsChangedInTheFieldsThatAreSent(t *testing.T) {
	before := map[string]string{"sub": alice, "email": "alice@mail.example", "name": "Before", "locale": "de"}
	for text, change := range map[string]map[string]string{
		`{"name":"Alice Liddell"}`: {"name": "Alice Liddell"},
		`{"givenName":"Alice","familyName":"Liddell","name":"A","locale":"zh-Hans-CN","address":"Christ Church, Oxford"}`: {
			"given_name": "Alice", "family_name": "Liddell", "name": "A", "locale": "zh-Hans-CN", "address": "Christ Church, Oxford"},
		`{"name":"` + strings.Repeat("ü", 128) + `"}`: {"name": strings.Repeat("ü", 128)},
		`{"name":"<script>'; --"}`:                    {"name": "<script>'; --"},
	} {
		a := newAccount(t)
		a.users[alice] = maps.Clone(before)
		wantNoContent(t, a.Serve(t, requestOf(t, "PUT", "/profile", text)))
		want := maps.Clone(before)
		maps.Copy(want, change)
		if diff := cmp.Diff(want, a.users[alice]); diff != "" {
			t.Errorf("%s: user (-want +got):\n%s", text, diff)
		}
	}
}

func TestProfileIsChangedWithTheCustomersOwnTokenAndNoCredentials(t *testing.T) {
	for name, value := range map[string]string{
		"Authorization": "Bearer " + token, "authorization": "bearer " + token, "AUTHORIZATION": token,
	} {
		a := newAccount(t)
		cfg := awstest.Config(a.url)
		cfg.Credentials = nil
		a.profiles.users = cognito.NewFromConfig(cfg)
		request := requestOf(t, "PUT", "/profile", `{"name":"A"}`)
		delete(request.Headers, "Authorization")
		delete(request.MultiValueHeaders, "Authorization")
		request.Headers[name], request.MultiValueHeaders[name] = value, []string{value}
		wantNoContent(t, a.Serve(t, request))
		if a.users[alice]["name"] != "A" || len(a.calls) != 1 {
			t.Errorf("%s %s: calls %v, user %v; want one call that sets the name", name, value, a.calls, a.users[alice])
		}
	}
}

func TestChangeWithoutExactlyOneTokenIsRefused(t *testing.T) {
	for name, values := range map[string][]string{
		"none": nil, "empty": {""}, "scheme only": {"Bearer "}, "two headers": {"Bearer " + token, "Bearer " + token},
		"two tokens": {"Bearer " + token + ", Bearer x"}, "another scheme": {"Basic " + token},
	} {
		a := newAccount(t)
		request := requestOf(t, "PUT", "/profile", `{"name":"A"}`)
		delete(request.Headers, "Authorization")
		request.MultiValueHeaders["Authorization"] = values
		a.wantStepUp(t, a.Serve(t, request))
		if len(a.calls) != 0 {
			t.Errorf("%s: Cognito was called: %v", name, a.calls)
		}
	}
}

func TestChangeThatTheRulesForbidIsRefused(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	const line = "must be 1 to 128 characters on one line"
	for text, detail := range map[string]string{
		`{}`:                                               "body must have at least one of name, givenName, familyName, locale, address",
		`{"email":"eve@mail.example"}`:                     "email is unknown",
		`{"email_verified":"true"}`:                        "email_verified is unknown",
		`{"given_name":"A"}`:                               "given_name is unknown",
		`{"custom:admin":"true"}`:                          `"custom:admin" is unknown`,
		`{"name":"A","sub":"x"}`:                           "sub is unknown",
		`{"name":""}`:                                      "name " + line,
		`{"name":"  "}`:                                    "name " + line,
		`{"name":null}`:                                    "name " + line,
		`{"name":7}`:                                       "name " + line,
		`{"name":{"first":"A"}}`:                           "name " + line,
		`{"givenName":"A\u0000"}`:                          "givenName " + line,
		`{"givenName":"A\nB"}`:                             "givenName " + line,
		`{"familyName":"A\u2028B"}`:                        "familyName " + line,
		`{"familyName":"\u202ecilA"}`:                      "familyName " + line,
		`{"familyName":"A\ud800"}`:                         "familyName " + line,
		`{"name":"` + long(129) + `"}`:                     "name " + line,
		`{"address":"` + long(513) + `"}`:                  "address must be 1 to 512 characters",
		`{"locale":"de_DE"}`:                               "locale must be a language tag such as de-CH",
		`{"locale":"d"}`:                                   "locale must be",
		`{"locale":"de-"}`:                                 "locale must be",
		`{"locale":"de-CH\n"}`:                             "locale must be",
		`{"locale":"` + strings.Repeat("de-", 20) + `de"}`: "locale must be",
		`{"name":"","locale":"?","nick":1}`:                "name " + line + ", not only blanks; locale must be a language tag such as de-CH; nick is unknown",
	} {
		a := newAccount(t)
		a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", "/profile", text)), http.StatusUnprocessableEntity, detail)
		if len(a.calls) != 0 {
			t.Errorf("%s: Cognito was called: %v", text, a.calls)
		}
	}
}

func TestTokenThatCognitoRefusesHasToStepUpAgain(t *testing.T) {
	for _, code := range []string{"NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException", "UserNotConfirmedException"} {
		a := newAccount(t)
		a.profiles.users = refusing(t, 400, code)
		a.wantStepUp(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)))
		if want := fmt.Sprintf(`"error":%q,"reason":"Cognito Identity Provider UpdateUserAttributes"`, code); !strings.Contains(a.Log.String(), want) {
			t.Errorf("log %s; want %s", a.Log, want)
		}
	}
	a := newAccount(t)
	delete(a.tokens, token)
	a.wantStepUp(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)))
}

func TestChangeThatCognitoCannotMakeIsAnswered503(t *testing.T) {
	a := newAccount(t)
	for code, status := range map[string]int{"TooManyRequestsException": 400, "InternalErrorException": 500, "UnexpectedLambdaException": 400} {
		a.profiles.users = refusing(t, status, code)
		response := a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`))
		a.wantBusy(t, response, code, "Cognito Identity Provider UpdateUserAttributes")
	}
	a.profiles.users = silent(t)
	response := a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`))
	a.wantBusy(t, response, "Timeout", "Cognito Identity Provider UpdateUserAttributes")
}

func TestChangeThatThePoolForbidsIsAMistakeOfOurs(t *testing.T) {
	a := newAccount(t)
	a.profiles.users = refusing(t, 400, "InvalidParameterException")
	a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", "/profile", `{"name":"A"}`)), http.StatusInternalServerError, "our side")
}

func TestChangeInBase64IsRead(t *testing.T) {
	a := newAccount(t)
	request := requestOf(t, "PUT", "/profile", base64.StdEncoding.EncodeToString([]byte(`{"name":"Zoë"}`)))
	request.IsBase64Encoded = true
	wantNoContent(t, a.Serve(t, request))
	if a.users[alice]["name"] != "Zoë" {
		t.Errorf("the name is %q, want Zoë", a.users[alice]["name"])
	}
}
