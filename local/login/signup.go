package login

import (
	"net/http"
	"strings"

	"github.com/securecart/identity/local/userpool"
)

func (l *Login) selfSignUp() bool {
	return !l.stage.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly
}

// forNewUsers refuses a request where the user pool lets only administrators create users.
func (l *Login) forNewUsers(next handler) handler {
	return func(w http.ResponseWriter, r *http.Request, a *authorization) {
		if !l.selfSignUp() {
			l.showError(w, http.StatusForbidden, "Accounts are by invitation",
				"The user pool lets only administrators create users.")
			return
		}
		next(w, r, a)
	}
}

// required returns the attributes that a new user must have besides the e-mail address, which is the user name.
func (l *Login) required() []string {
	var names []string
	for _, attribute := range l.stage.UserPool.Schema {
		if attribute.Required && attribute.Name != "email" {
			names = append(names, attribute.Name)
		}
	}
	return names
}

// showSignUp shows the page on which a customer signs up, with the values that a form was sent with.
func (l *Login) showSignUp(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	fields := []field{usernameField(username)}
	for _, name := range l.required() {
		fields = append(fields, attributeField(name, entered(r, name)))
	}
	l.show(w, r, a, page{
		Title: "Create an account",
		Forms: []form{{
			Action: a.page("/signup"), Submit: "Create the account", Error: problem,
			Fields: append(fields, l.newPasswordField()),
		}},
		Links: []link{{Label: "Sign in instead", Target: a.page("/login")}},
	})
}

// signUp asks the user pool to add a user.
func (l *Login) signUp(r *http.Request, a *authorization, username string) error {
	attributes := map[string]string{"email": username}
	for _, name := range l.required() {
		attributes[name] = entered(r, name)
	}
	_, err := l.pool.SignUp(r.Context(), userpool.SignUpRequest{
		ClientID: a.client.ID, Username: username, Password: r.PostForm.Get("password"), Attributes: attributes,
	})
	return err
}

// showConfirm shows the page on which a new user enters the code that was sent.
func (l *Login) showConfirm(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Confirm your account",
		Forms: []form{{
			Action: a.page("/confirm"), Submit: "Confirm", Error: problem,
			Fields: []field{usernameField(username), codeField()},
			Other:  &button{Label: "Send a new code", Action: a.page("/resendcode")},
		}},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// confirm takes the code. The next page asks for the password, which this browser has not proved.
func (l *Login) confirm(r *http.Request, a *authorization, username string) error {
	return l.pool.ConfirmSignUp(r.Context(), confirmation(r, a, username))
}

func (l *Login) resend(_ *http.Request, a *authorization, username string) error {
	_, err := l.pool.ResendConfirmationCode(a.client.ID, username)
	return err
}

// attributeField asks for an attribute of the user pool's schema.
func attributeField(name, value string) field {
	f := field{Name: name, Value: value, Label: strings.ReplaceAll(name, "_", " ")}
	f.Label = strings.ToUpper(f.Label[:1]) + f.Label[1:]
	if known, ok := attributeInputs[name]; ok {
		f.Type, f.Autocomplete = known.kind, known.autocomplete
	}
	return f
}

var attributeInputs = map[string]struct{ kind, autocomplete string }{
	"email":        {"email", "email"},
	"phone_number": {"tel", "tel"},
	"birthdate":    {"date", "bday"},
	"name":         {"text", "name"},
	"given_name":   {"text", "given-name"},
	"family_name":  {"text", "family-name"},
}
