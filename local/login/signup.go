package login

import (
	"net/http"
	"slices"
	"strings"

	"github.com/securecart/identity/local/userpool"
)

func (l *Login) selfSignUp() bool {
	return !l.stage.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly
}

// required are the attributes that a new user must have besides the user name.
func (l *Login) required() []string {
	var names []string
	for _, attribute := range l.stage.UserPool.Schema {
		if attribute.Required && !slices.Contains(l.stage.UserPool.UsernameAttributes, attribute.Name) {
			names = append(names, attribute.Name)
		}
	}
	return names
}

// showSignUp answers GET /signup.
func (l *Login) showSignUp(w http.ResponseWriter, r *http.Request, a *authorization) {
	l.showSignUpAgain(w, r, a, map[string]string{"username": a.values.Get("login_hint")}, "")
}

func (l *Login) showSignUpAgain(
	w http.ResponseWriter, r *http.Request, a *authorization, values map[string]string, problem string,
) {
	if !l.selfSignUp() {
		l.showError(w, http.StatusForbidden, "Accounts are by invitation",
			"The user pool lets only administrators create users.")
		return
	}
	fields := []field{l.usernameField(values["username"])}
	for _, name := range l.required() {
		fields = append(fields, attributeField(name, values[name]))
	}
	l.show(w, r, a, page{
		Title: "Create an account",
		Forms: []form{
			{
				Action: a.page("/signup"), Submit: "Create the account", Error: problem,
				Fields: append(fields, l.newPasswordField()),
			},
		},
		Links: []link{{Label: "Sign in instead", Target: a.page("/login")}},
	})
}

// signUp answers POST /signup.
func (l *Login) signUp(w http.ResponseWriter, r *http.Request, a *authorization) {
	if !l.selfSignUp() {
		l.showSignUpAgain(w, r, a, nil, "")
		return
	}
	username := strings.TrimSpace(r.PostForm.Get("username"))
	attributes := map[string]string{}
	for _, name := range l.required() {
		attributes[name] = strings.TrimSpace(r.PostForm.Get(name))
	}
	values := map[string]string{"username": username}
	for name, value := range attributes {
		values[name] = value
	}
	// A user name that is an e-mail address or a phone number is that attribute, too.
	for _, name := range l.stage.UserPool.UsernameAttributes {
		if strings.Contains(username, "@") == (name == "email") {
			attributes[name] = username
		}
	}
	_, err := l.pool.SignUp(r.Context(), userpool.SignUpRequest{
		ClientID: a.client.ID, Username: username, Password: r.PostForm.Get("password"), Attributes: attributes,
	})
	if err != nil {
		l.showSignUpAgain(w, r, a, values, l.explain(r, err))
		return
	}
	http.Redirect(w, r, a.hinted("/confirm", username, "sent"), http.StatusSeeOther)
}

// showConfirm answers GET /confirm, where a new user enters the code that was sent.
func (l *Login) showConfirm(w http.ResponseWriter, r *http.Request, a *authorization) {
	l.showConfirmAgain(w, r, a, a.values.Get("login_hint"), "")
}

func (l *Login) showConfirmAgain(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Confirm your account",
		Forms: []form{
			{
				Action: a.page("/confirm"), Submit: "Confirm", Error: problem,
				Fields: []field{l.usernameField(username), codeField()},
				Other:  &button{Label: "Send a new code", Action: a.page("/resendcode")},
			},
		},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// confirm answers POST /confirm. Signing in comes after it, with the password: this browser has not proved it.
func (l *Login) confirm(w http.ResponseWriter, r *http.Request, a *authorization) {
	username := strings.TrimSpace(r.PostForm.Get("username"))
	given := userpool.Confirmation{
		ClientID: a.client.ID, Username: username, Code: strings.TrimSpace(r.PostForm.Get("code")),
	}
	if err := l.pool.ConfirmSignUp(r.Context(), given); err != nil {
		l.showConfirmAgain(w, r, a, username, l.explain(r, err))
		return
	}
	http.Redirect(w, r, a.hinted("/login", username, "confirmed"), http.StatusSeeOther)
}

// resend answers POST /resendcode.
func (l *Login) resend(w http.ResponseWriter, r *http.Request, a *authorization) {
	username := strings.TrimSpace(r.PostForm.Get("username"))
	if _, err := l.pool.ResendConfirmationCode(a.client.ID, username); err != nil {
		l.showConfirmAgain(w, r, a, username, l.explain(r, err))
		return
	}
	http.Redirect(w, r, a.hinted("/confirm", username, "sent"), http.StatusSeeOther)
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
