package login

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// cognito is the provider name of the user pool's own users.
const cognito = "COGNITO"

// parameters are the parameters of an authorization request. Pages pass on these and no others.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
var parameters = []string{
	"response_type", "client_id", "redirect_uri", "state", "identity_provider", "idp_identifier", "scope",
	"code_challenge_method", "code_challenge", "nonce", "lang", "login_hint", "prompt",
}

// unserved are documented parameters that are refused: a client that sends one relies on its effect.
var unserved = []string{"resource", "acr_values", "max_age"}

// maxQuery bounds the query that a code or a pending sign-in stores, in bytes.
const maxQuery = 8 << 10

// s256 matches a SHA-256 hash in base64url without padding (RFC 7636, section 4.2).
var s256 = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorization is an authorization request whose client and redirect URI are registered.
type authorization struct {
	client   deployed.UserPoolClient
	redirect string
	// values are the request's parameters, for the next page.
	values url.Values
	scopes []string
	// provider is the provider that the request names: COGNITO, a provider of the client, or "" for any.
	provider string
	prompts  words
}

type words []string

func (w words) has(word string) bool { return slices.Contains(w, word) }

// refusal is an error that the client gets by redirect (RFC 6749, section 4.1.2.1).
type refusal struct{ code, description string }

func (e *refusal) Error() string { return e.code + ": " + e.description }

func refuse(code, format string, values ...any) error {
	return &refusal{code, fmt.Sprintf(format, values...)}
}

// readRequest reads an authorization request. It returns no authorization if client and redirect URI are not registered
// together: the browser must not be redirected then. Other errors are for the client, by redirect.
func (l *Login) readRequest(rawQuery string) (*authorization, error) {
	if len(rawQuery) > maxQuery {
		return nil, fmt.Errorf("the query is %d bytes long; at most %d are read", len(rawQuery), maxQuery)
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, fmt.Errorf("the query cannot be read: %w", err)
	}
	for _, name := range []string{"client_id", "redirect_uri"} {
		if len(query[name]) != 1 {
			return nil, fmt.Errorf("want one %s, got %d", name, len(query[name]))
		}
	}
	client, err := l.oauthClient(query.Get("client_id"))
	if err != nil {
		return nil, err
	}
	a := &authorization{client: client, redirect: query.Get("redirect_uri"), values: url.Values{}}
	// Exactly, as RFC 9700, section 2.1 demands: a prefix or pattern would let a code go elsewhere.
	if !slices.Contains(client.CallbackURLs, a.redirect) {
		return nil, fmt.Errorf("redirect_uri %q is not one of the client's callback URLs", a.redirect)
	}
	for _, name := range parameters {
		if query.Has(name) {
			a.values[name] = query[name]
		}
	}
	return a, a.read(query, l.stage.Providers)
}

// oauthClient returns a client that may use managed login.
func (l *Login) oauthClient(id string) (deployed.UserPoolClient, error) {
	client, ok := l.stage.Clients[id]
	switch {
	case !ok:
		return client, fmt.Errorf("there is no app client %q", id)
	case !client.AllowedOAuthFlowsUserPoolClient:
		return client, fmt.Errorf("app client %s (%s) has no managed login", client.ClientName, id)
	}
	return client, nil
}

func (a *authorization) read(query url.Values, providers map[string]deployed.IdentityProvider) error {
	for _, name := range parameters {
		if len(query[name]) > 1 {
			// RFC 6749, section 3.1: parameters must not be included more than once.
			return refuse("invalid_request", "%s is there %d times", name, len(query[name]))
		}
	}
	for _, name := range unserved {
		if query.Has(name) {
			return refuse("invalid_request", "%s is not served by the local run", name)
		}
	}
	for _, read := range []func() error{a.readResponseType, a.readScopes, a.readChallenge, a.readPrompts} {
		if err := read(); err != nil {
			return err
		}
	}
	return a.readProvider(providers)
}

// readResponseType accepts code only. AWS documents unauthorized_client for token where a client may not use it.
func (a *authorization) readResponseType() error {
	switch kind := a.values.Get("response_type"); kind {
	case "code":
		return nil
	case "":
		return refuse("invalid_request", "response_type is missing")
	case "token":
		return refuse("unauthorized_client", "the client may not use response_type token")
	default:
		return refuse("unsupported_response_type", "response_type must be code")
	}
}

func (a *authorization) readScopes() error {
	a.scopes = strings.Fields(a.values.Get("scope"))
	if len(a.scopes) == 0 {
		a.scopes = slices.Clone(a.client.AllowedOAuthScopes)
		return nil
	}
	for _, scope := range a.scopes {
		if !slices.Contains(a.client.AllowedOAuthScopes, scope) {
			return refuse("invalid_scope", "the client may not ask for every one of these scopes")
		}
	}
	// "The phone, email, and profile scopes can only be requested if openid scope is also requested."
	claims := func(scope string) bool { return slices.Contains([]string{"phone", "email", "profile"}, scope) }
	if slices.ContainsFunc(a.scopes, claims) && !slices.Contains(a.scopes, "openid") {
		return refuse("invalid_scope", "phone, email and profile need openid")
	}
	slices.Sort(a.scopes)
	a.scopes = slices.Compact(a.scopes)
	return nil
}

// readChallenge checks the PKCE challenge. PKCE is the client's choice, because Cognito cannot require it.
func (a *authorization) readChallenge() error {
	challenge, method := a.values.Get("code_challenge"), a.values.Get("code_challenge_method")
	switch {
	case !a.values.Has("code_challenge") && !a.values.Has("code_challenge_method"):
		return nil
	case method != "S256":
		return refuse("invalid_request", "code_challenge_method must be S256")
	case !s256.MatchString(challenge):
		return refuse("invalid_request", "code_challenge must be the base64url of a SHA-256 hash, 43 characters")
	}
	return nil
}

func (a *authorization) readPrompts() error {
	a.prompts = strings.Fields(a.values.Get("prompt"))
	for _, prompt := range a.prompts {
		if !slices.Contains([]string{"none", "login", "select_account", "consent"}, prompt) {
			return refuse("invalid_request", "prompt must be of none, login, select_account and consent")
		}
	}
	if a.prompts.has("none") && len(a.prompts) > 1 {
		return refuse("invalid_request", "prompt none stands alone")
	}
	return nil
}

func (a *authorization) readProvider(providers map[string]deployed.IdentityProvider) error {
	name, identifier := a.values.Get("identity_provider"), a.values.Get("idp_identifier")
	switch {
	case name != "" && identifier != "":
		return refuse("invalid_request", "identity_provider and idp_identifier exclude each other")
	case identifier != "":
		for _, provider := range providers {
			if slices.Contains(provider.IdpIdentifiers, identifier) {
				name = provider.ProviderName
			}
		}
		if name == "" {
			return refuse("invalid_request", "no provider has this idp_identifier")
		}
	case name == "":
		return nil
	}
	if !slices.Contains(a.client.SupportedIdentityProviders, name) {
		return refuse("invalid_request", "the client does not support this provider")
	}
	a.provider = name
	return nil
}
