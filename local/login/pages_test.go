package login

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/userpool"
)

// every calls visit with every page there is: the GET routes, and the pages of challenges. The bench is one withMFA.
func (b *bench) every(visit func(name string, v *view), pairs ...string) {
	b.Helper()
	for pattern := range b.login.pages() {
		method, path, _ := strings.Cut(pattern, " ")
		if method == http.MethodGet && path != "/page.css" && path != "/favicon.ico" && path != "/logout" {
			visit(pattern, b.browser().get(path+"?"+request(pairs...)))
		}
	}
	setUp := b.browser().get("/login?"+request(pairs...)).submit(0, "username", ada, "password", password)
	visit(setUpMFA, setUp)
	visit("enrolment", setUp.submit(0))
	for _, c := range []userpool.Challenge{
		{Name: softwareToken},
		{Name: smsCode, Parameters: map[string]string{"CODE_DELIVERY_DESTINATION": "+***"}},
		{Name: selectMFA, Parameters: map[string]string{"MFAS_CAN_CHOOSE": `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`}},
		{Name: newPassword},
	} {
		visit(c.Name, b.challenged(c, pairs...))
	}
}

// allowed are the elements and attributes that the template has. Whatever else is on a page came from outside.
var allowed = map[string][]string{
	"html":   {"lang"},
	"head":   nil,
	"meta":   {"charset", "name", "content"},
	"title":  nil,
	"link":   {"rel", "href"},
	"body":   nil,
	"main":   nil,
	"p":      {"class", "id", "role"},
	"h1":     nil,
	"h2":     nil,
	"ul":     nil,
	"li":     nil,
	"a":      {"href"},
	"img":    {"src", "alt", "width", "height"},
	"form":   {"method", "action"},
	"label":  {"for"},
	"button": {"class", "formaction", "formnovalidate"},
	"input": {
		"id", "name", "type", "value", "autocomplete", "inputmode", "required", "autofocus", "aria-invalid",
		"aria-describedby", "checked",
	},
}

func (v *view) checkMarkup(name string) {
	v.Helper()
	for _, e := range v.markup {
		attributes, known := allowed[e.name]
		if !known {
			v.Errorf("%s has an element %q", name, e.name)
		}
		for attribute, value := range e.attributes {
			if !slices.Contains(attributes, attribute) {
				v.Errorf("%s has %s with an attribute %q", name, e.name, attribute)
			}
			if target := attribute == "href" || attribute == "action" || attribute == "formaction"; target &&
				!strings.HasPrefix(value, "/") {
				v.Errorf("%s leads to %q, off this server", name, value)
			}
			if attribute == "src" && !strings.HasPrefix(value, "data:image/png;base64,") {
				v.Errorf("%s has a picture from %q", name, value)
			}
		}
	}
}

func TestEveryPageIsProtected(t *testing.T) {
	b := newBench(t, withMFA)
	b.every(func(name string, v *view) {
		for header, want := range map[string]string{
			"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
		} {
			if got := v.header.Get(header); got != want {
				t.Errorf("%s: %s is %q; want %q", name, header, got, want)
			}
		}
		images := "'self'"
		if name == "enrolment" {
			images = "'self' data:"
		}
		want := "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'self'; img-src " + images +
			"; form-action 'self' http://localhost:5173"
		if got := v.header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: policy is\n%s\nwant\n%s", name, got, want)
		}
	})
	for redirect, source := range map[string]string{
		"https://shop.example/in?from=login": "https://shop.example",
		"myapp://signed-in":                  "myapp:",
	} {
		got := b.browser().authorize("redirect_uri", redirect).header.Get("Content-Security-Policy")
		if !strings.HasSuffix(got, "form-action 'self' "+source) {
			t.Errorf("%s: policy is %s; want form-action 'self' %s", redirect, got, source)
		}
	}
	got := b.browser().get("/login").header.Get("Content-Security-Policy")
	if !strings.HasSuffix(got, "form-action 'none'") {
		t.Errorf("an error page: policy is %s; want no form-action", got)
	}
}

func TestEveryFieldIsLabelledAndDescribed(t *testing.T) {
	b := newBench(t, withMFA)
	b.every(func(name string, v *view) { v.checkFields(name, false) })
	b.login.pool = brokenPool{err: errors.New("the pool is broken")}
	v := b.browser().authorize().submit(0, "username", ada, "password", "wrong")
	v.checkFields("sign-in after an error", true)
	if strings.Contains(v.body, "the pool is broken") {
		t.Error("the page shows an internal error")
	}
}

func (v *view) checkFields(name string, wrong bool) {
	v.Helper()
	ids, labels, focused := map[string]bool{}, map[string]bool{}, 0
	for _, e := range v.markup {
		if id := e.attributes["id"]; id != "" {
			if ids[id] {
				v.Errorf("%s has id %q twice", name, id)
			}
			ids[id] = true
		}
		labels[e.attributes["for"]] = true
	}
	inputs := slices.DeleteFunc(v.all("input"), func(e element) bool { return e.attributes["type"] == "hidden" })
	for _, e := range inputs {
		if !labels[e.attributes["id"]] || e.attributes["id"] == "" {
			v.Errorf("%s: %s has no label", name, e.attributes["name"])
		}
		for _, id := range strings.Fields(e.attributes["aria-describedby"]) {
			if !ids[id] {
				v.Errorf("%s: %s is described by %q, which is not there", name, e.attributes["name"], id)
			}
		}
		if described := strings.Contains(e.attributes["aria-describedby"], "error-1"); described != wrong ||
			(e.attributes["aria-invalid"] == "true") != wrong {
			v.Errorf("%s: %s is described by %q, invalid %q; error on the page: %v",
				name, e.attributes["name"], e.attributes["aria-describedby"], e.attributes["aria-invalid"], wrong)
		}
		if _, ok := e.attributes["autofocus"]; ok {
			focused++
		}
	}
	if len(inputs) > 0 && focused != 1 {
		v.Errorf("%s has %d fields with autofocus; want one", name, focused)
	}
}

func TestSignInOffersExactlyTheClientsProviders(t *testing.T) {
	b := newBench(t)
	for client, want := range map[string][]string{
		"web":    {"Forgot your password?", "Create an account", "Continue with Google", "Continue with Facebook"},
		"social": {"Continue with Google"},
	} {
		v := b.browser().authorize("client_id", client)
		var got []string
		for _, link := range v.all("a") {
			got = append(got, link.text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", client, diff)
		}
		if (len(v.forms) == 1) != (client == "web") {
			t.Errorf("%s has %d forms", client, len(v.forms))
		}
	}
}

func TestTheFirstEmptyFieldHasTheFocus(t *testing.T) {
	b := newBench(t)
	for want, pairs := range map[string][]string{"username": nil, "password": {"login_hint", ada}} {
		for _, input := range b.browser().authorize(pairs...).all("input") {
			if _, focus := input.attributes["autofocus"]; focus != (input.attributes["name"] == want) {
				t.Errorf("hint %q: autofocus of %s is %v; want it on %s", pairs, input.attributes["name"], focus, want)
			}
		}
	}
}
