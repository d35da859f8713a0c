package identityprovider

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/securecart/identity/local/expiring"
)

// request is an authorization request, and the person who answered it.
type request struct {
	*oidc.AuthRequest
	id string

	mu     sync.Mutex
	person map[string]string
	since  time.Time
}

// complete answers a request with a person, and returns the code.
func (o *openID) complete(r *request, person map[string]string) (code string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.person != nil {
		return "", errors.New("this sign-in is over already")
	}
	r.person, r.since = person, time.Now()
	return o.handles.Encrypt(r.id)
}

func (r *request) who() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.person
}

// The library's view of a request.

func (r *request) GetID() string                      { return r.id }
func (r *request) GetACR() string                     { return "" }
func (r *request) GetAMR() []string                   { return nil }
func (r *request) GetAudience() []string              { return []string{r.ClientID} }
func (r *request) GetAuthTime() time.Time             { return r.since }
func (r *request) GetClientID() string                { return r.ClientID }
func (r *request) GetNonce() string                   { return r.Nonce }
func (r *request) GetRedirectURI() string             { return r.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType { return r.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.ResponseMode }
func (r *request) GetScopes() []string                { return r.Scopes }
func (r *request) GetState() string                   { return r.State }
func (r *request) GetSubject() string                 { return r.who()["sub"] }
func (r *request) Done() bool                         { return r.who() != nil }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

// claim fills in the attributes that the scopes of the request name
// (https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims).
func (r *request) claim(to *oidc.UserInfo) {
	person := r.who()
	to.Subject = person["sub"]
	for name, value := range person {
		scope := oidc.ScopeProfile
		if name == "email" || name == "email_verified" {
			scope = oidc.ScopeEmail
		}
		switch {
		case name == "sub" || !slices.Contains(r.Scopes, scope):
		case name == "email_verified":
			to.AppendClaims(name, value == "true")
		default:
			to.AppendClaims(name, value)
		}
	}
}

// handles are codes and access tokens: random names in place of the texts that the library would encrypt.
type handles struct{ *expiring.Store[string] }

func (h handles) Encrypt(text string) (string, error) { return h.Add(text), nil }

// Decrypt returns "<id>:": the library wants two parts, and a subject may have a colon of its own.
func (h handles) Decrypt(handle string) (string, error) {
	text, ok := h.Get(handle)
	if !ok {
		return "", errors.New("there is no such handle")
	}
	id, _, _ := strings.Cut(text, ":")
	return id + ":", nil
}

// openID is the library's storage.

var _ op.Storage = (*openID)(nil)
var _ op.CanSetUserinfoFromRequest = (*openID)(nil)

// CreateAuthRequest implements op.Storage.
func (o *openID) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if slices.Contains(asked.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	if o.registered[asked.ClientID].ProviderType == apple {
		if err := checkAppleRequest(asked); err != nil {
			return nil, err
		}
	}
	r := &request{AuthRequest: asked}
	r.id = o.requests.Add(r)
	return r, nil
}

var errUnknown = errors.New("there is no such request")

// AuthRequestByID implements op.Storage.
func (o *openID) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	if r, ok := o.requests.Get(id); ok {
		return r, nil
	}
	return nil, errUnknown
}

// AuthRequestByCode implements op.Storage. A code works once, also if what comes with it is wrong.
func (o *openID) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	id, ok := o.handles.Take(code)
	if !ok {
		return nil, errUnknown
	}
	return o.AuthRequestByID(ctx, id)
}

// SaveAuthCode implements op.Storage. Encrypt has saved the code.
func (o *openID) SaveAuthCode(context.Context, string, string) error { return nil }

// DeleteAuthRequest implements op.Storage. It keeps the request, because user info needs it later.
func (o *openID) DeleteAuthRequest(context.Context, string) error { return nil }

// CreateAccessToken implements op.Storage.
func (o *openID) CreateAccessToken(_ context.Context, asked op.TokenRequest) (string, time.Time, error) {
	r, ok := asked.(*request)
	if !ok {
		return "", time.Time{}, errUnknown
	}
	return r.id, time.Now().Add(life), nil
}

// SetUserinfoFromScopes implements op.Storage.
func (o *openID) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest implements op.CanSetUserinfoFromRequest.
func (o *openID) SetUserinfoFromRequest(
	_ context.Context, info *oidc.UserInfo, asked op.IDTokenRequest, _ []string,
) error {
	r, ok := asked.(*request)
	if !ok {
		return errUnknown
	}
	if o.registered[r.ClientID].ProviderType == "OIDC" {
		info.Subject = r.GetSubject() // The rest is user info: thin ID tokens are what many providers issue.
		return nil
	}
	r.claim(info)
	return nil
}

// SetUserinfoFromToken implements op.Storage.
func (o *openID) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, id, _, _ string) error {
	r, ok := o.requests.Get(id)
	if !ok || r.who() == nil {
		return errUnknown
	}
	r.claim(info)
	return nil
}

// GetPrivateClaimsFromScopes implements op.Storage.
func (o *openID) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetClientByClientID implements op.Storage.
func (o *openID) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	provider, ok := o.registered[id]
	if !ok {
		return nil, errUnknown
	}
	return client{o, provider}, nil
}

// AuthorizeClientIDSecret implements op.Storage.
func (o *openID) AuthorizeClientIDSecret(_ context.Context, id, given string) error {
	provider, ok := o.registered[id]
	if !ok {
		return errUnknown
	}
	if provider.ProviderType == apple {
		return o.checkAppleSecret(provider, given)
	}
	secret, err := o.peers.options.Secrets.Text("client_secret", provider.ProviderDetails["client_secret"])
	if err == nil && subtle.ConstantTimeCompare([]byte(secret), []byte(given)) == 0 {
		err = errors.New("the client secret is wrong")
	}
	return err
}

// Health implements op.Storage.
func (o *openID) Health(context.Context) error { return nil }

// SigningKey implements op.Storage.
func (o *openID) SigningKey(context.Context) (op.SigningKey, error) { return o.keys.signing() }

// SignatureAlgorithms implements op.Storage.
func (o *openID) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{algorithm}, nil
}

// KeySet implements op.Storage.
func (o *openID) KeySet(context.Context) ([]op.Key, error) { return o.keys.published() }
