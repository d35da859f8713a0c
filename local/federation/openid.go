package federation

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"github.com/securecart/identity/internal/deployed"
)

// openID is a provider that speaks OpenID Connect.
type openID struct {
	*Client
	provider deployed.IdentityProvider
	issuer   string
	// secret returns what the token endpoint is shown.
	secret func() (string, error)

	mu sync.Mutex
	// found is nil until the provider has said where its endpoints are.
	found *oidc.Provider
}

// issuers of well-known providers.
var issuers = map[string]string{"Google": "https://accounts.google.com", apple: "https://appleid.apple.com"}

// signatures are the algorithms that an ID token may be signed with. HMAC, which AWS takes as well, is not among them:
// its key would be one that both sides know.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512,
}

func newOpenID(c *Client, p deployed.IdentityProvider) (party, error) {
	o := &openID{Client: c, provider: p, issuer: issuers[p.ProviderType]}
	if o.issuer == "" {
		o.issuer = p.ProviderDetails["oidc_issuer"]
	}
	o.secret = func() (string, error) {
		return c.options.Secrets.Text("client_secret", p.ProviderDetails["client_secret"])
	}
	if p.ProviderType == apple {
		o.secret = func() (string, error) { return c.appleSecret(p) }
	}
	_, err := o.secret()
	for _, name := range []string{"client_id", "authorize_scopes"} {
		if p.ProviderDetails[name] == "" {
			err = errors.Join(err, fmt.Errorf("%s is missing", name))
		}
	}
	if o.issuer == "" {
		err = errors.Join(err, errors.New("oidc_issuer is missing"))
	}
	return o, err
}

func (o *openID) saml() bool { return false }

// discover asks the provider for its endpoints, until it has answered once, unless the template names them.
func (o *openID) discover(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found != nil {
		return o.found, nil
	}
	ctx = oidc.ClientContext(ctx, o.http)
	d := o.provider.ProviderDetails
	if d["authorize_url"] != "" {
		o.found = (&oidc.ProviderConfig{
			IssuerURL: o.issuer, AuthURL: d["authorize_url"], TokenURL: d["token_url"], UserInfoURL: d["attributes_url"],
			JWKSURL: d["jwks_uri"],
		}).NewProvider(ctx)
		return o.found, nil
	}
	found, err := oidc.NewProvider(ctx, o.issuer)
	o.found = found
	return found, err
}

func (o *openID) config(found *oidc.Provider) oauth2.Config {
	endpoint := found.Endpoint()
	// "Amazon Cognito doesn't support client_secret_basic client authentication."
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return oauth2.Config{
		ClientID: o.provider.ProviderDetails["client_id"], Endpoint: endpoint,
		RedirectURL: o.options.Login + "/oauth2/idpresponse",
		Scopes:      strings.Fields(o.provider.ProviderDetails["authorize_scopes"]),
	}
}

func (o *openID) begin(ctx context.Context, r *Round) (string, error) {
	found, err := o.discover(ctx)
	if err != nil {
		return "", err
	}
	r.nonce = rand.Text()
	options := []oauth2.AuthCodeOption{oidc.Nonce(r.nonce)}
	if r.Hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", r.Hint))
	}
	if o.provider.ProviderType == apple {
		options = append(options, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	config := o.config(found)
	return config.AuthCodeURL(r.State, options...), nil
}

func (o *openID) finish(ctx context.Context, r Round, values url.Values) (Identity, error) {
	if err := refused(values); err != nil {
		return Identity{}, err
	}
	// RFC 9207: an answer that names another issuer was meant for another round.
	if values.Has("iss") && values.Get("iss") != o.issuer {
		return Identity{}, fmt.Errorf("the answer is one of %s", values.Get("iss"))
	}
	found, err := o.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	config := o.config(found)
	if config.ClientSecret, err = o.secret(); err != nil {
		return Identity{}, err
	}
	tokens, err := config.Exchange(oidc.ClientContext(ctx, o.http), values.Get("code"))
	if err != nil {
		return Identity{}, fromToken(err, config.ClientSecret, values.Get("code"))
	}
	claims, err := o.verify(ctx, found, r, tokens)
	if err != nil {
		return Identity{}, err
	}
	if o.provider.ProviderType == apple {
		if err := addAppleName(values.Get("user"), claims); err != nil {
			return Identity{}, err
		}
	}
	if o.provider.ProviderType == "OIDC" && found.UserInfoEndpoint() != "" {
		if err := o.addUserInfo(ctx, found.UserInfoEndpoint(), tokens, claims); err != nil {
			return Identity{}, err
		}
	}
	return Identity{Subject: claims["sub"], Attributes: claims}, nil
}

// verify makes sure of the ID token, as OpenID Connect Core 1.0, section 3.1.3.7 wants, and returns its claims.
func (o *openID) verify(
	ctx context.Context, found *oidc.Provider, r Round, tokens *oauth2.Token,
) (map[string]string, error) {
	raw, _ := tokens.Extra("id_token").(string)
	if raw == "" {
		return nil, errors.New("it returned no ID token")
	}
	if err := named(raw); err != nil {
		return nil, err
	}
	id := o.provider.ProviderDetails["client_id"]
	verifier := found.VerifierContext(oidc.ClientContext(ctx, o.http), &oidc.Config{
		ClientID: id, SupportedSigningAlgs: signatures,
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	var extra struct {
		Authorized string `json:"azp"`
	}
	var claims json.RawMessage
	if err := errors.Join(token.Claims(&extra), token.Claims(&claims)); err != nil {
		return nil, err
	}
	now := time.Now()
	switch {
	case token.Nonce != r.nonce:
		return nil, errors.New("the ID token belongs to another sign-in: its nonce is wrong")
	case extra.Authorized != id && (extra.Authorized != "" || len(token.Audience) > 1):
		return nil, fmt.Errorf("the ID token was issued to %q", extra.Authorized)
	case token.IssuedAt.After(now.Add(skew)), token.IssuedAt.Before(now.Add(-time.Hour)):
		return nil, fmt.Errorf("the ID token was issued at %s", token.IssuedAt.UTC())
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(tokens.AccessToken); err != nil {
			return nil, err
		}
	}
	return texts(claims)
}

// skew is how far clocks may differ.
const skew = time.Minute

// named tells whether the token names its key: providers must "include a kid claim in its tokens".
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
func named(raw string) error {
	algorithms := make([]jose.SignatureAlgorithm, len(signatures))
	for i, name := range signatures {
		algorithms[i] = jose.SignatureAlgorithm(name)
	}
	token, err := jose.ParseSignedCompact(raw, algorithms)
	if err != nil {
		return fmt.Errorf("the ID token cannot be read: %w", err)
	}
	if len(token.Signatures) != 1 || token.Signatures[0].Header.KeyID == "" {
		return errors.New("the ID token names no key")
	}
	return nil
}
