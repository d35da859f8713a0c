package login

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/userpool"
)

// maxForm bounds a posted form, in bytes. A token is the longest thing in it.
const maxForm = 64 << 10

// oauthError is an error answer of an endpoint (RFC 6749, section 5.2).
type oauthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

// clientForm reads the form that a public client posts. Its error is an *oauthError.
func (l *Login) clientForm(w http.ResponseWriter, r *http.Request) (url.Values, deployed.UserPoolClient, error) {
	var none deployed.UserPoolClient
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil ||
		kind != "application/x-www-form-urlencoded" {
		return nil, none, &oauthError{"invalid_request", "the content type must be application/x-www-form-urlencoded"}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, none, &oauthError{"invalid_request", "the form cannot be read"}
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return nil, none, &oauthError{"invalid_request", "a parameter is there more than once"}
		}
	}
	if !r.PostForm.Has("client_id") && r.Header.Get("Authorization") == "" {
		return nil, none, &oauthError{"invalid_request", "client_id is missing"}
	}
	client, ok := l.stage.Clients[r.PostForm.Get("client_id")]
	// No client here has a secret, so a caller with one is not that client.
	if !ok || r.Header.Get("Authorization") != "" || r.PostForm.Has("client_secret") {
		return nil, none, &oauthError{"invalid_client", "there is no client with this id and secret"}
	}
	return r.PostForm, client, nil
}

// fail answers with an error: 400 for an *oauthError, and 500 for an internal error, which it logs.
func (l *Login) fail(w http.ResponseWriter, r *http.Request, err error) {
	var told *oauthError
	if !errors.As(err, &told) {
		l.report(r, err)
		writeJSON(w, http.StatusInternalServerError, &oauthError{Code: "server_error"})
		return
	}
	writeJSON(w, http.StatusBadRequest, told)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // A caller that is gone cannot be told.
}

// crossOriginEndpoint lets front ends call an endpoint. AWS documents Access-Control-Allow-Origin: * for the token
// endpoint, and browser clients call the other two as well. The endpoints read no cookie, so this gives no origin any
// rights.
func crossOriginEndpoint(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		header.Set("Cache-Control", "no-store")
		header.Set("Pragma", "no-cache")
		header.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// preflight answers preflight requests. It also allows the header that Amplify adds to its token request.
func preflight(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Amz-User-Agent")
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// revoke answers POST /oauth2/revoke: 200 without a body, also for a token that is unknown or expired.
// https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
func (l *Login) revoke(w http.ResponseWriter, r *http.Request) {
	form, client, err := l.clientForm(w, r)
	var told *oauthError
	if errors.As(err, &told) && told.Code == "invalid_client" {
		writeJSON(w, http.StatusUnauthorized, told)
		return
	}
	if err == nil {
		err = l.revokeToken(client.ID, form.Get("token"))
	}
	if err != nil {
		l.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (l *Login) revokeToken(clientID, token string) error {
	if token == "" {
		return &oauthError{"invalid_request", "token is missing"}
	}
	err := l.pool.Revoke(clientID, token)
	var refused *userpool.Error
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case "UnsupportedTokenTypeException":
		return &oauthError{"unsupported_token_type", refused.Message}
	case "UnauthorizedException": // Another client's token (RFC 7009, section 2.1).
		return &oauthError{"unauthorized_client", refused.Message}
	}
	return &oauthError{"invalid_request", refused.Message}
}

// userInfo answers /oauth2/userInfo. Its errors are worded as AWS documents them, after the scheme that RFC 6750,
// section 3 wants.
// https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
func (l *Login) userInfo(w http.ResponseWriter, r *http.Request) {
	token, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		w.Header().Set("WWW-Authenticate",
			`Bearer error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"`)
		writeJSON(w, http.StatusBadRequest,
			&oauthError{"invalid_request", "the header Authorization: Bearer <access token> is missing"})
		return
	}
	claims, err := l.pool.UserInfo(token)
	var refused *userpool.Error
	switch {
	case errors.As(err, &refused):
		const description = "Access token is expired, disabled, or deleted, or the user has globally signed out."
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token", error_description="`+description+`"`)
		writeJSON(w, http.StatusUnauthorized, &oauthError{"invalid_token", description})
	case err != nil:
		l.fail(w, r, err)
	default:
		writeJSON(w, http.StatusOK, claims)
	}
}
