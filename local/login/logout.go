package login

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// logout answers GET /logout: it ends the session, and redirects to a registered sign-out URL or to the sign-in page.
// https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
func (l *Login) logout(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		l.showError(w, http.StatusBadRequest, "You cannot be signed out", "The query cannot be read: "+err.Error())
		return
	}
	target, err := l.afterLogout(query)
	if err != nil {
		l.showError(w, http.StatusBadRequest, "You cannot be signed out", err.Error())
		return
	}
	l.forget(r)
	setCookie(w, "", -1)
	http.Redirect(w, r, target, http.StatusFound)
}

// afterLogout returns the address to redirect to. It prefers logout_uri, which "overrides the redirect_uri parameter".
func (l *Login) afterLogout(query url.Values) (string, error) {
	client, err := l.oauthClient(query.Get("client_id"))
	if err != nil {
		return "", err
	}
	if query.Has("logout_uri") {
		if target := query.Get("logout_uri"); len(query["logout_uri"]) == 1 && slices.Contains(client.LogoutURLs, target) {
			return target, nil
		}
		return "", errNotRegistered("logout_uri", "sign-out", query["logout_uri"])
	}
	if target := query["redirect_uri"]; len(target) != 1 || !slices.Contains(client.CallbackURLs, target[0]) {
		return "", errNotRegistered("redirect_uri", "callback", target)
	}
	again := url.Values{}
	for _, name := range []string{"response_type", "client_id", "redirect_uri", "state", "scope", "nonce"} {
		if query.Has(name) {
			again[name] = query[name]
		}
	}
	return "/login?" + again.Encode(), nil
}

func errNotRegistered(parameter, kind string, values []string) error {
	return fmt.Errorf("%s %q is not one of the client's %s URLs", parameter, values, kind)
}
