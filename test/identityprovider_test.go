package test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// mappings are what each kind of provider may write, in full.
var mappings = map[config.ProviderKind]map[string]any{
	config.Google: {
		"custom:provider_email": "email", "name": "name",
		"given_name": "given_name", "family_name": "family_name", "picture": "picture",
	},
	config.Facebook: {"custom:provider_email": "email", "name": "name", "given_name": "first_name", "family_name": "last_name", "picture": "picture"},
	config.OIDC: {
		"custom:provider_email": "email", "name": "name",
		"given_name": "given_name", "family_name": "family_name", "picture": "picture",
	},
	config.SAML: {
		"custom:provider_email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
		"name":                  "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
		"given_name":            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
		"family_name":           "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
	},
}

// details are what each kind of provider is told, but for its secret.
func details(p config.Provider) map[string]any {
	switch p.Kind {
	case config.Google:
		return map[string]any{"client_id": p.ClientID, "authorize_scopes": "openid email profile"}
	case config.Facebook:
		return map[string]any{"client_id": p.ClientID, "authorize_scopes": "public_profile,email", "api_version": "v26.0"}
	case config.OIDC:
		return map[string]any{"client_id": p.ClientID, "authorize_scopes": "openid email profile", "oidc_issuer": p.Issuer, "attributes_request_method": "GET"}
	default:
		return map[string]any{"MetadataURL": p.MetadataURL, "IDPSignout": "true", "IDPInit": "false", "RequestSigningAlgorithm": "rsa-sha256"}
	}
}

func TestEveryProviderIsToldAndMappedExactlyWhatIsNeeded(t *testing.T) {
	kinds := map[config.ProviderKind]bool{}
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, p := range s.config.Providers {
			kinds[p.Kind] = true
			provider := found{s.stack(t, "IdentityProviders").Template.Resources[p.ProviderName()], p.ProviderName(), s.stack(t, "IdentityProviders"), s}
			want(t, provider, string(p.Kind), "customers would be sent to another provider", "ProviderType")
			want(t, provider, p.ProviderName(), "the client would offer another provider", "ProviderName")
			want(t, provider, mappings[p.Kind], "a provider could write what decides over permissions, or the mailbox that recovers an account", "AttributeMapping")
			got, ok := provider.get("ProviderDetails").(map[string]any)
			if !ok {
				t.Fatalf("%s has no details", provider)
			}
			expected := details(p)
			if p.Kind != config.SAML {
				expected["client_secret"] = "{{resolve:secretsmanager:" + p.SecretName + ":SecretString:::" + p.SecretVersion + "}}"
			}
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("%s: details (-want +got)\n%s", provider, diff)
			}
		}
	})
	for kind := range mappings {
		if !kinds[kind] {
			t.Errorf("no stage and no variant has a provider of kind %s: it goes unchecked", kind)
		}
	}
}

func TestARotatedSecretChangesTheProvider(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, p := range s.config.Providers {
			if p.SecretVersion == "" {
				continue
			}
			provider := s.stack(t, "IdentityProviders").Template.Resources[p.ProviderName()]
			secret, _ := provider.Properties["ProviderDetails"].(map[string]any)["client_secret"].(string)
			if !strings.Contains(secret, p.SecretVersion) {
				t.Errorf("%s: %q lacks version %s: CloudFormation would keep the old secret", p.ProviderName(), secret, p.SecretVersion)
			}
		}
	})
}
