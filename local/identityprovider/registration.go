package identityprovider

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/securecart/identity/internal/deployed"
)

// client is the user pool as a client of the OpenID Provider.
type client struct {
	*openID
	provider deployed.IdentityProvider
}

func (c client) GetID() string                       { return c.provider.ProviderDetails["client_id"] }
func (c client) RedirectURIs() []string              { return []string{c.peers.redirectURI()} }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodPost }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType        { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) LoginURL(id string) string           { return c.page + "?id=" + id }
func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration      { return life }
func (c client) DevMode() bool                       { return false }
func (c client) IsScopeAllowed(scope string) bool {
	return c.provider.ProviderType == apple && scope == "name"
}
func (c client) ClockSkew() time.Duration { return 0 }

// IDTokenUserinfoClaimsAssertion lets SetUserinfoFromRequest decide.
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return same }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return same }

func same(scopes []string) []string { return scopes }

// redirectURI returns the address that is registered at every provider:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
func (p *Peers) redirectURI() string { return p.options.Login + "/oauth2/idpresponse" }
