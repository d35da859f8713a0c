package threats

import (
	"slices"
	"strings"

	"github.com/securecart/identity/config"
)

// overTLS is the prefix of URLs at which nobody on the network can impersonate the provider.
const overTLS = "https://"

// providerURLs are the details that lead to the provider.
var providerURLs = []string{"oidc_issuer", "authorize_url", "token_url", "attributes_url", "jwks_uri", "MetadataURL"}

// details are all of a provider's details in Cognito: its endpoints and the requested scopes. More could lead Cognito
// to foreign endpoints, or let a provider begin a sign-in by itself.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func details(p config.Provider) map[string]any {
	if p.Kind == config.SAML {
		return samlDetails(p.SAML)
	}
	told := map[string]any{
		"authorize_scopes": asked(p), "client_id": p.ClientID,
		// Without the version CloudFormation would keep the old secret when it is rotated.
		"client_secret": "{{resolve:secretsmanager:" + p.SecretName + ":SecretString:::" + p.SecretVersion + "}}",
	}
	switch p.Kind {
	case config.Apple:
		told["team_id"], told["key_id"] = p.Apple.TeamID, p.Apple.KeyID
		told["private_key"] = told["client_secret"]
		delete(told, "client_secret")
	case config.Facebook:
		told["api_version"] = "v26.0"
	case config.OIDC:
		told["oidc_issuer"], told["attributes_request_method"] = p.OIDC.Issuer, "GET"
		if p.OIDC.PostUserInfo {
			told["attributes_request_method"] = "POST"
		}
		if at := p.OIDC.Endpoints; at.Token != "" {
			told["authorize_url"], told["token_url"] = at.Authorize, at.Token
			told["attributes_url"], told["jwks_uri"] = at.UserInfo, at.JWKS
		}
	}
	return told
}

func samlDetails(s config.SAMLSettings) map[string]any {
	told := map[string]any{"IDPInit": "false", "IDPSignout": "true", "RequestSigningAlgorithm": "rsa-sha256"}
	if s.StaysSignedIn {
		told["IDPSignout"] = "false"
	}
	if s.EncryptedAssertions {
		told["EncryptedResponses"] = "true"
	}
	if s.Metadata != "" {
		told["MetadataFile"] = s.Metadata
	} else {
		told["MetadataURL"] = s.MetadataURL
	}
	return told
}

// usual are the scopes that a provider's attributes need.
var usual = map[config.ProviderKind]string{
	config.Google: "openid email profile", config.OIDC: "openid email profile", config.Facebook: "public_profile, email",
	config.Apple: "email name", config.Amazon: "profile",
}

// asked are the scopes that Cognito requests from a provider.
func asked(p config.Provider) string {
	separator := " "
	if p.Kind == config.Facebook {
		separator = ", "
	}
	scopes := strings.Split(usual[p.Kind], separator)
	switch {
	case len(p.Scopes) > 0:
		scopes = p.Scopes
	case p.EmailUntrusted:
		scopes = slices.DeleteFunc(scopes, func(scope string) bool { return scope == "email" })
	}
	return strings.Join(scopes, separator)
}

// isTold expects a provider to be of the configured kind and told exactly what it needs, at its own place.
func isTold(p Resource, configured config.Provider) {
	p.At("ProviderType").Is(string(configured.Kind))
	told := p.At("ProviderDetails")
	told.Is(details(configured))
	for _, place := range providerURLs {
		if url, isSet := told.At(place).Got.(string); isSet && !strings.HasPrefix(url, overTLS) {
			told.At(place).Fail("is %q, want a URL with https", url)
		}
	}
	if len(configured.Identifiers) == 0 {
		p.At("IdpIdentifiers").Absent()
	} else {
		p.At("IdpIdentifiers").Lists(configured.Identifiers...)
	}
}
