package login

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// sessionCookie has the prefix that binds it to this host, to https and to the path / (RFC 6265bis, section 4.1.3.2).
const sessionCookie = "__Host-cognito"

// session is a browser that is signed in. It outlives a changed password and a global sign-out, which "doesn't clear
// the managed login session cookie": that is why stepping up has a client without managed login.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
type session struct {
	username string
	// provider is the provider that the user came from, or COGNITO.
	provider string
	// authTime is when the user signed in. Every code of the session carries it, however late it is issued.
	authTime time.Time
}

// grant is what a code can be redeemed for.
type grant struct {
	clientID, redirect string
	// challenge is the PKCE challenge, or "".
	challenge string
	nonce     string
	scopes    []string
	session   session
}

// provedBy checks PKCE (RFC 7636, section 4.6). It also refuses a verifier without a challenge: an attacker has taken
// the challenge out of the request (RFC 9700, section 2.1.1).
func (g grant) provedBy(verifier string) bool {
	if g.challenge == "" {
		return verifier == ""
	}
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	hash := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(hash[:])), []byte(g.challenge)) == 1
}

// authorize answers GET /oauth2/authorize: with a code if the browser is signed in, or else with the sign-in page.
func (l *Login) authorize(w http.ResponseWriter, r *http.Request, a *authorization) {
	if current, ok := l.session(r); ok && a.accepts(current) {
		http.Redirect(w, r, l.code(a, current), http.StatusFound)
		return
	}
	switch {
	case a.prompts.has("none"):
		a.redirectRefusal(w, r, refuse("login_required", "nobody is signed in"))
	case a.provider != "" && a.provider != cognito:
		l.begin(w, r, a)
	default:
		http.Redirect(w, r, a.page("/login"), http.StatusFound)
	}
}

// accepts tells whether the session answers the request without asking again. A session of the user pool's own users
// counts for every client,
// https://docs.aws.amazon.com/cognito/latest/developerguide/multi-tenant-application-best-practices.html Of other
// sessions that page says nothing: they count where the client supports the provider.
func (a *authorization) accepts(s session) bool {
	return !a.prompts.has("login") &&
		(a.provider == "" || a.provider == s.provider) &&
		(s.provider == cognito || slices.Contains(a.client.SupportedIdentityProviders, s.provider))
}

// code makes a code for the session, and returns the callback URL with it.
func (l *Login) code(a *authorization, s session) string {
	return a.answer(url.Values{"code": {l.codes.Add(grant{
		clientID: a.client.ID, redirect: a.redirect,
		challenge: a.values.Get("code_challenge"), nonce: a.values.Get("nonce"), scopes: a.scopes, session: s,
	})}})
}

// finish ends a sign-in: the browser gets a new session, and returns to the client with a code. The session has a new
// name, so that an attacker cannot plant one beforehand (session fixation).
func (l *Login) finish(w http.ResponseWriter, r *http.Request, a *authorization, s session) {
	l.forget(r)
	setCookie(w, l.sessions.Add(s), int(sessionLife.Seconds()))
	http.Redirect(w, r, l.code(a, s), http.StatusSeeOther)
}

func (l *Login) session(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	return l.sessions.Get(cookie.Value)
}

func (l *Login) forget(r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		l.sessions.Take(cookie.Value)
	}
}

// setCookie deletes the cookie if seconds is negative.
func setCookie(w http.ResponseWriter, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
}
