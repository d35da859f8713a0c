package userpool

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// adminScope authorizes the calls by which users change themselves. It is the only scope of sign-ins by the API.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
const adminScope = "aws.cognito.signin.user.admin"

// Trigger sources of tokens.
const (
	authentication       = "TokenGeneration_Authentication"
	hostedAuth           = "TokenGeneration_HostedAuth"
	refreshTokens        = "TokenGeneration_RefreshTokens"
	newPasswordChallenge = "TokenGeneration_NewPasswordChallenge"
)

// TokenRequest asks for the tokens of a complete sign-in.
type TokenRequest struct {
	ClientID, Username string
	// Source is such as TokenGeneration_HostedAuth, which stands for managed login, however the user signed in there.
	Source string
	// Scopes are those that managed login was asked for. Without scopes they are all that the client may ask for. Without
	// openid there is no ID token. Sign-ins by the API have no choice.
	Scopes []string
	// AuthTime is when the user signed in; now if it is zero.
	AuthTime time.Time
	// Nonce is put into the ID token, if there is one.
	Nonce string
	// ClientMetadata is passed on to the trigger.
	ClientMetadata map[string]string
}

// Tokens are the tokens of one sign-in or refresh. ID and Refresh may be empty.
type Tokens struct {
	ID, Access, Refresh string
	// ExpiresIn is how long the access token lives.
	ExpiresIn time.Duration
	// Scopes are those of the access token, after the trigger.
	Scopes []string
}

// subject is a copy of a user, which tokens and events are made from.
type subject struct {
	username, status string
	attributes       map[string]string
	groups           []string
	epoch            int
}

// subject returns a user who may get tokens.
func (p *Pool) subject(username string) (subject, error) {
	u := p.users[username]
	if u == nil {
		return subject{}, errNoUser
	}
	if !u.enabled {
		return subject{}, errDisabled
	}
	return u.snapshot(), nil
}

func (u *user) snapshot() subject {
	return subject{u.username, u.status, maps.Clone(u.attributes), slices.Clone(u.groups), u.epoch}
}

// IssueTokens asks the trigger and makes the tokens of a new session.
func (p *Pool) IssueTokens(ctx context.Context, request TokenRequest) (Tokens, error) {
	client, err := p.client(request.ClientID)
	if err != nil {
		return Tokens{}, err
	}
	if !slices.Contains([]string{authentication, hostedAuth, newPasswordChallenge}, request.Source) {
		return Tokens{}, invalidParameter("Source %q is not one of a sign-in.", request.Source)
	}
	p.mu.Lock()
	of, err := p.subject(request.Username)
	p.mu.Unlock()
	if err != nil {
		return Tokens{}, err
	}
	now := p.now()
	begun := &family{
		id: newUUID(), clientID: client.ID, username: of.username, hosted: request.Source == hostedAuth,
		scopes: scopesOf(client, request), authTime: cmp.Or(request.AuthTime, now),
		until: now.Add(max(refreshLife(client), accessLife(client), idLife(client))),
	}
	made := mint{source: request.Source, nonce: request.Nonce, metadata: request.ClientMetadata}
	tokens, err := p.mint(ctx, client, of, begun, made)
	if err != nil {
		return Tokens{}, err
	}
	if tokens.Refresh, err = p.tokens.seal(refreshToken{begun.id, 0, now.Add(refreshLife(client)).Unix()}); err != nil {
		return Tokens{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Meanwhile the user may have been deleted, disabled or signed out everywhere.
	if current, err := p.subject(request.Username); err != nil || current.epoch != of.epoch {
		return Tokens{}, errSession
	}
	p.remember(begun)
	return tokens, nil
}

func scopesOf(client deployed.UserPoolClient, request TokenRequest) []string {
	switch {
	case request.Source != hostedAuth:
		return []string{adminScope}
	case len(request.Scopes) == 0:
		return slices.Clone(client.AllowedOAuthScopes)
	default:
		return slices.Clone(request.Scopes)
	}
}

// mint says in what the first tokens of a session differ from later ones.
type mint struct {
	source, nonce string
	metadata      map[string]string
}

// mint makes an ID token and an access token.
func (p *Pool) mint(
	ctx context.Context, client deployed.UserPoolClient, of subject, f *family, m mint,
) (Tokens, error) {
	changes, err := p.preTokenGeneration(ctx, client, of, f.scopes, m)
	if err != nil {
		return Tokens{}, err
	}
	now := p.now()
	common := map[string]any{
		"sub": of.attributes["sub"], "iss": p.Issuer(), "origin_jti": f.id, "event_id": newUUID(),
		"auth_time": f.authTime.Unix(), "iat": now.Unix(),
	}
	access := maps.Clone(common)
	scopes := changes.scopes(f.scopes)
	maps.Copy(access, map[string]any{
		"client_id": client.ID, "username": of.username, "token_use": "access", "jti": newUUID(),
		"scope": strings.Join(scopes, " "), "exp": now.Add(accessLife(client)).Unix(),
	})
	if f.hosted {
		access["version"] = 2
	}
	changes.apply(access, changes.access, of.groups)
	tokens := Tokens{ExpiresIn: accessLife(client), Scopes: scopes}
	idKey, accessKey := p.keys.both()
	if tokens.Access, err = accessKey.sign(access); err != nil {
		return Tokens{}, err
	}
	if f.hosted && !slices.Contains(f.scopes, "openid") {
		return tokens, nil
	}
	id := maps.Clone(common)
	maps.Copy(id, map[string]any{
		"aud": client.ID, "cognito:username": of.username, "token_use": "id", "jti": newUUID(),
		"exp": now.Add(idLife(client)).Unix(),
	})
	maps.Copy(id, attributeClaims(client, of.attributes, f))
	if f.hosted {
		id["at_hash"] = accessTokenHash(tokens.Access)
	}
	if m.nonce != "" {
		id["nonce"] = m.nonce
	}
	changes.apply(id, changes.id, of.groups)
	changes.applyRoles(id)
	tokens.ID, err = idKey.sign(id)
	return tokens, err
}

func accessLife(client deployed.UserPoolClient) time.Duration {
	return time.Duration(client.AccessTokenValidity) * time.Minute
}

func idLife(client deployed.UserPoolClient) time.Duration {
	return time.Duration(client.IdTokenValidity) * time.Minute
}

func refreshLife(client deployed.UserPoolClient) time.Duration {
	return time.Duration(client.RefreshTokenValidity) * time.Minute
}
