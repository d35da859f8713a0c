package identityprovider

import (
	"slices"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/lambda/contract"
)

// kind is how Cognito is configured for one kind of provider.
type kind struct {
	// details are the provider's own settings, by the keys of CreateIdentityProvider.
	details func(config.Provider, kind) map[string]string
	// scopes are exactly those that the mapping needs. separator joins them.
	scopes    []string
	separator string
	// mapping names the claim that each user attribute comes from.
	mapping map[string]string
}

// asks returns the requested scopes as Cognito takes them. Without the scope of the address the attribute stays empty,
// and the profile cannot be connected.
func (k kind) asks(p config.Provider) string {
	scopes := slices.Clone(k.scopes)
	switch {
	case len(p.Scopes) > 0:
		scopes = p.Scopes
	case p.EmailUntrusted:
		scopes = slices.DeleteFunc(scopes, func(scope string) bool { return scope == "email" })
	}
	return strings.Join(scopes, k.separator)
}

// openIDClaims are the claims of OpenID Connect Core 1.0, section 5.1.
var openIDClaims = map[string]string{
	contract.ProviderEmail: "email", "name": "name", "given_name": "given_name",
	"family_name": "family_name", "picture": "picture",
}

// soapClaims is the prefix of the names that most SAML providers give to claims.
const soapClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

// kinds holds what CreateIdentityProvider documents for each kind. test/threats states it a second time, so that a slip
// here is noticed.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
var kinds = map[config.ProviderKind]kind{
	// https://developers.google.com/identity/openid-connect/openid-connect
	config.Google: {
		details: client, scopes: []string{"openid", "email", "profile"}, separator: " ", mapping: openIDClaims,
	},
	// https://developers.facebook.com/docs/graph-api/reference/user/
	config.Facebook: {
		details: func(p config.Provider, k kind) map[string]string {
			return with(client(p, k), "api_version", "v26.0")
		},
		// CreateIdentityProvider shows "public_profile, email", with this separator, and says that values must match.
		scopes: []string{"public_profile", "email"}, separator: ", ",
		mapping: map[string]string{
			contract.ProviderEmail: "email", "name": "name", "given_name": "first_name",
			"family_name": "last_name", "picture": "picture",
		},
	},
	// Cognito signs the client secret, a token, with the private key. A name comes with the first consent only.
	// https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple
	config.Apple: {
		details: func(p config.Provider, k kind) map[string]string {
			return map[string]string{
				"client_id": p.ClientID, "team_id": p.Apple.TeamID, "key_id": p.Apple.KeyID, "private_key": secret(p),
				"authorize_scopes": k.asks(p),
			}
		},
		scopes: []string{"email", "name"}, separator: " ",
		mapping: map[string]string{
			contract.ProviderEmail: "email", "given_name": "firstName", "family_name": "lastName",
		},
	},
	// https://developer.amazon.com/docs/login-with-amazon/customer-profile.html
	config.Amazon: {
		details: client, scopes: []string{"profile"}, separator: " ",
		mapping: map[string]string{contract.ProviderEmail: "email", "name": "name"},
	},
	config.OIDC: {
		details: oidc, scopes: []string{"openid", "email", "profile"}, separator: " ", mapping: openIDClaims,
	},
	config.SAML: {
		details: saml,
		mapping: map[string]string{
			contract.ProviderEmail: soapClaims + "emailaddress",
			"name":                 soapClaims + "name",
			"given_name":           soapClaims + "givenname",
			"family_name":          soapClaims + "surname",
		},
	},
}

func client(p config.Provider, k kind) map[string]string {
	return map[string]string{"client_id": p.ClientID, "client_secret": secret(p), "authorize_scopes": k.asks(p)}
}

func with(details map[string]string, key, value string) map[string]string {
	details[key] = value
	return details
}

// oidc lists endpoints only if the stage names them. Otherwise Cognito discovers them at the issuer.
func oidc(p config.Provider, k kind) map[string]string {
	details := with(client(p, k), "oidc_issuer", p.OIDC.Issuer)
	details["attributes_request_method"] = "GET"
	if p.OIDC.PostUserInfo {
		details["attributes_request_method"] = "POST"
	}
	if ends := p.OIDC.Endpoints; ends != (config.OIDCEndpoints{}) {
		details["authorize_url"], details["token_url"] = ends.Authorize, ends.Token
		details["attributes_url"], details["jwks_uri"] = ends.UserInfo, ends.JWKS
	}
	return details
}

// saml has two invariants: Cognito signs its requests, and refuses sign-ins that the provider starts, because an
// unsolicited assertion could be planted in a customer's browser.
func saml(p config.Provider, _ kind) map[string]string {
	details := map[string]string{
		"IDPInit": "false", "IDPSignout": "true", "RequestSigningAlgorithm": "rsa-sha256",
	}
	if p.SAML.StaysSignedIn {
		details["IDPSignout"] = "false"
	}
	if p.SAML.EncryptedAssertions {
		details["EncryptedResponses"] = "true"
	}
	if p.SAML.Metadata != "" {
		return with(details, "MetadataFile", p.SAML.Metadata)
	}
	return with(details, "MetadataURL", p.SAML.MetadataURL)
}
