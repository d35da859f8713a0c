package login

import (
	"net/http"
	"strings"

	"github.com/securecart/identity/local/userpool"
)

// showForgot answers GET /forgotPassword.
func (l *Login) showForgot(w http.ResponseWriter, r *http.Request, a *authorization) {
	l.showForgotAgain(w, r, a, a.values.Get("login_hint"), "")
}

func (l *Login) showForgotAgain(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Forgot your password?",
		Intro: []string{"You get a code to set a new one with."},
		Forms: []form{
			{
				Action: a.page("/forgotPassword"), Submit: "Send the code", Error: problem,
				Fields: []field{l.usernameField(username)},
			},
		},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// forgot answers POST /forgotPassword. Where the code went is not said: it would tell who has an account.
func (l *Login) forgot(w http.ResponseWriter, r *http.Request, a *authorization) {
	username := strings.TrimSpace(r.PostForm.Get("username"))
	if _, err := l.pool.ForgotPassword(a.client.ID, username); err != nil {
		l.showForgotAgain(w, r, a, username, l.explain(r, err))
		return
	}
	http.Redirect(w, r, a.hinted("/confirmforgotPassword", username, "sent"), http.StatusSeeOther)
}

// showReset answers GET /confirmforgotPassword.
func (l *Login) showReset(w http.ResponseWriter, r *http.Request, a *authorization) {
	l.showResetAgain(w, r, a, a.values.Get("login_hint"), "")
}

func (l *Login) showResetAgain(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Set a new password",
		Forms: []form{{
			Action: a.page("/confirmforgotPassword"), Submit: "Set the password", Error: problem,
			Fields: []field{l.usernameField(username), codeField(), l.newPasswordField()},
			Other:  &button{Label: "Send a new code", Action: a.page("/forgotPassword")},
		}},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// reset answers POST /confirmforgotPassword.
func (l *Login) reset(w http.ResponseWriter, r *http.Request, a *authorization) {
	username := strings.TrimSpace(r.PostForm.Get("username"))
	given := userpool.Confirmation{
		ClientID: a.client.ID, Username: username, Code: strings.TrimSpace(r.PostForm.Get("code")),
	}
	if err := l.pool.ConfirmForgotPassword(r.Context(), given, r.PostForm.Get("password")); err != nil {
		l.showResetAgain(w, r, a, username, l.explain(r, err))
		return
	}
	http.Redirect(w, r, a.hinted("/login", username, "changed"), http.StatusSeeOther)
}
