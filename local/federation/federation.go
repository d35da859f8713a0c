// Package federation is the user pool in the role of a client: it sends browsers to the identity providers that the
// template names, and verifies what they bring back. Only the template configures it, as
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html describes, and
// where AWS does not say, it is as strict as the protocols allow.
package federation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
)

// Patience is the time limit for a provider in one step of a sign-in. The customer gets an answer in less than 5 s.
const Patience = 4 * time.Second

// maxAnswer bounds an answer of a provider, in bytes. User pools limit a SAML response to 100,000 characters:
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const maxAnswer = 100_000

// Options are what New needs.
type Options struct {
	// Stage names the providers. Required, and not changed afterwards.
	Stage *deployed.Stage
	// Login is the URL of managed login, which providers send browsers back to. Required.
	Login string
	// Transport reaches the providers; http.DefaultTransport if nil.
	Transport http.RoundTripper
	// Page returns the address at which a browser reaches an address of a provider. Without it that is the same address.
	Page func(address string) string
	// Secrets are those of the providers. Required.
	Secrets *identityprovider.Secrets
}

// Client signs people in at identity providers.
type Client struct {
	options Options
	http    *http.Client
	parties map[string]party
}

// Round is one sign-in at a provider, from Begin to Finish.
type Round struct {
	// Provider is its name in the template.
	Provider string
	// State comes back with the answer. Only this browser knows it.
	State string
	// Hint is the customer's e-mail address, if it is known.
	Hint string

	// nonce and request, a SAML request's ID, tie what the provider signs to this round.
	nonce, request string
}

// Answer is what a browser brings back from a provider.
type Answer struct {
	// SAML says that the answer came to /saml2/idpresponse, and not to /oauth2/idpresponse.
	SAML   bool
	Values url.Values
}

// Identity is a user of a provider, who has signed in.
type Identity struct {
	Subject string
	// Attributes are the user's attributes, by the provider's names.
	Attributes map[string]string
}

// party is one provider.
type party interface {
	// begin returns the address that the browser is redirected to.
	begin(ctx context.Context, r *Round) (string, error)
	// saml says which endpoint takes the answers.
	saml() bool
	finish(ctx context.Context, r Round, values url.Values) (Identity, error)
}

// kinds makes a party of each ProviderType.
var kinds = map[string]func(*Client, deployed.IdentityProvider) (party, error){
	"Google": newOpenID, "OIDC": newOpenID, apple: newOpenID, "Facebook": newFacebook, "LoginWithAmazon": newAmazon,
	"SAML": newSAML,
}

// New returns a client of the stage's providers. The error joins every provider that cannot be served.
func New(o Options) (*Client, error) {
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Page == nil {
		o.Page = func(address string) string { return address }
	}
	c := &Client{options: o, parties: map[string]party{}, http: &http.Client{
		Transport: bounded{o.Transport}, // Begin and Finish bound the time.
		// Only the endpoints that a provider has published are called.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(o.Stage.Providers)) {
		provider := o.Stage.Providers[name]
		newParty, known := kinds[provider.ProviderType]
		err := fmt.Errorf("type %q is not served", provider.ProviderType)
		if known {
			c.parties[name], err = newParty(c, provider)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("identity provider %s: %w", name, err))
		}
	}
	return c, errors.Join(errs...)
}

// Begin returns the address at which the browser signs in. Its error is an *Error if the provider is to blame.
func (c *Client) Begin(ctx context.Context, r *Round) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	p, known := c.parties[r.Provider]
	if !known {
		return "", fmt.Errorf("%q is no identity provider of the stage", r.Provider)
	}
	target, err := p.begin(ctx, r)
	if err != nil {
		return "", blame(ctx, r.Provider, err)
	}
	return c.options.Page(target), nil
}

// Finish returns the identity that has signed in. The caller ensures that a round is finished once, by the browser that
// began it. Its error is an *Error if the provider is to blame.
func (c *Client) Finish(ctx context.Context, r Round, answer Answer) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	p, known := c.parties[r.Provider]
	if !known {
		return Identity{}, fmt.Errorf("%q is no identity provider of the stage", r.Provider)
	}
	if p.saml() != answer.SAML {
		return Identity{}, blame(ctx, r.Provider, errors.New("the answer came to the endpoint of another protocol"))
	}
	for name, values := range answer.Values {
		if len(values) > 1 {
			return Identity{}, blame(ctx, r.Provider, fmt.Errorf("%s is there %d times", name, len(values)))
		}
	}
	who, err := p.finish(ctx, r, answer.Values)
	if err == nil {
		err = checkSubject(who.Subject)
	}
	if err != nil {
		return Identity{}, blame(ctx, r.Provider, err)
	}
	return who, nil
}

// maxSubject bounds a subject, as OpenID Connect Core 1.0, section 2 does.
const maxSubject = 255

// checkSubject requires one line of text, because the subject becomes part of the user name. OpenID Connect Core 1.0,
// section 2 allows ASCII only. SAML allows any letters.
func checkSubject(subject string) error {
	if subject == "" || len(subject) > maxSubject {
		return fmt.Errorf("the subject has %d characters; want 1 to %d", len(subject), maxSubject)
	}
	for _, r := range subject {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return fmt.Errorf("the subject %q has the character %q, which cannot be printed", subject, r)
		}
	}
	return nil
}
