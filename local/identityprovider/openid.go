package identityprovider

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/expiring"
)

// openID is an OpenID Provider: code flow with PKCE, discovery, keys that rotate, user info.
type openID struct {
	peers *Peers
	op    *op.Provider
	// page is the address at which browsers sign in, with the query id=<request>.
	page string
	// registered are the providers of the template that name this issuer, by client id.
	registered map[string]deployed.IdentityProvider
	requests   *expiring.Store[*request]
	handles    handles
	keys       *keys

	mu sync.Mutex
	// greeted has the people who have signed in at Apple before.
	greeted map[string]bool
}

// endpoints are the addresses of an OpenID Provider.
type endpoints struct{ issuer, authorize, token, userInfo, keys string }

// published are the endpoints of well-known providers, as their discovery documents have them:
// https://accounts.google.com/.well-known/openid-configuration and
// https://appleid.apple.com/.well-known/openid-configuration
var published = map[string]endpoints{
	"Google": {
		issuer: "https://accounts.google.com", authorize: "https://accounts.google.com/o/oauth2/v2/auth",
		token: "https://oauth2.googleapis.com/token", userInfo: "https://openidconnect.googleapis.com/v1/userinfo",
		keys: "https://www.googleapis.com/oauth2/v3/certs",
	},
	apple: {
		issuer: appleIssuer, authorize: appleIssuer + "/auth/authorize", token: appleIssuer + "/auth/token",
		// Apple has no user info, and the user pool does not ask for it.
		userInfo: appleIssuer + "/auth/userinfo", keys: appleIssuer + "/auth/keys",
	},
}

// endpointsOf returns the endpoints of a provider of the template. An OIDC provider has those that the template names.
// Its discovery document names the others.
func endpointsOf(p deployed.IdentityProvider) endpoints {
	if known, ok := published[p.ProviderType]; ok {
		return known
	}
	d := p.ProviderDetails
	issuer := strings.TrimSuffix(d["oidc_issuer"], "/")
	return endpoints{
		issuer:    d["oidc_issuer"],
		authorize: cmp.Or(d["authorize_url"], issuer+"/oauth2/v1/authorize"),
		token:     cmp.Or(d["token_url"], issuer+"/oauth2/v1/token"),
		userInfo:  cmp.Or(d["attributes_url"], issuer+"/oauth2/v1/userinfo"),
		keys:      cmp.Or(d["jwks_uri"], issuer+"/oauth2/v1/keys"),
	}
}

func (p *Peers) addOpenID(provider deployed.IdentityProvider) error {
	at := endpointsOf(provider)
	o := p.issuers[at.issuer]
	if o == nil {
		var err error
		if o, err = p.newOpenID(at); err != nil {
			return err
		}
		p.issuers[at.issuer] = o
	}
	id := provider.ProviderDetails["client_id"]
	if other, taken := o.registered[id]; taken || id == "" {
		return fmt.Errorf("client_id %q is not its own: provider %q has it at the same issuer", id, other.ProviderName)
	}
	o.registered[id] = provider
	if provider.ProviderType == apple {
		_, err := p.options.Secrets.Key("private_key", provider.ProviderDetails["private_key"])
		return err
	}
	_, err := p.options.Secrets.Text("client_secret", provider.ProviderDetails["client_secret"])
	return err
}

func (p *Peers) newOpenID(at endpoints) (*openID, error) {
	o := &openID{
		peers: p, page: p.Page(at.authorize + "/sign-in"), registered: map[string]deployed.IdentityProvider{},
		requests: expiring.New[*request](time.Now, life), handles: handles{expiring.New[string](time.Now, life)},
		keys: &keys{}, greeted: map[string]bool{},
	}
	config := &op.Config{
		CodeMethodS256: true, AuthMethodPost: true,
		SupportedScopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail, oidc.ScopeProfile},
	}
	_, _ = rand.Read(config.CryptoKey[:]) // It never fails. Handles take the place of what this would encrypt.
	var err error
	o.op, err = op.NewProvider(config, o, op.StaticIssuer(at.issuer), op.WithCrypto(o.handles),
		op.WithCustomAuthEndpoint(op.NewEndpointWithURL("authorize", at.authorize)),
		op.WithCustomTokenEndpoint(op.NewEndpointWithURL("token", at.token)),
		op.WithCustomUserinfoEndpoint(op.NewEndpointWithURL("userinfo", at.userInfo)),
		op.WithCustomKeysEndpoint(op.NewEndpointWithURL("keys", at.keys)))
	if err != nil {
		return nil, err
	}
	for address, path := range map[string]string{
		strings.TrimSuffix(at.issuer, "/") + oidc.DiscoveryEndpoint: oidc.DiscoveryEndpoint,
		at.authorize: "/authorize", at.token: "/token", at.userInfo: "/userinfo", at.keys: "/keys",
	} {
		if err := p.answer(address, o.at(path)); err != nil {
			return nil, err
		}
	}
	return o, p.answer(at.authorize+"/sign-in", http.HandlerFunc(o.signIn))
}

// at returns the library's handler for one of its own paths.
func (o *openID) at(path string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = path, ""
		o.op.ServeHTTP(w, r)
	})
}

// signIn shows the page on which somebody signs in, takes its form, and sends the browser back to managed login.
func (o *openID) signIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	asked, ok := o.requests.Get(query.Get("id"))
	if !ok {
		o.peers.refuse(w, "This sign-in is over, or was never begun here.")
		return
	}
	provider := o.registered[asked.ClientID]
	page := asking{provider: provider, action: o.page + "?" + url.Values{"id": {asked.id}}.Encode(), hint: asked.LoginHint}
	switch {
	case r.Method != http.MethodPost:
		o.peers.ask(w, page)
	case readForm(w, r) != nil:
		o.peers.refuse(w, "This form cannot be read.")
	case query.Has("cancel"):
		o.back(w, r, asked, url.Values{"error": {"access_denied"}})
	default:
		if values, ok := o.peers.entered(w, page, r.PostForm); ok {
			code, err := o.complete(asked, values)
			if err != nil {
				o.peers.refuse(w, err.Error())
				return
			}
			o.back(w, r, asked, url.Values{"code": {code}})
		}
	}
}

// back sends the browser to managed login, in the way that the request asks for.
func (o *openID) back(w http.ResponseWriter, r *http.Request, asked *request, answer url.Values) {
	answer.Set("state", asked.State)
	if o.registered[asked.ClientID].ProviderType == apple {
		o.backFromApple(w, asked, answer)
		return
	}
	http.Redirect(w, r, asked.RedirectURI+"?"+answer.Encode(), http.StatusSeeOther)
}
