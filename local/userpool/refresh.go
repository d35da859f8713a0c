package userpool

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
)

// family is a session: the refresh token of one sign-in, its rotations, and the tokens that they yield. Its id is the
// claim origin_jti. A family that is not in the pool's map has ended.
type family struct {
	id, clientID, username string
	hosted                 bool
	// scopes are those of the sign-in, before the trigger.
	scopes   []string
	authTime time.Time
	until    time.Time
	// generation counts the rotations, the last of which was at rotatedAt.
	generation int
	rotatedAt  time.Time
}

// maxFamilies is the maximum number of sessions of a user. One more ends the oldest.
const maxFamilies = 1000

// refreshToken is the content of a refresh token, which only the pool can read. A rotated token expires when the first
// one would have.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
type refreshToken struct {
	Family     string `json:"family"`
	Generation int    `json:"generation"`
	// Expires is in seconds since 1970.
	Expires int64 `json:"expires"`
}

// sealer encrypts refresh tokens (JWE, RFC 7516), as AWS does. So the pool recognizes old tokens without storing them.
type sealer struct {
	key     []byte
	encrypt jose.Encrypter
}

func newSealer() (sealer, error) {
	key := make([]byte, 32)
	// crypto/rand does not fail.
	_, _ = rand.Read(key)
	encrypt, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.DIRECT, Key: key}, nil)
	return sealer{key, encrypt}, err
}

func (s sealer) seal(token refreshToken) (string, error) {
	text, err := json.Marshal(token)
	if err != nil {
		return "", err
	}
	sealed, err := s.encrypt.Encrypt(text)
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}

func (s sealer) open(text string) (refreshToken, bool) {
	var token refreshToken
	sealed, err := jose.ParseEncryptedCompact(text, []jose.KeyAlgorithm{jose.DIRECT},
		[]jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return token, false
	}
	opened, err := sealed.Decrypt(s.key)
	return token, err == nil && json.Unmarshal(opened, &token) == nil
}

// remember adds a session, and removes expired ones.
func (p *Pool) remember(f *family) {
	now := p.now()
	if now.Sub(p.swept) >= time.Minute {
		p.swept = now
		for id, old := range p.families {
			if !now.Before(old.until) {
				delete(p.families, id)
			}
		}
	}
	u := p.users[f.username]
	p.families[f.id] = f
	u.families = slices.DeleteFunc(append(u.families, f.id), func(id string) bool { return p.families[id] == nil })
	if excess := len(u.families) - maxFamilies; excess > 0 {
		for _, id := range u.families[:excess] {
			delete(p.families, id)
		}
		u.families = slices.Delete(u.families, 0, excess)
	}
}

// present finds the session of a valid refresh token. A token that was rotated before the grace period ends the
// session: either this caller or the other one has stolen it (RFC 9700, section 4.14.2).
func (p *Pool) present(client deployed.UserPoolClient, token refreshToken) (*family, error) {
	now := p.now()
	f := p.families[token.Family]
	switch {
	case now.Unix() >= token.Expires:
		return nil, notAuthorized("Refresh Token has expired")
	case f == nil:
		return nil, notAuthorized("Refresh Token has been revoked")
	case f.clientID != client.ID:
		return nil, notAuthorized("Invalid Refresh Token")
	case token.Generation == f.generation:
		return f, nil
	}
	grace := time.Duration(client.RefreshTokenRotation.RetryGracePeriodSeconds) * time.Second
	if token.Generation == f.generation-1 && now.Before(f.rotatedAt.Add(grace)) {
		return f, nil
	}
	delete(p.families, f.id)
	return nil, &Error{
		"RefreshTokenReuseException",
		"Refresh token has been rotated and cannot be used again. The session has been revoked.",
	}
}

// RefreshTokens makes new ID and access tokens, and a new refresh token in place of the given one. It asks the trigger
// again. A retry within the grace period gets the same generation as the first answer.
func (p *Pool) RefreshTokens(ctx context.Context, clientID, refreshToken string) (Tokens, error) {
	return p.refresh(ctx, clientID, refreshToken, nil)
}

func (p *Pool) refresh(ctx context.Context, clientID, text string, metadata map[string]string) (Tokens, error) {
	client, err := p.client(clientID)
	if err != nil {
		return Tokens{}, err
	}
	token, ok := p.tokens.open(text)
	if !ok {
		return Tokens{}, notAuthorized("Invalid Refresh Token")
	}
	f, of, err := p.refreshable(client, token)
	if err != nil {
		return Tokens{}, err
	}
	tokens, err := p.mint(ctx, client, of, &f, mint{source: refreshTokens, metadata: metadata})
	if err != nil {
		return Tokens{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Meanwhile the session may have ended, or the same token may have been used by another request.
	current, err := p.present(client, token)
	if err != nil {
		return Tokens{}, err
	}
	if token.Generation == current.generation {
		current.generation++
		current.rotatedAt = p.now()
	}
	token.Generation = current.generation
	tokens.Refresh, err = p.tokens.seal(token)
	return tokens, err
}

// refreshable returns a copy of the session and its user.
func (p *Pool) refreshable(client deployed.UserPoolClient, token refreshToken) (family, subject, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := p.present(client, token)
	if err != nil {
		return family{}, subject{}, err
	}
	of, err := p.subject(f.username)
	return *f, of, err
}

// Revoke ends the session of a refresh token, with all its tokens. A session that has ended is no error (RFC 7009,
// section 2.2).
func (p *Pool) Revoke(clientID, token string) error {
	client, err := p.client(clientID)
	if err != nil {
		return err
	}
	if !client.EnableTokenRevocation {
		return &Error{"UnsupportedOperationException", "Token revocation is not enabled for this client"}
	}
	if _, err := p.keys.verify(token); err == nil {
		return &Error{"UnsupportedTokenTypeException", "Unsupported token type: only refresh tokens can be revoked"}
	}
	opened, ok := p.tokens.open(token)
	if !ok {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.families[opened.Family]
	if f == nil {
		return nil
	}
	if f.clientID != client.ID {
		return &Error{"UnauthorizedException", "The token was issued to another client"}
	}
	delete(p.families, f.id)
	return nil
}
