package login

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// forLocalUsers refuses a client that takes users of providers only, and none of the user pool itself.
func (l *Login) forLocalUsers(next handler) handler {
	return func(w http.ResponseWriter, r *http.Request, a *authorization) {
		if !a.localUsers() {
			l.showError(w, http.StatusForbidden, "Sign in with a provider",
				"This client does not take passwords: it does not support COGNITO.")
			return
		}
		next(w, r, a)
	}
}

func (a *authorization) localUsers() bool {
	return slices.Contains(a.client.SupportedIdentityProviders, cognito)
}

// showLogin shows the page to sign in on, https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
func (l *Login) showLogin(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	p := page{Title: "Sign in"}
	if a.localUsers() {
		p.Forms = []form{{
			Action: a.page("/login"), Submit: "Sign in", Error: problem,
			Fields: []field{
				usernameField(username),
				{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password"},
			},
		}}
		p.Links = append(p.Links, link{Label: "Forgot your password?", Target: a.page("/forgotPassword")})
		if l.selfSignUp() {
			p.Links = append(p.Links, link{Label: "Create an account", Target: a.page("/signup")})
		}
	}
	for _, name := range a.client.SupportedIdentityProviders {
		if name != cognito {
			p.Links = append(p.Links, link{Label: "Continue with " + name, Target: a.with(name)})
		}
	}
	l.show(w, r, a, p)
}

// signIn answers POST /login.
func (l *Login) signIn(w http.ResponseWriter, r *http.Request, a *authorization) {
	username := entered(r, "username")
	challenge, err := l.pool.SignInWithPassword(a.client.ID, username, r.PostForm.Get("password"))
	switch {
	case hasCode(err, "UserNotConfirmedException"):
		http.Redirect(w, r, a.hinted("/confirm", username, ""), http.StatusSeeOther)
	case hasCode(err, "PasswordResetRequiredException"):
		http.Redirect(w, r, a.hinted("/confirmforgotPassword", username, ""), http.StatusSeeOther)
	case err != nil:
		l.showLogin(w, r, a, username, l.explain(r, err))
	default:
		l.proceed(w, r, pending{request: a, username: username, challenge: *challenge})
	}
}

// usernameField asks for a user name. User names are e-mail addresses: userpool.New refuses any other pool.
func usernameField(value string) field {
	return field{Name: "username", Label: "E-mail", Value: value, Type: "email", Autocomplete: "username"}
}

func codeField() field {
	return field{Name: "code", Label: "Code", Autocomplete: "one-time-code"}
}

// newPasswordField asks for a new password and shows the rules of the password policy.
func (l *Login) newPasswordField() field {
	policy := l.stage.UserPool.Policies.PasswordPolicy
	var parts []string
	for _, rule := range []struct {
		wanted bool
		part   string
	}{
		{policy.RequireLowercase, "a lower-case letter"},
		{policy.RequireUppercase, "an upper-case letter"},
		{policy.RequireNumbers, "a digit"},
		{policy.RequireSymbols, "a symbol"},
	} {
		if rule.wanted {
			parts = append(parts, rule.part)
		}
	}
	hint := fmt.Sprintf("At least %d characters", policy.MinimumLength)
	if len(parts) > 0 {
		hint += ", with " + strings.Join(parts, ", ")
	}
	return field{Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password", Hint: hint + "."}
}
