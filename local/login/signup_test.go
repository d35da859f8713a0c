package login

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
)

const (
	bob             = "bob@example.com"
	bobPassword     = "Bobs-Passw0rd-1"
	anotherPassword = "Another-Passw0rd!"
)

func (v *view) shows(text string) {
	v.Helper()
	if v.status != http.StatusOK || !strings.Contains(html.UnescapeString(v.body), text) {
		v.Errorf("%s answered %d without %q:\n%s", v.at.Path, v.status, text, v.body)
	}
}

func TestANewCustomerSignsUpConfirmsAndSignsIn(t *testing.T) {
	b := newBench(t)
	form := b.browser().authorize().follow("Create an account")
	confirm := form.submit(0, "username", bob, "password", bobPassword)
	if confirm.at.Path != "/confirm" || confirm.forms[0].values.Get("username") != bob {
		t.Fatalf("after signing up: got %s with %v; want /confirm with the user name", confirm.at, confirm.forms)
	}
	again := confirm.submit(0, "code", "000000")
	again.shows("Invalid verification code provided")
	login := again.submit(0, "code", " "+b.code(bob)+" ")
	login.shows(notes["confirmed"])
	id := claims(t, b.redeem(login.submit(0, "password", bobPassword).code()).ID)
	if id["email"] != bob || id["email_verified"] != true {
		t.Errorf("claims are %v; want those of %s, whose address is verified", id, bob)
	}
}

func TestThePasswordIsNeverSentBack(t *testing.T) {
	b := newBench(t)
	signUp := b.browser().authorize().follow("Create an account").submit(0, "username", ada, "password", "Secret-Secret-1")
	signUp.shows("An account with the given email already exists.")
	for _, v := range []*view{signUp, b.browser().authorize().submit(0, "username", ada, "password", "Secret-Secret-1")} {
		if strings.Contains(v.body, "Secret-Secret-1") {
			t.Errorf("%s shows the password again", v.at.Path)
		}
	}
}

func TestWhatWasEnteredStaysAfterAnError(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		s.UserPool.Schema = []deployed.Attribute{
			{Name: "email", AttributeDataType: "String", Required: true}, {Name: "locale", AttributeDataType: "String"},
			{Name: "given_name", AttributeDataType: "String", Required: true},
			{Name: "provider_email", AttributeDataType: "String"},
		}
	})
	v := b.browser().authorize().follow("Create an account").submit(0, "username", ada, "given_name", "Ada", "password",
		"x")
	if got := v.forms[0].values; got.Get("username") != ada || got.Get("given_name") != "Ada" {
		t.Errorf("the form is back with %v", got)
	}
}

func TestAnUnconfirmedCustomerIsAskedForTheCode(t *testing.T) {
	b := newBench(t)
	b.signUp(bob)
	confirm := b.browser().authorize().submit(0, "username", bob, "password", password)
	if confirm.at.Path != "/confirm" {
		t.Fatalf("got %s; want /confirm", confirm.at)
	}
	var resend string
	for _, button := range confirm.forms[0].buttons {
		if _, unchecked := button.attributes["formnovalidate"]; unchecked {
			resend = button.attributes["formaction"]
		}
	}
	b.browser().send(http.MethodPost, resend, confirm.forms[0].values).shows(notes["sent"])
	if sent := len(b.box.Messages(bob)); sent != 2 {
		t.Errorf("%d codes were sent; want another one", sent)
	}
}

func TestAForgottenPasswordIsSetAnew(t *testing.T) {
	b := newBench(t)
	reset := b.browser().authorize().follow("Forgot your password?").submit(0, "username", ada)
	reset.shows(notes["sent"])
	again := reset.submit(0, "code", "1", "password", anotherPassword)
	again.shows("Invalid verification code provided")
	login := again.submit(0, "code", b.code(ada), "password", anotherPassword)
	login.shows(notes["changed"])
	login.submit(0, "password", password).shows("Incorrect username or password.")
	login.submit(0, "password", anotherPassword).code()
}

func TestACustomerWhoMustResetThePasswordIsLedThere(t *testing.T) {
	b := newBench(t)
	b.administer("AdminResetUserPassword", `"Username":"`+ada+`"`)
	if reset := b.password(); reset.at.Path != "/confirmforgotPassword" {
		t.Errorf("got %s; want /confirmforgotPassword", reset.at)
	}
}

func TestForgotPasswordTellsNobodyWhoHasAnAccount(t *testing.T) {
	b := newBench(t)
	known := b.browser().authorize().follow("Forgot your password?").submit(0, "username", ada)
	unknown := b.browser().authorize().follow("Forgot your password?").submit(0, "username", bob)
	if diff := cmp.Diff(known.body, strings.NewReplacer(bob, ada, "bob%40", "ada%40").Replace(unknown.body)); diff != "" {
		t.Errorf("the pages differ (-known +unknown):\n%s", diff)
	}
}

func TestWithoutSelfSignUpNobodySignsUp(t *testing.T) {
	b := newBench(t)
	b.login.pool = unasked{}
	b.login.stage.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly = true
	if login := b.browser().authorize(); strings.Contains(login.body, "Create an account") {
		t.Error("sign-in offers to create an account")
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if got := b.browser().send(method, "/signup?"+request(),
			map[string][]string{"username": {bob}}); got.status != http.StatusForbidden {
			t.Errorf("%s /signup: %d; want 403", method, got.status)
		}
	}
}
