// Package identityprovider serves the identity providers that a stage's template names, on loopback: real peers of the
// user pool, which speak OpenID Connect as Google and Apple do, OAuth as Facebook and Amazon do, and SAML 2.0. The
// developer enters on their pages who signs in. No request reaches the companies of these names.
package identityprovider

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/webpage"
)

// Options are what New needs. Every field is required.
type Options struct {
	// Stage names the providers. It is not changed afterwards.
	Stage *deployed.Stage
	// Pages is the URL of Handler for browsers, such as "http://localhost:8705". It must be another site than managed
	// login, as a real provider is: its forms then reach managed login without cookies that are SameSite=Lax.
	Pages string
	// Login is the URL of managed login, which browsers are sent back to.
	Login string
	// Secrets are shared with the user pool.
	Secrets *Secrets
	// ServiceProvider returns the metadata of the user pool that a SAML provider has registered.
	ServiceProvider func(provider string) (*saml.EntityDescriptor, error)
	Logger          *slog.Logger
}

// Peers are the identity providers of a stage.
type Peers struct {
	options Options
	// answers has handlers by host and path, such as "accounts.google.com/o/oauth2/v2/auth".
	answers map[string]http.Handler
	issuers map[string]*openID
	network *network
}

// life is the lifetime of a sign-in under way, of a code and of an access token.
const life = 10 * time.Minute

// kinds makes a provider of each ProviderType of
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
var kinds = map[string]func(*Peers, deployed.IdentityProvider) error{
	"Google": (*Peers).addOpenID, "OIDC": (*Peers).addOpenID, apple: (*Peers).addOpenID,
	"Facebook": (*Peers).addFacebook, "LoginWithAmazon": (*Peers).addAmazon, "SAML": (*Peers).addSAML,
}

// New serves the providers of a stage to the user pool, by the transport that Transport returns. The error joins every
// provider that cannot be served.
func New(o Options) (*Peers, error) {
	p := &Peers{options: o, answers: map[string]http.Handler{}, issuers: map[string]*openID{}}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(o.Stage.Providers)) {
		provider := o.Stage.Providers[name]
		add, known := kinds[provider.ProviderType]
		err := fmt.Errorf("type %q is not served; only %q are", provider.ProviderType, slices.Sorted(maps.Keys(kinds)))
		if known {
			err = add(p, provider)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("identity provider %s: %w", name, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	hosts := map[string]bool{}
	for address := range p.answers {
		host, _, _ := strings.Cut(address, "/")
		hosts[host] = true
	}
	var err error
	if p.network, err = listen(slices.Sorted(maps.Keys(hosts)), p, o.Logger); err != nil {
		return nil, err // Close of a half-made one would have no network to close.
	}
	return p, nil
}

// Close stops serving the user pool.
func (p *Peers) Close() error { return p.network.close() }

// Transport connects the user pool to the providers, by their names and TLS. Other hosts are an error: nothing leaves
// this machine.
func (p *Peers) Transport() http.RoundTripper { return p.network.transport }

// Page returns the address at which a browser reaches an address of a provider.
func (p *Peers) Page(address string) string {
	rest, found := strings.CutPrefix(address, "https://")
	if !found {
		return address
	}
	return p.options.Pages + "/" + rest
}

// Handler serves browsers at Pages.
func (p *Peers) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page.css", webpage.Stylesheet)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/{host}/{path...}", func(w http.ResponseWriter, r *http.Request) {
		webpage.Protect(w.Header())
		named := r.Clone(r.Context())
		named.Host, named.URL.Path, named.URL.RawPath = r.PathValue("host"), "/"+r.PathValue("path"), ""
		p.ServeHTTP(w, named)
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// ServeHTTP serves requests by the host of a provider.
func (p *Peers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	answer, ok := p.answers[host+r.URL.Path]
	if !ok {
		http.Error(w, "no identity provider of the stage answers at https://"+host+r.URL.Path, http.StatusNotFound)
		return
	}
	answer.ServeHTTP(w, r)
}

// answer registers a handler for an absolute https URL.
func (p *Peers) answer(address string, handler http.Handler) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme != "https" || u.Hostname() == "" || u.Port() != "" && u.Port() != "443" {
		return fmt.Errorf("%q must be https, on port 443", address)
	}
	key := u.Hostname() + u.Path
	if p.answers[key] != nil {
		return fmt.Errorf("another provider answers at %s already", address)
	}
	p.answers[key] = handler
	return nil
}
