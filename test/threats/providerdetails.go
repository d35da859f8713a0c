package threats

import (
	"maps"
	"slices"
	"strings"
)

// overTLS stands for any URL that nobody on the way can answer for.
const overTLS = "https://"

// providerDetails are what a provider of each type is asked for and where, by the keys that it has. A value of "" may be any.
// Others lead Cognito to another place than the provider's own, or let a provider begin a sign-in that nobody asked for.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
var providerDetails = map[string]map[string]string{
	"Google":   {"authorize_scopes": "openid email profile", "client_id": "", "client_secret": ""},
	"Facebook": {"api_version": "", "authorize_scopes": "public_profile,email", "client_id": "", "client_secret": ""},
	"OIDC": {
		"attributes_request_method": "GET", "authorize_scopes": "openid email profile", "client_id": "", "client_secret": "",
		"oidc_issuer": overTLS,
	},
	"SAML": {"IDPInit": "false", "IDPSignout": "true", "MetadataURL": overTLS, "RequestSigningAlgorithm": "rsa-sha256"},
}

// asksListed expects a provider to be asked for what its type lists.
func asksListed(p resource) {
	details, want := p.at("ProviderDetails"), providerDetails[p.at("ProviderType").text()]
	if listed := slices.Collect(maps.Keys(want)); sorted(details.keys()) != sorted(listed) {
		details.fail("are %s, want %s", sorted(details.keys()), sorted(listed))
	}
	for _, key := range details.keys() {
		switch detail := details.at(key); want[key] {
		case "":
		case overTLS:
			if text := detail.text(); !strings.HasPrefix(text, overTLS) {
				detail.fail("is %q, want a URL with https", text)
			}
		default:
			detail.is(want[key])
		}
	}
}
