package login

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// handler answers a page's request, with the authorization request that the page carries in its query.
type handler func(w http.ResponseWriter, r *http.Request, a *authorization)

// showPage shows a page for a user name, with the problem of the form that was sent, if any.
type showPage func(w http.ResponseWriter, r *http.Request, a *authorization, username, problem string)

// opened shows a page before its form is sent.
func opened(show showPage) handler {
	return func(w http.ResponseWriter, r *http.Request, a *authorization) {
		show(w, r, a, a.values.Get("login_hint"), "")
	}
}

// submitted takes a form about a user. It shows the page again if the user pool refuses, and otherwise the next page,
// with a note on what has happened.
func (l *Login) submitted(
	again showPage, do func(r *http.Request, a *authorization, username string) error, next, note string,
) handler {
	return func(w http.ResponseWriter, r *http.Request, a *authorization) {
		username := entered(r, "username")
		if err := do(r, a, username); err != nil {
			again(w, r, a, username, l.explain(r, err))
			return
		}
		http.Redirect(w, r, a.hinted(next, username, note), http.StatusSeeOther)
	}
}

// entered returns a field of a form without the spaces around it.
func entered(r *http.Request, field string) string { return strings.TrimSpace(r.PostForm.Get(field)) }

// requested reads the authorization request that every page carries in its query.
func (l *Login) requested(next handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := l.readRequest(r.URL.RawQuery)
		if a == nil {
			l.showError(w, http.StatusBadRequest, "This page cannot be shown", err.Error())
			return
		}
		if err != nil {
			a.redirectRefusal(w, r, err)
			return
		}
		if r.Method == http.MethodPost {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := r.ParseForm(); err != nil {
				l.showError(w, http.StatusBadRequest, "This form cannot be read", err.Error())
				return
			}
		}
		next(w, r, a)
	}
}

// page returns the address of a page for the same request.
func (a *authorization) page(path string) string { return path + "?" + a.values.Encode() }

// hinted returns the address of a page with the user name filled in. A note tells the page what has just happened.
func (a *authorization) hinted(path, username, note string) string {
	values := url.Values{"login_hint": {username}}
	if note != "" {
		values.Set("note", note)
	}
	for name, value := range a.values {
		if name != "login_hint" {
			values[name] = value
		}
	}
	return path + "?" + values.Encode()
}

// answer returns the callback URL with an answer and the request's state. Both are encoded, so neither can end the
// header or the URL.
func (a *authorization) answer(values url.Values) string {
	if a.values.Has("state") {
		values.Set("state", a.values.Get("state"))
	}
	separator := "?"
	if strings.Contains(a.redirect, "?") {
		separator = "&"
	}
	return a.redirect + separator + values.Encode()
}

// origin returns the callback URL as a source of a Content-Security-Policy.
func (a *authorization) origin() string {
	u, err := url.Parse(a.redirect)
	switch {
	case err != nil:
		return ""
	case u.Scheme == "https" || u.Scheme == "http":
		return u.Scheme + "://" + u.Host
	default:
		return u.Scheme + ":"
	}
}

// redirectRefusal redirects to the client with the reason of a refusal.
func (a *authorization) redirectRefusal(w http.ResponseWriter, r *http.Request, err error) {
	reason := &refusal{code: "server_error", description: "the request cannot be answered"}
	errors.As(err, &reason)
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	http.Redirect(w, r, a.answer(url.Values{"error": {reason.code}, "error_description": {reason.description}}), status)
}
