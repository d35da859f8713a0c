package login

import (
	"errors"
	"net/http"
	"slices"

	"github.com/securecart/identity/local/userpool"
	"github.com/securecart/identity/local/webpage"
)

// The look of pages is shared with that of the identity providers.
type (
	page   = webpage.Page
	form   = webpage.Form
	field  = webpage.Field
	link   = webpage.Link
	button = webpage.Button
)

// notes are what a page may say has just happened. The query chooses one, and brings no text of its own.
var notes = map[string]string{
	"confirmed": "Your account is confirmed. You can sign in now.",
	"sent":      "If there is such an account, a code is on its way to it.",
	"changed":   "Your password is changed. You can sign in now.",
}

// show answers with the page. The form may lead to the client's callback URL, which browsers check against form-action.
func (l *Login) show(w http.ResponseWriter, r *http.Request, a *authorization, p page) {
	p.Stage, p.Note = l.stage.ID, notes[r.URL.Query().Get("note")]
	sources := "'self' " + a.origin()
	l.write(w, http.StatusOK, sources, p)
}

// showError answers with a page that leads nowhere.
func (l *Login) showError(w http.ResponseWriter, status int, title string, reasons ...string) {
	l.write(w, status, "'none'", page{Title: title, Intro: reasons, Stage: l.stage.ID})
}

func (l *Login) write(w http.ResponseWriter, status int, formAction string, p page) {
	if err := webpage.Write(w, status, p, "; form-action "+formAction); err != nil {
		l.logger.Error("managed login cannot write a page", "error", err)
	}
}

// protectedPage sets the headers of everything that a browser shows.
func protectedPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		webpage.Protect(w.Header())
		next.ServeHTTP(w, r)
	})
}

// crossOrigin answers a POST that another site made the browser send.
func (l *Login) crossOrigin(w http.ResponseWriter, _ *http.Request) {
	l.showError(w, http.StatusForbidden, "This form was sent from another site",
		"Nothing was done. Go back to the shop and sign in from there.")
}

// explain is what a form says about err. What the user pool did not say to the user goes to the log instead.
func (l *Login) explain(r *http.Request, err error) string {
	var refused *userpool.Error
	if errors.As(err, &refused) {
		return refused.Message
	}
	l.report(r, err)
	return "Something went wrong here. The log of the local run says what."
}

func (l *Login) report(r *http.Request, err error) {
	l.logger.ErrorContext(r.Context(), "managed login failed", "path", r.URL.Path, "error", err)
}

func hasCode(err error, codes ...string) bool {
	var refused *userpool.Error
	return errors.As(err, &refused) && slices.Contains(codes, refused.Code)
}
