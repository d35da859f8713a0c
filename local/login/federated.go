package login

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/userpool"
)

// roundLife is how long a sign-in at a provider may take: "Amazon Cognito cancels authentication requests that do not
// complete within 5 minutes",
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
const roundLife = 5 * time.Minute

// browserCookie identifies the browser that began a sign-in at a provider. Without it, an attacker could make a victim
// finish the attacker's sign-in. It is SameSite=None, because answers by POST come from another site.
const browserCookie = "__Host-csrf-state"

// round is a sign-in under way at a provider.
type round struct {
	federation.Round
	request *authorization
	browser string
}

// begin redirects the browser to the provider of the request.
func (l *Login) begin(w http.ResponseWriter, r *http.Request, a *authorization) {
	under := &round{request: a, browser: rand.Text()}
	if cookie, err := r.Cookie(browserCookie); err == nil && len(cookie.Value) == len(under.browser) {
		under.browser = cookie.Value // Sign-ins in several tabs share it.
	}
	under.Provider, under.Hint = a.provider, a.values.Get("login_hint")
	under.State = l.rounds.Add(under)
	target, err := l.federation.Begin(r.Context(), &under.Round)
	if err != nil {
		l.rounds.Take(under.State)
		l.failRound(w, r, a, err)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: browserCookie, Value: under.browser, Path: "/", MaxAge: int(roundLife.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode,
	})
	http.Redirect(w, r, target, http.StatusFound)
}

// oauthResponse and samlResponse answer /oauth2/idpresponse and /saml2/idpresponse, where providers send browsers to.
func (l *Login) oauthResponse(w http.ResponseWriter, r *http.Request) {
	l.finishRound(w, r, "state", false)
}
func (l *Login) samlResponse(w http.ResponseWriter, r *http.Request) {
	l.finishRound(w, r, "RelayState", true)
}

// finishRound signs in the identity that the provider names. Other sites may post to it. It takes a state once, from
// the browser that the state was given to.
func (l *Login) finishRound(w http.ResponseWriter, r *http.Request, state string, saml bool) {
	values := r.URL.Query()
	switch r.Method {
	case http.MethodHead: // "GET" in a pattern means it, too. Link scanners send it: the code is not theirs.
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case http.MethodPost:
		r.Body = http.MaxBytesReader(w, r.Body, maxResponse)
		if err := r.ParseForm(); err != nil {
			l.showError(w, http.StatusBadRequest, "Something went wrong", "The provider's answer cannot be read.")
			return
		}
		values = r.PostForm
	}
	// The cookie is checked first: another browser must not end the sign-in.
	under, ok := l.rounds.Get(values.Get(state))
	if !ok {
		l.roundIsOver(w)
		return
	}
	cookie, err := r.Cookie(browserCookie)
	if err != nil || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(under.browser)) == 0 {
		l.showError(w, http.StatusForbidden, "Something went wrong",
			"This sign-in was begun in another browser. Nothing was done. Go back to the shop and sign in from there.")
		return
	}
	if _, ok := l.rounds.Take(values.Get(state)); !ok {
		l.roundIsOver(w)
		return
	}
	who, err := l.federation.Finish(r.Context(), under.Round, federation.Answer{SAML: saml, Values: values})
	if err != nil {
		l.failRound(w, r, under.request, err)
		return
	}
	username, err := l.pool.SignInFederated(
		r.Context(), under.request.client.ID, under.Provider, who.Subject, who.Attributes)
	if err != nil {
		l.failRound(w, r, under.request, err)
		return
	}
	l.finish(w, r, under.request, session{username: username, provider: under.Provider, authTime: l.now()})
}

func (l *Login) roundIsOver(w http.ResponseWriter) {
	l.showError(w, http.StatusBadRequest, "Something went wrong",
		"This sign-in is over, or was never begun here. Go back to the shop and sign in from there.")
}

// maxResponse bounds a provider's answer as a form, in bytes: a SAML response of federation.maxAnswer, encoded twice.
const maxResponse = 256 << 10

// failRound reports an error to the app, which can offer another way to sign in.
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoint-idp-responses.html
func (l *Login) failRound(w http.ResponseWriter, r *http.Request, a *authorization, err error) {
	told := refuse("server_error", "the sign-in failed")
	var provider *federation.Error
	var pool *userpool.Error
	switch {
	case errors.As(err, &provider):
		told = refuse(provider.Code, "%s", provider.Description)
		if provider.Cause != nil {
			l.report(r, err)
		}
	case errors.As(err, &pool):
		told = refuse("invalid_request", "%s", pool.Message)
	default:
		l.report(r, err)
	}
	a.redirectRefusal(w, r, told)
}

// with returns the address of the same request at a provider.
func (a *authorization) with(provider string) string {
	values := maps.Clone(a.values)
	values.Del("idp_identifier")
	values.Set("identity_provider", provider)
	return "/oauth2/authorize?" + values.Encode()
}
