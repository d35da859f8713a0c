package clients_test

import (
	"maps"
	"testing"

	"github.com/securecart/identity/internal/assembly"
)

// everyKind adds the kinds of providers that a stage does not have, with all that can be chosen of SAML.
func everyKind(t *testing.T) func(map[string]assembly.Template) {
	t.Helper()
	const email = "custom:provider_email"
	return func(templates map[string]assembly.Template) {
		resources := templates["IdentityProviders"].Resources
		google, web := resources["Google"], ""
		for id, resource := range resources {
			if resource.Type == "AWS::Cognito::UserPoolClient" {
				web = id
			}
		}
		if google.Type == "" || web == "" {
			t.Fatal("the stage has no Google or no client")
		}
		supported := resources[web].Properties["SupportedIdentityProviders"].([]any)
		secret := google.Properties["ProviderDetails"].(map[string]any)["client_secret"]
		for name, of := range map[string]struct{ details, mapping map[string]any }{
			"SignInWithApple": {
				map[string]any{
					"client_id": "example.securecart.web", "team_id": "SECURECART", "key_id": "SIGNINKEY1",
					"private_key": secret, "authorize_scopes": "email name",
				},
				map[string]any{email: "email", "given_name": "firstName", "family_name": "lastName"},
			},
			"LoginWithAmazon": {
				map[string]any{"client_id": "amzn1.application", "client_secret": secret, "authorize_scopes": "profile"},
				map[string]any{email: "email", "name": "name"},
			},
			"Partner": {
				map[string]any{
					"MetadataURL": "https://idp.partner.example/metadata.xml", "IDPSignout": "true", "IDPInit": "false",
					"RequestSigningAlgorithm": "rsa-sha256", "EncryptedResponses": "true",
				},
				map[string]any{email: "urn:mail", "name": "urn:name"},
			},
		} {
			provider := google
			provider.Properties = maps.Clone(google.Properties)
			provider.Properties["ProviderName"], provider.Properties["ProviderType"] = name, name
			if name == "Partner" {
				provider.Properties["ProviderType"] = "SAML"
			}
			provider.Properties["ProviderDetails"], provider.Properties["AttributeMapping"] = of.details, of.mapping
			resources[name], supported = provider, append(supported, name)
		}
		resources[web].Properties["SupportedIdentityProviders"] = supported
	}
}
