package apigateway

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/internal/deployed"
)

// authorizer verifies tokens of the user pool: apigateway-integrate-with-cognito.html. It does not check revocation: a
// token is valid until it expires.
type authorizer struct {
	// header is where the token is.
	header  string
	ttl     time.Duration
	issuer  string
	keys    func() jose.JSONWebKeySet
	clients map[string]deployed.UserPoolClient

	mutex sync.Mutex
	// cache holds valid tokens by digest, for ttl and never beyond their expiry. Refusals are not cached.
	cache map[[sha256.Size]byte]cached
}

type cached struct {
	token token
	until time.Time
}

// maxCached bounds the cache of one authorizer, in tokens.
const maxCached = 1000

// token is a token with valid signature, issuer and times.
type token struct {
	claims map[string]string
	// use is "access" or "id".
	use      string
	scopes   []string
	audience []string
	expires  time.Time
}

// maxTTL is in seconds: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
const maxTTL = 3600

// newAuthorizers returns the authorizers by id.
func newAuthorizers(options Options) (map[string]*authorizer, error) {
	authorizers := map[string]*authorizer{}
	var errs []error
	configured := options.Stage.API.Authorizers
	for _, id := range slices.Sorted(maps.Keys(configured)) {
		from := configured[id]
		var wrong []error
		if from.Type != "COGNITO_USER_POOLS" {
			wrong = append(wrong, fmt.Errorf("its Type %q is not understood; there is COGNITO_USER_POOLS", from.Type))
		}
		header, ok := strings.CutPrefix(from.IdentitySource, inHeader)
		if !ok || !headerName.MatchString(header) {
			wrong = append(wrong,
				fmt.Errorf("IdentitySource %q is not understood; there is %s<name>", from.IdentitySource, inHeader))
		}
		if pool := options.Stage.UserPool.ARN; !slices.Equal(from.ProviderARNs, []string{pool}) {
			wrong = append(wrong, fmt.Errorf("ProviderARNs %q are not understood; there is %s", from.ProviderARNs, pool))
		}
		if from.AuthorizerResultTtlInSeconds < 0 || from.AuthorizerResultTtlInSeconds > maxTTL {
			wrong = append(wrong, fmt.Errorf("AuthorizerResultTtlInSeconds %d is not understood; there are 0 to %d",
				from.AuthorizerResultTtlInSeconds, maxTTL))
		}
		if err := errors.Join(wrong...); err != nil {
			errs = append(errs, fmt.Errorf("authorizer %s: %w", from.Name, err))
		}
		authorizers[id] = &authorizer{
			header: header, issuer: options.Issuer, keys: options.Keys, clients: options.Stage.Clients,
			ttl:   time.Duration(from.AuthorizerResultTtlInSeconds) * time.Second,
			cache: map[[sha256.Size]byte]cached{},
		}
	}
	return authorizers, errors.Join(errs...)
}

// authorize sets the claims of the request's token, or refuses it.
func (a *authorizer) authorize(x *exchange) error {
	found, err := a.token(x.request.Header, x.begun)
	if err == nil && !a.opens(found, x.route.AuthorizationScopes) {
		err = refuse(unauthorized)
	}
	if err != nil {
		x.authorizerStatus = http.StatusUnauthorized
		return err
	}
	x.authorizerStatus, x.claims = http.StatusOK, found.claims
	return nil
}

// opens reports whether a token is accepted by a method. "if the OAuth Scopes option isn't specified, API Gateway
// treats the supplied token as an identity token […]. Otherwise, API Gateway treats the supplied token as an access
// token and verifies the access scopes that are claimed in the token against the authorization scopes declared on the
// method"; one match is enough, none is a 401 (apigateway-enable-cognito-user-pool.html). It is checked for each
// method, also if the token is cached.
func (a *authorizer) opens(t token, scopes []string) bool {
	if len(scopes) > 0 {
		return t.use == "access" &&
			slices.ContainsFunc(t.scopes, func(scope string) bool { return slices.Contains(scopes, scope) })
	}
	return t.use == "id" &&
		slices.ContainsFunc(t.audience, func(client string) bool { _, ok := a.clients[client]; return ok })
}

// token finds and verifies the token of a request. It may follow "Bearer ", as in RFC 6750, or be alone, as in AWS's
// examples.
func (a *authorizer) token(header http.Header, now time.Time) (token, error) {
	values := header.Values(a.header)
	if len(values) != 1 {
		return token{}, refuse(unauthorized) // using either of two would be a guess
	}
	text := strings.TrimPrefix(values[0], "Bearer ")
	digest := sha256.Sum256([]byte(text))
	if known, ok := a.cached(digest, now); ok {
		return known, nil
	}
	verified, err := a.verify(text, now)
	if err == nil {
		a.keep(digest, verified, now)
	}
	return verified, err
}

func (a *authorizer) cached(digest [sha256.Size]byte, now time.Time) (token, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	entry, ok := a.cache[digest]
	return entry.token, ok && now.Before(entry.until)
}

func (a *authorizer) keep(digest [sha256.Size]byte, t token, now time.Time) {
	until := now.Add(a.ttl)
	if t.expires.Before(until) {
		until = t.expires
	}
	if !now.Before(until) {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if len(a.cache) >= maxCached {
		clear(a.cache) // they are all verified again, which takes a moment
	}
	a.cache[digest] = cached{token: t, until: until}
}

// verify checks signature, issuer and times. The error gives no reason except expiry, which clients need. RS256 is the
// only algorithm: amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html of Cognito's guide.
func (a *authorizer) verify(text string, now time.Time) (token, error) {
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return token{}, refuse(unauthorized)
	}
	payload, ok := a.payload(signed)
	if !ok {
		return token{}, refuse(unauthorized)
	}
	var registered jwt.Claims
	var ours struct {
		Use   string `json:"token_use"`
		Scope string `json:"scope"`
	}
	if json.Unmarshal(payload, &registered) != nil || json.Unmarshal(payload, &ours) != nil {
		return token{}, refuse(unauthorized)
	}
	switch err := registered.ValidateWithLeeway(jwt.Expected{Issuer: a.issuer, Time: now}, 0); {
	case errors.Is(err, jwt.ErrExpired):
		// EXPIRED_TOKEN is about "an AWS authentication token" (supported-gateway-response-types.html), and a 403.
		return token{}, refuseSaying(unauthorized, "The incoming token has expired")
	case err != nil || registered.Expiry == nil:
		return token{}, refuse(unauthorized)
	}
	claims, err := claimTexts(payload)
	if err != nil {
		return token{}, refuse(unauthorized)
	}
	return token{
		claims: claims, use: ours.Use, scopes: strings.Fields(ours.Scope), audience: registered.Audience,
		expires: registered.Expiry.Time(),
	}, nil
}

// payload returns the claims if the pool's key with the token's kid has signed them.
func (a *authorizer) payload(signed *jose.JSONWebSignature) ([]byte, bool) {
	keys := a.keys()
	for _, key := range keys.Key(signed.Signatures[0].Header.KeyID) {
		public, isRSA := key.Public().Key.(*rsa.PublicKey)
		if !isRSA {
			continue
		}
		if payload, err := signed.Verify(public); err == nil {
			return payload, true
		}
	}
	return nil, false
}
