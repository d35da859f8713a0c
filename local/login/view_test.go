package login

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// view is what the browser got.
type view struct {
	*browser
	status int
	header http.Header
	at     *url.URL
	body   string
	markup []element
	forms  []shownForm
}

// element is a start tag with the text that follows it.
type element struct {
	name       string
	attributes map[string]string
	text       string
}

type shownForm struct {
	action  string
	values  url.Values
	buttons []element
}

// parse reads the page as strictly as HTML allows: markup that the template did not mean does not parse, or shows as an
// element.
func (v *view) parse() {
	v.Helper()
	d := xml.NewDecoder(strings.NewReader(v.body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			v.Fatalf("%s is no HTML that this test understands: %v\n%s", v.at.Path, err, v.body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			v.open(token)
		case xml.CharData:
			if len(v.markup) > 0 {
				v.markup[len(v.markup)-1].text += strings.TrimSpace(string(token))
			}
		}
	}
	form := -1
	for _, e := range v.markup {
		if e.name == "form" {
			form++
		}
		if e.name == "button" {
			v.forms[form].buttons = append(v.forms[form].buttons, e)
		}
	}
}

func (v *view) open(start xml.StartElement) {
	e := element{name: start.Name.Local, attributes: map[string]string{}}
	for _, attribute := range start.Attr {
		e.attributes[attribute.Name.Local] = attribute.Value
	}
	v.markup = append(v.markup, e)
	switch e.name {
	case "form":
		v.forms = append(v.forms, shownForm{action: e.attributes["action"], values: url.Values{}})
	case "input":
		_, checked := e.attributes["checked"]
		if form := &v.forms[len(v.forms)-1]; checked || e.attributes["type"] != "checkbox" {
			form.values.Set(e.attributes["name"], e.attributes["value"])
		}
	}
}

func (v *view) all(name string) []element {
	return slices.DeleteFunc(slices.Clone(v.markup), func(e element) bool { return e.name != name })
}

func (v *view) title() string { return v.all("h1")[0].text }

// submit fills in the form (pairs of name and value) and sends it.
func (v *view) submit(form int, pairs ...string) *view {
	v.Helper()
	if len(v.forms) <= form {
		v.Fatalf("%s has no form %d:\n%s", v.at.Path, form, v.body)
	}
	filled := v.forms[form]
	for i := 0; i < len(pairs); i += 2 {
		if !filled.values.Has(pairs[i]) {
			v.Fatalf("%s has no field %q:\n%s", v.at.Path, pairs[i], v.body)
		}
		filled.values.Set(pairs[i], pairs[i+1])
	}
	next := v.send(http.MethodPost, filled.action, filled.values)
	if len(next.all("script")) > 0 { // which sends the form
		return next.submit(0)
	}
	return next
}

// follow goes where the link with this label leads.
func (v *view) follow(label string) *view {
	v.Helper()
	for _, link := range v.all("a") {
		if link.text == label {
			return v.get(link.attributes["href"])
		}
	}
	v.Fatalf("%s has no link %q:\n%s", v.at.Path, label, v.body)
	return nil
}
