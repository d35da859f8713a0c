package main

import (
	"net/http"
	"sync"
	"testing"
)

func TestParameterIsFetchedOncePerProcess(t *testing.T) {
	b := newRig(t)
	payload := encode(t, from(t, webID, hostedAuth))
	var signIns sync.WaitGroup
	for range 50 {
		signIns.Go(func() {
			if _, err := b.Invoke(t.Context(), payload); err != nil {
				t.Errorf("sign-in failed: %v", err)
			}
		})
	}
	signIns.Wait()
	b.sign(t, from(t, "9unknown1example", hostedAuth))
	if calls := b.ssm.Calls(); calls != 1 {
		t.Errorf("the parameter was fetched %d times, want once", calls)
	}
}

func TestFailedFetchIsNotKept(t *testing.T) {
	b := newRig(t)
	works := *b.ssm.now.Load()
	for _, fails := range []behaviour{
		func(string, object) (int, any) { return http.StatusBadRequest, fault("ParameterNotFound") },
		func(string, object) (int, any) {
			return http.StatusOK, object{"Parameter": object{"Value": `{}`}}
		},
	} {
		b.connect(t, b.ssm.URL, b.users.URL)
		b.ssm.becomes(fails)
		event := from(t, webID, hostedAuth)
		if _, err := b.Invoke(t.Context(), encode(t, event)); err == nil {
			t.Fatal("the sign-in did not fail, so this test proves nothing")
		}
		b.ssm.becomes(works)
		if got := b.sign(t, event); len(got.Added) != 2 {
			t.Errorf("added %v after the parameter came back, want the scopes of Web", got.Added)
		}
	}
}

func TestParameterThatIsNotExactlyTwoClientsFailsEverySignIn(t *testing.T) {
	const text, id, more, same = "not a JSON object of strings", "stepUp or web is not a client id",
		"there is more than stepUp and web", "stepUp and web are the same"
	for value, reason := range map[string]string{
		``:                                   text,
		`{`:                                  text,
		`[]`:                                 text,
		`"4stepup8example"`:                  text,
		`{"stepUp":1,"web":"w"}`:             text,
		`{"stepUp":["s"],"web":"w"}`:         text,
		ids + `{}`:                           text,
		`null`:                               id,
		`{}`:                                 id,
		`{"stepUp":"s"}`:                     id,
		`{"web":"w"}`:                        id,
		`{"stepUp":"","web":"w"}`:            id,
		`{"stepUp":"s","web":null}`:          id,
		`{"stepUp":"s","web":" "}`:           id,
		`{"stepup":"s","web":"w"}`:           id,
		`{"stepUp":"${Token[1]}","web":"w"}`: id,
		`{"stepUp":"s","web":"s"}`:           same,
		`{"stepUp":"s","web":"w","app":"a"}`: more,
	} {
		b := newRig(t)
		b.enrolled(withTOTP)
		b.connect(t, parameterStore(t, value).URL, b.users.URL)
		b.wantFailure(t, string(encode(t, documented(t, nil))), "InvalidParameter", reason)
	}
	for _, value := range []string{ids, " {\n\"web\": \"" + webID + `", "stepUp": "` + stepUpID + "\" }\n"} {
		if got, err := readClientIDs(value); err != nil || got != (clientIDs{stepUpID, webID}) {
			t.Errorf("%s: %v, %v", value, got, err)
		}
	}
}
