package identitypool

import (
	"fmt"
	"maps"
	"slices"

	"github.com/securecart/identity/local/services/awsjson"
)

// login is a customer who signed in at a provider.
type login struct {
	provider, subject string
	claims            map[string]any
}

// logIn returns the customer of the tokens, which are by provider. It returns nil for a guest, who has no tokens.
func (p *Pool) logIn(logins map[string]string) (*login, error) {
	if len(logins) == 0 {
		if !p.stage.IdentityPool.AllowUnauthenticatedIdentities {
			return nil, awsjson.Refuse("NotAuthorizedException",
				"Unauthenticated access is not supported for this identity pool.")
		}
		return nil, nil
	}
	if len(logins) > 1 {
		return nil, awsjson.Refuse("InvalidParameterException", "Logins: one is served; this identity pool has one provider.")
	}
	provider := slices.Collect(maps.Keys(logins))[0]
	claims, err := p.verify(provider, logins[provider])
	if err != nil {
		return nil, err
	}
	subject, _ := claims["sub"].(string)
	if subject == "" {
		return nil, awsjson.Refuse("NotAuthorizedException", "Invalid login token. It names no subject.")
	}
	return &login{provider: provider, subject: subject, claims: claims}, nil
}

// verify requires an ID token of one of the identity pool's clients for the provider. Other tokens do not identify a
// customer.
func (p *Pool) verify(provider, token string) (map[string]any, error) {
	failed := awsjson.Refuse("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")
	for _, client := range p.stage.IdentityPool.CognitoIdentityProviders {
		if client.ProviderName != provider {
			continue
		}
		claims, err := p.tokens.VerifyIDToken(token, client.ClientID, client.ServerSideTokenCheck)
		if err == nil && claims["token_use"] != "id" {
			err = fmt.Errorf("want an ID token, got one for %v", claims["token_use"])
		}
		if err == nil {
			return claims, nil
		}
		failed = awsjson.Refuse("NotAuthorizedException", "Invalid login token. %v", err)
	}
	return nil, failed
}

// principalTags returns the claims that the provider's mapping names. A missing claim makes no tag.
// https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
func (p *Pool) principalTags(who *login) (map[string]string, error) {
	tags := map[string]string{}
	for tag, claim := range p.tags[who.provider] {
		value, there := who.claims[claim]
		text, isText := value.(string)
		switch {
		case there && !isText:
			return nil, awsjson.Refuse("InvalidIdentityPoolConfigurationException", "Principal tag %s: the claim %s is no text.",
				tag, claim)
		case there:
			tags[tag] = text
		}
	}
	return tags, nil
}
