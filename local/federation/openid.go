package federation

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/securecart/identity/internal/deployed"
)

// openID is a provider that speaks OpenID Connect.
type openID struct {
	*Client
	provider deployed.IdentityProvider
	issuer   string
	// secret returns the client secret for the token endpoint.
	secret func() (string, error)

	mu sync.Mutex
	// found is nil until discovery has found the provider's endpoints, at since.
	found *oidc.Provider
	since time.Time
}

// issuers of well-known providers.
var issuers = map[string]string{"Google": "https://accounts.google.com", apple: "https://appleid.apple.com"}

// signatures are the accepted signature algorithms of ID tokens. AWS also takes HMAC, which is deliberately missing:
// both sides would know its key.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512,
}

func newOpenID(c *Client, p deployed.IdentityProvider) (party, error) {
	o := &openID{Client: c, provider: p, issuer: cmp.Or(issuers[p.ProviderType], p.ProviderDetails["oidc_issuer"])}
	o.secret = func() (string, error) {
		return c.options.Secrets.Text("client_secret", p.ProviderDetails["client_secret"])
	}
	if p.ProviderType == apple {
		o.secret = func() (string, error) { return c.appleSecret(p) }
	}
	_, err := o.secret()
	err = errors.Join(err, missing(p, "client_id", "authorize_scopes"))
	if o.issuer == "" {
		err = errors.Join(err, errors.New("oidc_issuer is missing"))
	}
	return o, err
}

// missing refuses a provider without one of these details.
func missing(p deployed.IdentityProvider, details ...string) error {
	var errs []error
	for _, name := range details {
		if p.ProviderDetails[name] == "" {
			errs = append(errs, fmt.Errorf("%s is missing", name))
		}
	}
	return errors.Join(errs...)
}

// exchange redeems the code of an answer at the token endpoint.
func (c *Client) exchange(ctx context.Context, config oauth2.Config, values url.Values) (*oauth2.Token, error) {
	tokens, err := config.Exchange(oidc.ClientContext(ctx, c.http), values.Get("code"))
	return tokens, fromToken(err, config.ClientSecret, values.Get("code"))
}

func (o *openID) saml() bool { return false }

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
	found, err := o.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	if err := o.answers(found, values); err != nil {
		return Identity{}, err
	}
	config := o.config(found)
	if config.ClientSecret, err = o.secret(); err != nil {
		return Identity{}, err
	}
	tokens, err := o.exchange(ctx, config, values)
	if err != nil {
		return Identity{}, err
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
