package threats

import (
	"strings"

	"github.com/securecart/identity/config"
)

// overTLS begins every URL at which nobody on the way can answer for the provider.
const overTLS = "https://"

// details is all that Cognito is told of a provider: what to ask it for, and where. More would lead Cognito to another
// place than the provider's own, or let a provider begin a sign-in that nobody asked for.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func details(p config.Provider) map[string]any {
	if p.Kind == config.SAML {
		return map[string]any{
			"IDPInit": "false", "IDPSignout": "true", "MetadataURL": p.SAML.MetadataURL, "RequestSigningAlgorithm": "rsa-sha256",
		}
	}
	told := map[string]any{
		"authorize_scopes": "openid email profile", "client_id": p.ClientID,
		// Without the version CloudFormation would keep the old secret when it is rotated.
		"client_secret": "{{resolve:secretsmanager:" + p.SecretName + ":SecretString:::" + p.SecretVersion + "}}",
	}
	switch p.Kind {
	case config.Apple:
		told["authorize_scopes"], told["team_id"], told["key_id"] = "email name", p.Apple.TeamID, p.Apple.KeyID
		told["private_key"] = told["client_secret"]
		delete(told, "client_secret")
	case config.Amazon:
		told["authorize_scopes"] = "profile"
	case config.Facebook:
		told["authorize_scopes"], told["api_version"] = "public_profile,email", "v26.0"
	case config.OIDC:
		told["oidc_issuer"], told["attributes_request_method"] = p.OIDC.Issuer, "GET"
	}
	return told
}

// isTold expects a provider to be of the configured kind and told exactly what it needs, at its own place.
func isTold(p Resource, configured config.Provider) {
	p.At("ProviderType").Is(string(configured.Kind))
	told := p.At("ProviderDetails")
	told.Is(details(configured))
	for _, place := range []string{"oidc_issuer", "MetadataURL"} {
		if url, isSet := told.At(place).Got.(string); isSet && !strings.HasPrefix(url, overTLS) {
			told.At(place).Fail("is %q, want a URL with https", url)
		}
	}
}
