// Package webpage is how the local stage's own pages look: those of managed login and of the identity providers.
package webpage

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// Page is all that there is on a page. The template puts it in order; labels, autofocus and what describes a field
// follow from it.
type Page struct {
	// Title is also the heading.
	Title string
	// Intro are paragraphs. Note says what has just happened.
	Intro []string
	Note  string
	// Picture is a PNG as data URL, with Alt for those who do not see it.
	Picture template.URL
	Alt     string
	Forms   []Form
	Links   []Link
	// Send lets a script send the first form, as providers do that answer by POST. Without scripts there is its button.
	Send bool
	// Stage is the construct id of what is served.
	Stage string
}

// Form is one of a page.
type Form struct {
	Action string
	// Heading is empty if the page has one form.
	Heading string
	Hidden  map[string]string
	Fields  []Field
	Submit  string
	// Other is a second button, which leaves the fields unchecked.
	Other *Button
	// Error says why the form is here again.
	Error string
	// ErrorID is set by Write.
	ErrorID string
}

// Button is a second way to send a form.
type Button struct{ Label, Action string }

// Link leads to another page.
type Link struct{ Label, Target string }

// Field is an input element with its label.
type Field struct {
	Name, Label, Value string
	// Type is that of an input element; "text" if empty.
	Type string
	// Autocomplete helps password managers; "off" if empty.
	Autocomplete string
	Hint         string
	Optional     bool

	// The rest is set by Write.
	ID, DescribedBy string
	Focus, Invalid  bool
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var css []byte

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// Policy is a Content-Security-Policy without scripts, frames or requests of any kind.
const Policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

// sendPolicy allows the one script that page.html has.
const sendPolicy = "; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='"

// Protect sets the headers of everything that a browser shows.
func Protect(header http.Header) {
	header.Set("Content-Security-Policy", Policy)
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-Content-Type-Options", "nosniff")
	// Query strings have states and user names, which are nobody else's.
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
}

// Write answers with the page. More is added to the Content-Security-Policy, such as "form-action 'self'".
func Write(w http.ResponseWriter, status int, p Page, more string) error {
	p.prepare()
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, p); err != nil {
		http.Error(w, "this page cannot be written", http.StatusInternalServerError)
		return fmt.Errorf("write the page %q: %w", p.Title, err)
	}
	images := "'self'"
	if p.Picture != "" {
		images += " data:"
	}
	if p.Send {
		more += sendPolicy
	}
	w.Header().Set("Content-Security-Policy", Policy+"; style-src 'self'; img-src "+images+more)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // A browser that is gone cannot be told.
	return nil
}

// Stylesheet answers GET /page.css.
func Stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(css) // A browser that is gone cannot be told.
}

// prepare numbers the fields, ties hints and errors to them, and lets the first one that waits for input have the
// focus.
func (p *Page) prepare() {
	var first *Field
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
