package login

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/userpool"
)

// hostedAuth is the trigger source of tokens of a sign-in at managed login,
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
const hostedAuth = "TokenGeneration_HostedAuth"

// tokens is the answer of the token endpoint (RFC 6749, section 5.1).
type tokens struct {
	ID      string `json:"id_token,omitempty"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token,omitempty"`
	Expires int    `json:"expires_in"`
	Type    string `json:"token_type"`
}

// token answers POST /oauth2/token, https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func (l *Login) token(w http.ResponseWriter, r *http.Request) {
	form, client, err := l.clientForm(w, r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	issued, err := l.grantTokens(r.Context(), client, form)
	if err != nil {
		l.fail(w, r, asGrantError(err))
		return
	}
	writeJSON(w, http.StatusOK, tokens{
		ID: issued.ID, Access: issued.Access, Refresh: issued.Refresh,
		Expires: int(issued.ExpiresIn.Seconds()), Type: "Bearer",
	})
}

func (l *Login) grantTokens(
	ctx context.Context, client deployed.UserPoolClient, form url.Values,
) (userpool.Tokens, error) {
	kind := form.Get("grant_type")
	switch {
	case kind == "":
		return userpool.Tokens{}, &oauthError{"invalid_request", "grant_type is missing"}
	case kind != "authorization_code" && kind != "refresh_token" && kind != "client_credentials":
		return userpool.Tokens{}, &oauthError{
			"unsupported_grant_type", "grant_type must be authorization_code or refresh_token",
		}
	case !client.AllowedOAuthFlowsUserPoolClient || kind == "client_credentials":
		return userpool.Tokens{}, &oauthError{"unauthorized_client", "the client may not use this grant"}
	case kind == "authorization_code":
		return l.redeem(ctx, client, form)
	case form.Get("refresh_token") == "":
		return userpool.Tokens{}, &oauthError{"invalid_request", "refresh_token is missing"}
	}
	return l.pool.RefreshTokens(ctx, client.ID, form.Get("refresh_token"))
}

// redeem redeems a code. A wrong attempt uses the code up, too. A second attempt revokes no tokens, because AWS
// documents no such revocation.
func (l *Login) redeem(ctx context.Context, client deployed.UserPoolClient, form url.Values) (userpool.Tokens, error) {
	for _, name := range []string{"code", "redirect_uri"} {
		if form.Get(name) == "" {
			return userpool.Tokens{}, &oauthError{"invalid_request", name + " is missing"}
		}
	}
	g, ok := l.codes.Take(form.Get("code"))
	switch {
	case !ok || g.clientID != client.ID:
		return userpool.Tokens{}, &oauthError{
			"invalid_grant", "the code is unknown, expired, used already, or another client's",
		}
	case g.redirect != form.Get("redirect_uri"):
		// RFC 6749 has invalid_grant for it. AWS documents this instead.
		return userpool.Tokens{}, &oauthError{"unauthorized_client", "invalid_redirect"}
	case !g.provedBy(form.Get("code_verifier")):
		return userpool.Tokens{}, &oauthError{"invalid_grant", "code_verifier does not fit the code_challenge"}
	}
	return l.pool.IssueTokens(ctx, userpool.TokenRequest{
		ClientID: client.ID, Username: g.session.username, Source: hostedAuth,
		Scopes: g.scopes, AuthTime: g.session.authTime, Nonce: g.nonce,
	})
}

// asGrantError turns a refusal of the pool into an OAuth error.
func asGrantError(err error) error {
	var refused *userpool.Error
	if !errors.As(err, &refused) || refused.Code == "InternalErrorException" {
		return err
	}
	return &oauthError{"invalid_grant", refused.Message}
}

func bearer(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}
