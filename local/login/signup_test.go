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
	bob         = "bob@example.com"
	bobPassword = "Bobs-Passw0rd-1"
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
	want := map[string]string{"email": bob}
	if diff := cmp.Diff(want, b.pool.users[bob].attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	again := confirm.submit(0, "code", "000000")
	again.shows("Invalid verification code provided")
	login := again.submit(0, "code", " "+rightCode+" ")
	login.shows(notes["confirmed"])
	if got := b.redeem(login.submit(0, "password", bobPassword).code()); got.status != http.StatusOK ||
		b.pool.issued[0].Username != bob {
		t.Errorf("got %+v for %v; want tokens for %s", got, b.pool.issued, bob)
	}
}

func TestThePasswordIsNeverSentBack(t *testing.T) {
	b := newBench(t)
	signUp := b.browser().authorize().follow("Create an account").submit(0, "username", ada, "password", "Secret-Secret-1")
	signUp.shows("User already exists")
	for _, v := range []*view{signUp, b.browser().authorize().submit(0, "username", ada, "password", "Secret-Secret-1")} {
		if strings.Contains(v.body, "Secret-Secret-1") {
			t.Errorf("%s shows the password again", v.at.Path)
		}
	}
}

func TestWhatWasEnteredStaysAfterAnError(t *testing.T) {
	b := newBench(t, func(s *deployed.Stage) {
		s.UserPool.Schema = []deployed.Attribute{
			{Name: "email", Required: true}, {Name: "given_name", Required: true}, {Name: "locale"},
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
	b.pool.users[bob] = &customer{password: bobPassword}
	confirm := b.browser().authorize().submit(0, "username", bob, "password", bobPassword)
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
	if last := b.pool.calls[len(b.pool.calls)-1]; last != "ResendConfirmationCode web "+bob {
		t.Errorf("the pool was asked %q last", last)
	}
}

func TestAForgottenPasswordIsSetAnew(t *testing.T) {
	b := newBench(t)
	reset := b.browser().authorize().follow("Forgot your password?").submit(0, "username", ada)
	reset.shows(notes["sent"])
	again := reset.submit(0, "code", "1", "password", anotherPassword)
	again.shows("Invalid verification code provided")
	login := again.submit(0, "code", rightCode, "password", anotherPassword)
	login.shows(notes["changed"])
	login.submit(0, "password", password).shows("Incorrect username or password.")
	login.submit(0, "password", anotherPassword).code()
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
	b := newBench(t, func(s *deployed.Stage) { s.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly = true })
	if login := b.browser().authorize(); strings.Contains(login.body, "Create an account") {
		t.Error("sign-in offers to create an account")
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if got := b.browser().send(method, "/signup?"+request(),
			map[string][]string{"username": {bob}}); got.status != http.StatusForbidden {
			t.Errorf("%s /signup: %d; want 403", method, got.status)
		}
	}
	if len(b.pool.calls) > 0 {
		t.Errorf("the pool was asked %q", b.pool.calls)
	}
}

func TestTheUserNameIsWhatTheUserPoolTakes(t *testing.T) {
	for want, names := range map[string][]string{
		"User name": nil, "E-mail": {"email"}, "Phone number": {"phone_number"},
		"E-mail or phone number": {"email", "phone_number"},
	} {
		b := newBench(t, func(s *deployed.Stage) { s.UserPool.UsernameAttributes = names })
		if got := b.browser().authorize().all("label")[0].text; got != want {
			t.Errorf("%q: label %q; want %q", names, got, want)
		}
	}
}
