package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// change sends PUT /profile, which must be answered 204.
func (a *account) change(t *testing.T, text string) {
	t.Helper()
	lambdatest.WantNoContent(t, a.Serve(t, requestOf(t, "PUT", "/profile", text)))
}

// wantStored checks a customer's item without its key.
func (a *account) wantStored(t *testing.T, customer string, want map[string]any) {
	t.Helper()
	got := a.stored(t, customer)
	delete(got, contract.CustomerID)
	lambdatest.Same(t, "stored", got, want)
}

// before is the customer's item before a change.
var before = map[string]any{
	"name": "Before", "locale": "de", "newsletter": true,
	"paymentMethod": map[string]any{"provider": "stripe", "token": "pm_12345678"},
}

func TestProfileIsChangedInTheFieldsThatAreSent(t *testing.T) {
	for text, change := range map[string]map[string]any{
		`{"name":"Alice Liddell"}`: {"name": "Alice Liddell"},
		`{"givenName":"Alice","familyName":"Liddell","name":"A","locale":"zh-Hans-CN","address":"Oxford"}`: {
			"givenName": "Alice", "familyName": "Liddell", "name": "A", "locale": "zh-Hans-CN", "address": "Oxford",
		},
		`{"name":"` + strings.Repeat("ü", 128) + `"}`:             {"name": strings.Repeat("ü", 128)},
		`{"address":"` + strings.Repeat("\U0001F3E0", 512) + `"}`: {"address": strings.Repeat("\U0001F3E0", 512)},
		`{"name":"<script>'; --"}`:                                {"name": "<script>'; --"},
	} {
		a := newAccount(t)
		a.put(t, alice, before)
		a.put(t, bob, before)
		a.change(t, text)
		want := maps.Clone(before)
		maps.Copy(want, change)
		a.wantStored(t, alice, want)
		a.wantStored(t, bob, before)
	}
}

func TestFieldThatIsSentEmptyIsRemoved(t *testing.T) {
	for text, want := range map[string]map[string]any{
		`{"name":""}`:             {"locale": "de"},
		`{"name":"","locale":""}`: {},
		`{"name":"","locale":"en","givenName":"Alice"}`: {"locale": "en", "givenName": "Alice"},
		`{"address":""}`: {"name": "Before", "locale": "de"},
	} {
		a := newAccount(t)
		a.put(t, alice, before)
		a.change(t, text)
		whole := map[string]any{"newsletter": true, "paymentMethod": before["paymentMethod"]}
		maps.Copy(whole, want)
		a.wantStored(t, alice, whole)
	}
}

func TestFirstChangeOfACustomerMakesTheProfile(t *testing.T) {
	a := newAccount(t)
	a.change(t, `{"address":""}`)
	if got := a.profile(t); got != `{}` {
		t.Errorf("the profile is %s after a field that was not there was removed, want {}", got)
	}
	a.change(t, `{"name":"Alice","locale":"de"}`)
	a.change(t, `{"locale":""}`)
	if got := a.profile(t); got != `{"name":"Alice"}` {
		t.Errorf("the profile is %s, want the name only", got)
	}
	a.wantStored(t, alice, map[string]any{"name": "Alice"})
}

func TestChangeThatTheRulesForbidIsRefused(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	const line = `must be 1 to 128 characters on one line, not only blanks, or "" to remove it`
	none := "body must have at least one of " + strings.Join(contract.ProfileFields(), ", ")
	const tag = `locale must be a language tag such as de-CH, or "" to remove it`
	for text, detail := range map[string]string{
		`{}`:                                               none,
		`{"email":"eve@mail.example"}`:                     "email is unknown",
		`{"email_verified":"true"}`:                        "email_verified is unknown",
		`{"given_name":"A"}`:                               "given_name is unknown",
		`{"custom:admin":"true"}`:                          `"custom:admin" is unknown`,
		`{"name":"A","sub":"x"}`:                           "sub is unknown",
		`{"name":"A","customerId":"` + bob + `"}`:          "customerId is unknown",
		`{"name":"A","paymentMethod":""}`:                  "paymentMethod is unknown",
		`{"name":"  "}`:                                    "name " + line,
		`{"name":null}`:                                    "name " + line,
		`{"name":false}`:                                   "name " + line,
		`{"name":7}`:                                       "name " + line,
		`{"name":{"first":"A"}}`:                           "name " + line,
		`{"givenName":"A\u0000"}`:                          "givenName " + line,
		`{"givenName":"A\nB"}`:                             "givenName " + line,
		`{"familyName":"A\u2028B"}`:                        "familyName " + line,
		`{"familyName":"\u202ecilA"}`:                      "familyName " + line,
		`{"familyName":"A\ud800"}`:                         "familyName " + line,
		`{"name":"` + long(129) + `"}`:                     "name " + line,
		`{"address":"` + long(513) + `"}`:                  "address must be 1 to 512 characters",
		`{"locale":"de_DE"}`:                               tag,
		`{"locale":"d"}`:                                   tag,
		`{"locale":"de-"}`:                                 tag,
		`{"locale":"de-CH\n"}`:                             tag,
		`{"locale":" "}`:                                   tag,
		`{"locale":"` + strings.Repeat("de-", 20) + `de"}`: tag,
		`{"name":" ","locale":"?","nick":1}`:               "name " + line + "; " + tag + "; nick is unknown",
	} {
		a := newAccount(t)
		a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", "/profile", text)), http.StatusUnprocessableEntity, detail)
	}
}
