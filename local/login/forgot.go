package login

import (
	"net/http"

	"github.com/securecart/identity/local/userpool"
)

func (l *Login) showForgot(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Forgot your password?",
		Intro: []string{"You get a code to set a new one with."},
		Forms: []form{{
			Action: a.page("/forgotPassword"), Submit: "Send the code", Error: problem,
			Fields: []field{usernameField(username)},
		}},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// forgot asks for a code. The next page does not say where the code went: that would tell who has an account.
func (l *Login) forgot(_ *http.Request, a *authorization, username string) error {
	_, err := l.pool.ForgotPassword(a.client.ID, username)
	return err
}

func (l *Login) showReset(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string) {
	l.show(w, r, a, page{
		Title: "Set a new password",
		Forms: []form{{
			Action: a.page("/confirmforgotPassword"), Submit: "Set the password", Error: problem,
			Fields: []field{usernameField(username), codeField(), l.newPasswordField()},
			Other:  &button{Label: "Send a new code", Action: a.page("/forgotPassword")},
		}},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

func (l *Login) reset(r *http.Request, a *authorization, username string) error {
	return l.pool.ConfirmForgotPassword(r.Context(), confirmation(r, a, username), r.PostForm.Get("password"))
}

// confirmation is the code that a form confirms a user with.
func confirmation(r *http.Request, a *authorization, username string) userpool.Confirmation {
	return userpool.Confirmation{ClientID: a.client.ID, Username: username, Code: entered(r, "code")}
}
