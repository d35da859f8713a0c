package login

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/userpool"
)

const number = "+491701234567"

// password enters the customer's password, and returns the next page.
func (b *bench) password() *view {
	b.Helper()
	return b.browser().authorize().submit(0, "username", ada, "password", password)
}

// challenged is the page of a challenge that the customer's password has led to.
func (b *bench) challenged(c userpool.Challenge, pairs ...string) *view {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "/login?"+request(pairs...), nil)
	w := httptest.NewRecorder()
	protectedPage(b.login.requested(func(w http.ResponseWriter, r *http.Request, a *authorization) {
		b.login.proceed(w, r, pending{request: a, username: ada, challenge: c})
	})).ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	return b.browser().read(answer)
}

func asks(name, parameter, value string) userpool.Challenge {
	return userpool.Challenge{Name: name, Parameters: map[string]string{parameter: value}}
}

func TestASecondFactorIsAskedForBeforeAnyCode(t *testing.T) {
	b := newBench(t, withMFA)
	secret := b.enrol()
	asked := b.password()
	if asked.header.Get("Set-Cookie") != "" ||
		asked.browser.authorize("prompt", "none").returned().Get("error") != "login_required" {
		t.Error("the password alone signed in")
	}
	again := asked.submit(0, "code", "000000")
	again.shows("Invalid code received for user")
	got := b.redeem(again.submit(0, "code", b.totp(secret)).code())
	if since := claims(t, got.Access)["auth_time"]; since != float64(b.clock.Now().Unix()) {
		t.Errorf("the sign-in was at %v; want now, %v", since, b.clock.Now())
	}
}

func TestTheFactorCanBeChosen(t *testing.T) {
	b := newBench(t, withMFA)
	b.enrol()
	named := `"Username":"` + ada + `",`
	b.administer("AdminUpdateUserAttributes", named+`"UserAttributes":[{"Name":"phone_number","Value":"`+number+`"},
		{"Name":"phone_number_verified","Value":"true"}]`)
	b.administer("AdminSetUserMFAPreference", named+`"SMSMfaSettings":{"Enabled":true},
		"SoftwareTokenMfaSettings":{"Enabled":true,"PreferredMfa":false}`)
	asked := b.password()
	if len(asked.forms) != 2 {
		t.Fatalf("%d choices; want 2", len(asked.forms))
	}
	for _, form := range asked.forms {
		if got := form.values.Get("factor") + " " + form.buttons[0].text; got != "SOFTWARE_TOKEN_MFA Authenticator app" &&
			got != "SMS_MFA Text message" {
			t.Errorf("a choice is %q", got)
		}
	}
	sms := asked.submit(1)
	sms.shows("+********4567")
	sms.submit(0, "code", "1").shows("Invalid code received for user")
	sms.submit(0, "code", b.code(number)).code()
}

func TestAnAuthenticatorIsSetUpWhereThePoolWantsIt(t *testing.T) {
	b := newBench(t, withMFA, func(s *deployed.Stage) { s.UserPool.EnabledMfas = []string{softwareToken} })
	asked := b.password()
	if len(asked.forms) != 1 {
		t.Errorf("%d factors are offered; want only the one that can be set up", len(asked.forms))
	}
	enrol := asked.submit(0)
	secret := enrol.all("p")[2].text
	picture := strings.TrimPrefix(enrol.all("img")[0].attributes["src"], "data:image/png;base64,")
	raw := must.Get(base64.StdEncoding.DecodeString(picture))(t)
	if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
		t.Errorf("the QR code is no PNG: %v", err)
	}
	again := enrol.submit(0, "code", "000000")
	again.shows("Code mismatch")
	again.shows(secret) // The same secret, or the app that scanned it would never fit.
	if got := b.redeem(again.submit(0, "code", b.totp(secret)).code()); got.status != http.StatusOK {
		t.Errorf("got %+v; want tokens", got)
	}
}

func TestAPhoneIsSetUpWithTheCodeThatItGets(t *testing.T) {
	b := newBench(t, withMFA)
	again := b.password().submit(1, "phone_number", "0170")
	again.shows("Invalid phone number format.")
	if again.all("p")[2].attributes["id"] != "error-2" {
		t.Errorf("the error is not with the form that was sent:\n%s", again.body)
	}
	again.submit(1, "phone_number", number).submit(0, "code", b.code(number)).code()
}

func TestOnlyFactorsThatThePoolOffersAreSetUp(t *testing.T) {
	b := newBench(t, withMFA, func(s *deployed.Stage) { s.UserPool.EnabledMfas = []string{softwareToken} })
	asked := b.password()
	b.login.pool = unasked{}
	asked.submit(0, "factor", "SMS_MFA").shows("Choose one of the factors below.")
}

func TestAnInvitedCustomerChoosesAPassword(t *testing.T) {
	b := newBench(t, withMFA)
	b.administer("AdminCreateUser", `"Username":"`+bob+`","TemporaryPassword":"Temporary-Passw0rd"`)
	asked := b.browser().authorize().submit(0, "username", bob, "password", "Temporary-Passw0rd")
	asked.submit(0, "password", "short").shows("Password did not conform with policy")
	next := asked.submit(0, "password", anotherPassword)
	if got := next.title(); got != "Set up a second factor" {
		t.Errorf("after the password: %q; want the second factor", got)
	}
	next.submit(1, "phone_number", number).submit(0, "code", b.code(number)).code()
}

func TestAChallengeIsAnsweredOnceAndInTime(t *testing.T) {
	b := newBench(t, withMFA)
	secret := b.enrol()
	asked := b.password()
	asked.submit(0, "code", b.totp(secret)).code()
	asked.submit(0, "code", b.totp(secret)).shows("That took too long, or was answered already.")

	late := b.password()
	b.clock.Advance(pendingLife)
	late.submit(0, "code", b.totp(secret)).shows("That took too long, or was answered already.")

	ended := b.password()
	b.clock.Advance(3 * time.Minute) // The client's AuthSessionValidity.
	back := ended.submit(0, "code", b.totp(secret))
	back.shows("Invalid session for the user")
	if back.title() != "Sign in" {
		t.Errorf("after the pool ended the session: %q; want to sign in again", back.title())
	}
}

func TestAChallengeFinishesTheRequestThatItBeganWith(t *testing.T) {
	b := newBench(t, withMFA)
	secret := b.enrol()
	asked := b.password()
	values := asked.forms[0].values
	values.Set("code", b.totp(secret))
	got := asked.send(http.MethodPost, "/challenge?"+request("redirect_uri", "myapp://signed-in", "state", "other"),
		values)
	got.code()
}

func TestAnUnknownChallengeIsAnErrorForTheClient(t *testing.T) {
	b := newBench(t)
	for _, c := range []userpool.Challenge{{Name: "DEVICE_SRP_AUTH"}, {Name: setUpMFA},
		asks(selectMFA, "MFAS_CAN_CHOOSE", `["EMAIL_OTP"]`)} {
		if values := b.challenged(c).returned(); values.Get("error") != "server_error" || values.Get("state") != "s-1" {
			t.Errorf("%s: got %v; want server_error", c.Name, values)
		}
	}
}
