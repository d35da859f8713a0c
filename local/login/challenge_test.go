package login

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/userpool"
)

// challengedBench has a customer whose sign-in is challenged.
func challengedBench(t *testing.T, challenges ...userpool.Challenge) (*bench, *view) {
	t.Helper()
	b := newBench(t)
	b.pool.users[ada].challenges = challenges
	return b, b.browser().authorize().submit(0, "username", ada, "password", password)
}

func asks(name, parameter, value string) userpool.Challenge {
	return userpool.Challenge{Name: name, Parameters: map[string]string{parameter: value}}
}

func TestASecondFactorIsAskedForBeforeAnyCode(t *testing.T) {
	for name, c := range map[string]userpool.Challenge{
		"authenticator": {Name: softwareToken},
		"text message":  asks(smsCode, "CODE_DELIVERY_DESTINATION", "+*******67"),
	} {
		t.Run(name, func(t *testing.T) {
			b, asked := challengedBench(t, c)
			if asked.header.Get("Set-Cookie") != "" ||
				asked.browser.authorize("prompt", "none").returned().Get("error") != "login_required" {
				t.Error("the password alone signed in")
			}
			asked.shows(c.Parameters["CODE_DELIVERY_DESTINATION"])
			again := asked.submit(0, "code", "000000")
			again.shows("Invalid code received for user")
			b.clock.pass(time.Minute)
			if got := b.redeem(again.submit(0, "code", rightCode).code()); got.status != http.StatusOK ||
				!b.pool.issued[0].AuthTime.Equal(b.clock.Now()) {
				t.Errorf("got %+v, %v; want tokens of a sign-in now", got, b.pool.issued)
			}
		})
	}
}

func TestTheFactorCanBeChosen(t *testing.T) {
	_, asked := challengedBench(t, asks(selectMFA, "MFAS_CAN_CHOOSE", `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`))
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
	sms.shows("+*******67")
	sms.submit(0, "code", rightCode).code()
}

func TestAnAuthenticatorIsSetUpWhereThePoolWantsIt(t *testing.T) {
	b, asked := challengedBench(t, asks(setUpMFA, "MFAS_CAN_SETUP", `["SOFTWARE_TOKEN_MFA"]`))
	if len(asked.forms) != 1 {
		t.Errorf("%d factors are offered; want only the one that can be set up", len(asked.forms))
	}
	enrol := asked.submit(0)
	enrol.shows(totpSecret)
	picture := strings.TrimPrefix(enrol.all("img")[0].attributes["src"], "data:image/png;base64,")
	raw := must.Get(base64.StdEncoding.DecodeString(picture))(t)
	if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
		t.Errorf("the QR code is no PNG: %v", err)
	}
	again := enrol.submit(0, "code", "000000")
	again.shows("Code mismatch")
	again.shows(totpSecret) // The same secret, or the app that scanned it would never fit.
	if got := b.redeem(again.submit(0, "code", rightCode).code()); got.status != http.StatusOK {
		t.Errorf("got %+v; want tokens", got)
	}
}

func TestAPhoneIsSetUpWithTheCodeThatItGets(t *testing.T) {
	_, asked := challengedBench(t, asks(setUpMFA, "MFAS_CAN_SETUP", `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`))
	again := asked.submit(1, "phone_number", "0170")
	again.shows("Invalid phone number format.")
	if again.all("p")[2].attributes["id"] != "error-2" {
		t.Errorf("the error is not with the form that was sent:\n%s", again.body)
	}
	again.submit(1, "phone_number", "+491701234567").submit(0, "code", rightCode).code()
}

func TestOnlyFactorsThatThePoolOffersAreSetUp(t *testing.T) {
	b, asked := challengedBench(t, asks(setUpMFA, "MFAS_CAN_SETUP", `["SOFTWARE_TOKEN_MFA"]`))
	before := len(b.pool.calls)
	asked.submit(0, "factor", "SMS_MFA").shows("Choose one of the factors below.")
	if len(b.pool.calls) != before {
		t.Errorf("the pool was asked %q", b.pool.calls[before:])
	}
}

func TestAnInvitedCustomerChoosesAPassword(t *testing.T) {
	b, asked := challengedBench(t, asks(newPassword, "requiredAttributes", `["userAttributes.given_name"]`))
	again := asked.submit(0, "password", "short", "userAttributes.given_name", "Ada")
	again.shows("Password does not conform to policy")
	again.submit(0, "password", anotherPassword, "userAttributes.given_name", "Ada").code()
	if got := b.pool.users[ada].attributes["userAttributes.given_name"]; got != "Ada" {
		t.Errorf("the attribute came as %q", got)
	}
}

func TestOneChallengeMayFollowAnother(t *testing.T) {
	_, asked := challengedBench(t, asks(newPassword, "requiredAttributes", `[]`), userpool.Challenge{Name: softwareToken})
	code := asked.submit(0, "password", anotherPassword)
	if got := code.title(); got != "Enter your code" {
		t.Fatalf("after the password: %q; want the second factor", got)
	}
	code.submit(0, "code", rightCode).code()
}

func TestAChallengeIsAnsweredOnceAndInTime(t *testing.T) {
	b, asked := challengedBench(t, userpool.Challenge{Name: softwareToken})
	asked.submit(0, "code", rightCode).code()
	asked.submit(0, "code", rightCode).shows("That took too long, or was answered already.")

	late := b.browser().authorize().submit(0, "username", ada, "password", password)
	b.clock.pass(pendingLife)
	late.submit(0, "code", rightCode).shows("That took too long, or was answered already.")

	ended := b.browser().authorize().submit(0, "username", ada, "password", password)
	clear(b.pool.sessions)
	back := ended.submit(0, "code", rightCode)
	back.shows("Invalid session for the user.")
	if back.title() != "Sign in" {
		t.Errorf("after the pool ended the session: %q; want to sign in again", back.title())
	}
}

func TestAChallengeFinishesTheRequestThatItBeganWith(t *testing.T) {
	_, asked := challengedBench(t, userpool.Challenge{Name: softwareToken})
	values := asked.forms[0].values
	values.Set("code", rightCode)
	got := asked.send(http.MethodPost, "/challenge?"+request("redirect_uri", "myapp://signed-in", "state", "other"),
		values)
	got.code()
}

func TestAnUnknownChallengeIsAnErrorForTheClient(t *testing.T) {
	for _, c := range []userpool.Challenge{{Name: "DEVICE_SRP_AUTH"}, {Name: setUpMFA},
		asks(selectMFA, "MFAS_CAN_CHOOSE", `["EMAIL_OTP"]`)} {
		_, got := challengedBench(t, c)
		if values := got.returned(); values.Get("error") != "server_error" || values.Get("state") != "s-1" {
			t.Errorf("%s: got %v; want server_error", c.Name, values)
		}
	}
}
