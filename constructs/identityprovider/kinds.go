package identityprovider

import (
	"slices"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/lambda/contract"
)

// kind is what Cognito must know of one kind of provider.
type kind struct {
	// details are the provider's own settings, by the keys of CreateIdentityProvider.
	details func(config.Provider, kind) map[string]string
	// scopes are those that the mapping needs and no more, joined by separator.
	scopes    []string
	separator string
	// mapping is from user attribute to the provider's claim.
	mapping map[string]string
}

// asks is the text of all scopes. Without that of the address the address stays empty, and the account cannot be
// connected with another.
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

// soapClaims is where most SAML providers state claims.
const soapClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

// kinds are told what CreateIdentityProvider documents for each, in test/threats once more.
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
		// "public_profile, email" is how CreateIdentityProvider shows them, and says that values must match.
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

// oidc names the endpoints only if all are known: what is missing is found at the issuer.
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

// saml always signs requests, and takes no sign-in that the provider begins: an unsolicited assertion could be planted
// in a customer's browser.
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
