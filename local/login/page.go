package login

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/securecart/identity/local/userpool"
)

// page is all that there is on a page. The template puts it in order; labels, autofocus and what describes a field
// follow from it.
type page struct {
	// Title is also the heading.
	Title string
	// Intro are paragraphs. Note says what has just happened.
	Intro []string
	Note  string
	// Picture is a PNG as data URL, with Alt for those who do not see it.
	Picture template.URL
	Alt     string
	Forms   []form
	Links   []link
	// Stage is set by show.
	Stage string
}

type form struct {
	Action string
	// Heading is empty if the page has one form.
	Heading string
	Hidden  map[string]string
	Fields  []field
	Submit  string
	// Other is a second button, which leaves the fields unchecked.
	Other *button
	// Error says why the form is here again.
	Error string
	// ErrorID is set by show.
	ErrorID string
}

type button struct{ Label, Action string }

type link struct{ Label, Target string }

type field struct {
	Name, Label, Value string
	// Type is that of an input element; "text" if empty.
	Type string
	// Autocomplete helps password managers; "off" if empty.
	Autocomplete string
	Hint         string
	Optional     bool

	// The rest is set by show.
	ID, DescribedBy string
	Focus, Invalid  bool
}

//go:embed page.html
var pageHTML string

//go:embed login.css
var loginCSS []byte

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

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
	p.prepare()
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, p); err != nil {
		l.logger.Error("managed login cannot write a page", "title", p.Title, "error", err)
		http.Error(w, "this page cannot be written", http.StatusInternalServerError)
		return
	}
	policy := basePolicy + "; style-src 'self'; img-src 'self'; form-action " + formAction
	if p.Picture != "" {
		policy = strings.Replace(policy, "img-src 'self'", "img-src 'self' data:", 1)
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // A browser that is gone cannot be told.
}

// prepare numbers the fields, ties hints and errors to them, and lets the first one that waits for input have the
// focus.
func (p *page) prepare() {
	var first *field
	for i := range p.Forms {
		f := &p.Forms[i]
		f.ErrorID = fmt.Sprintf("error-%d", i+1)
		for j := range f.Fields {
			input := &f.Fields[j]
			input.ID = fmt.Sprintf("field-%d-%d", i+1, j+1)
			var described []string
			if input.Invalid = f.Error != ""; input.Invalid {
				described = append(described, f.ErrorID)
			}
			if input.Hint != "" {
				described = append(described, input.ID+"-hint")
			}
			input.DescribedBy = strings.Join(described, " ")
			if first == nil || first.Value != "" && input.Value == "" {
				first = input
			}
		}
	}
	if first != nil {
		first.Focus = true
	}
}

// basePolicy has no script, frame or request of any kind.
const basePolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

// protectedPage sets the headers of everything that a browser shows.
func protectedPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", basePolicy)
		header.Set("X-Frame-Options", "DENY")
		header.Set("X-Content-Type-Options", "nosniff")
		// Query strings have states and user names, which are nobody else's.
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// crossOrigin answers a POST that another site made the browser send.
func (l *Login) crossOrigin(w http.ResponseWriter, _ *http.Request) {
	l.showError(w, http.StatusForbidden, "This form was sent from another site",
		"Nothing was done. Go back to the shop and sign in from there.")
}

func stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(loginCSS) // A browser that is gone cannot be told.
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
	if !errors.As(err, &refused) {
		return false
	}
	for _, code := range codes {
		if refused.Code == code {
			return true
		}
	}
	return false
}
