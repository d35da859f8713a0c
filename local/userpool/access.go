package userpool

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// Reasons to refuse a token that this pool has signed.
var (
	errTokenKind    = errors.New("the token is of another kind or issuer")
	errTokenExpired = errors.New("the token has expired")
)

// verify returns the claims of a token of this pool. The token must be of a kind, "id" or "access", and unexpired.
func (p *Pool) verify(token, kind string) (map[string]any, error) {
	claims, err := p.keys.verify(token)
	if err != nil {
		return nil, err
	}
	expires, _ := claims["exp"].(float64)
	switch {
	case claims["iss"] != p.Issuer() || claims["token_use"] != kind:
		return nil, errTokenKind
	case !p.now().Before(time.Unix(int64(expires), 0)):
		return nil, errTokenExpired
	}
	return claims, nil
}

// grant is what an access token authorizes: calls of a user, by a client, with scopes.
type grant struct {
	user   *user
	client deployed.UserPoolClient
	scopes []string
}

// authorize verifies the access token of a call. Beyond the signature, the token must have a scope, its session must
// not have ended, and its user must be enabled. The mutex is held.
func (p *Pool) authorize(token, scope string) (grant, error) {
	claims, err := p.verify(token, "access")
	switch {
	case errors.Is(err, errTokenExpired):
		return grant{}, notAuthorized("Access Token has expired")
	case err != nil:
		return grant{}, notAuthorized("Invalid Access Token")
	}
	text := func(name string) string { value, _ := claims[name].(string); return value }
	scopes := strings.Fields(text("scope"))
	u := p.users[text("username")]
	switch {
	case !slices.Contains(scopes, scope):
		return grant{}, notAuthorized("Access Token does not have required scopes")
	case u == nil || u.sub() != text("sub"):
		return grant{}, errNoUser
	case !u.enabled:
		return grant{}, errDisabled
	case u.status == resetRequired:
		return grant{}, errResetRequired
	case p.families[text("origin_jti")] == nil:
		return grant{}, notAuthorized("Access Token has been revoked")
	}
	client, err := p.client(text("client_id"))
	return grant{u, client, scopes}, err
}

// UserInfo returns the claims of /oauth2/userInfo: the attributes that the client may read and the scopes name, as
// text. The access token needs the scope openid.
// https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
func (p *Pool) UserInfo(accessToken string) (map[string]any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	granted, err := p.authorize(accessToken, "openid")
	if err != nil {
		return nil, err
	}
	info := map[string]any{"sub": granted.user.sub(), "username": granted.user.username}
	for name, value := range visible(granted.client, granted.user.attributes, granted.scopes, false) {
		info[name] = value
	}
	return info, nil
}

// VerifyIDToken returns the claims of an unexpired ID token of this pool and a client. With serverSide it also refuses
// tokens of deleted and disabled users, and of sessions that were revoked or signed out.
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func (p *Pool) VerifyIDToken(token, clientID string, serverSide bool) (map[string]any, error) {
	claims, err := p.verify(token, "id")
	switch {
	case errors.Is(err, errTokenExpired):
		return nil, notAuthorized("Invalid login token. Token expired.")
	case errors.Is(err, errTokenKind):
		return nil, notAuthorized("Invalid login token. Not an ID token of this user pool.")
	case err != nil:
		return nil, notAuthorized("Invalid login token. Token signature invalid.")
	case claims["aud"] != clientID:
		return nil, notAuthorized("Invalid login token. Incorrect token audience.")
	case !serverSide:
		return claims, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	username, _ := claims["cognito:username"].(string)
	session, _ := claims["origin_jti"].(string)
	u := p.users[username]
	if u == nil || !u.enabled || claims["sub"] != u.sub() || p.families[session] == nil {
		return nil, notAuthorized("Invalid login token. Token is revoked.")
	}
	return claims, nil
}
