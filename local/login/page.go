package login

import (
	"errors"
	"net/http"
	"slices"

	"github.com/securecart/identity/local/userpool"
	"github.com/securecart/identity/local/webpage"
)

// Pages of managed login and of the identity providers look alike.
type (
	page   = webpage.Page
	form   = webpage.Form
	field  = webpage.Field
	link   = webpage.Link
	button = webpage.Button
)

// notes are messages about what has just happened. The query of a page chooses one, and cannot bring its own text.
var notes = map[string]string{
	"confirmed": "Your account is confirmed. You can sign in now.",
	"sent":      "If there is such an account, a code is on its way to it.",
	"changed":   "Your password is changed. You can sign in now.",
}

// show answers with a page. Its form may lead to the client's callback URL, which browsers check against form-action.
func (l *Login) show(w http.ResponseWriter, r *http.Request, a *authorization, p page) {
	p.Stage, p.Note = l.stage.ID, notes[r.URL.Query().Get("note")]
	sources := "'self' " + a.origin()
	l.write(w, http.StatusOK, sources, p)
}

// showError answers with a page without links.
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

// crossOrigin refuses a POST that another site made the browser send.
func (l *Login) crossOrigin(w http.ResponseWriter, _ *http.Request) {
	l.showError(w, http.StatusForbidden, "This form was sent from another site",
		"Nothing was done. Go back to the shop and sign in from there.")
}

// explain returns the text of an error for a form. It logs an error that is not the user pool's answer.
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
