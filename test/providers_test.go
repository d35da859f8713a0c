package test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// providerOutputs are the outputs of the stack IdentityProviders of a stage, without those of the client.
func providerOutputs(t *testing.T, stage string) map[string]string {
	t.Helper()
	synthesized, ok := synthesized().Stage("SecureCart-" + stage)
	if !ok {
		t.Fatalf("no stage %s", stage)
	}
	stack, ok := synthesized.Stack("IdentityProviders")
	if !ok {
		t.Fatalf("stage %s has no stack IdentityProviders", stage)
	}
	values := map[string]string{}
	for name, output := range stack.Template.Outputs {
		if output.Export.Name == "" && name != "WebClientId" {
			text, err := synthesized.Text(stack, output.Value)
			if err != nil {
				t.Fatal(err)
			}
			values[name] = text
		}
	}
	return values
}

// TestButtonsAndProvidersHaveTheirOutputs: the buttons in the order of config, and the values to enter at providers.
func TestButtonsAndProvidersHaveTheirOutputs(t *testing.T) {
	const login = "https://securecart-federation.auth.eu-central-1.amazoncognito.com"
	for stage, want := range map[string]map[string]string{
		"Bare": {"Providers": "[]"},
		"Federation": {
			"Providers": `[{"name":"Google","kind":"Google","label":"Google"},` +
				`{"name":"SignInWithApple","kind":"SignInWithApple","label":"Apple"},` +
				`{"name":"Facebook","kind":"Facebook","label":"Facebook"},` +
				`{"name":"LoginWithAmazon","kind":"LoginWithAmazon","label":"Amazon"},` +
				`{"name":"Okta","kind":"OIDC","label":"Okta","issuer":"https://securecart.okta.com"},` +
				`{"name":"Partner","kind":"SAML","label":"your company"}]`,
			"ProviderRedirectUrl": login + "/oauth2/idpresponse",
			"SamlEntityId":        "urn:amazon:cognito:sp:${UserPool.UsersPool}",
			"SamlResponseUrl":     login + "/saml2/idpresponse",
			"SamlLogoutUrl":       login + "/saml2/logout",
			"SamlCertificate": "aws cognito-idp get-signing-certificate --user-pool-id ${UserPool.UsersPool} " +
				"--region eu-central-1 --query Certificate --output text",
		},
	} {
		if diff := cmp.Diff(want, providerOutputs(t, stage)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", stage, diff)
		}
	}
}

// documentedDetails are the keys that CreateIdentityProvider shows for each kind, in requests. Constructs and threats
// say what stands under them; a key of another kind, or a misspelled one, would look right in both.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
var documentedDetails = map[string]string{
	"Google":          "authorize_scopes client_id client_secret",
	"Facebook":        "api_version authorize_scopes client_id client_secret",
	"SignInWithApple": "authorize_scopes client_id key_id private_key team_id",
	"LoginWithAmazon": "authorize_scopes client_id client_secret",
	"OIDC": "attributes_request_method attributes_url authorize_scopes authorize_url client_id client_secret jwks_uri " +
		"oidc_issuer token_url",
	"SAML": "EncryptedResponses IDPInit IDPSignout MetadataFile MetadataURL RequestSigningAlgorithm",
}

// TestProvidersAreToldAllThatCognitoDocumentsAndNothingElse: over all stages and variants, each kind of provider has
// exactly the documented keys.
func TestProvidersAreToldAllThatCognitoDocumentsAndNothingElse(t *testing.T) {
	told := map[string][]string{}
	for _, stage := range synthesized().Stages {
		stack, ok := stage.Stack("IdentityProviders")
		if !ok {
			continue
		}
		for _, provider := range stack.Template.OfType("AWS::Cognito::UserPoolIdentityProvider") {
			kind, _ := provider.Properties["ProviderType"].(string)
			details, _ := provider.Properties["ProviderDetails"].(map[string]any)
			told[kind] = slices.AppendSeq(told[kind], maps.Keys(details))
		}
	}
	got := map[string]string{}
	for kind, keys := range told {
		slices.Sort(keys)
		got[kind] = strings.Join(slices.Compact(keys), " ")
	}
	if diff := cmp.Diff(documentedDetails, got); diff != "" {
		t.Errorf("keys of ProviderDetails (-documented +told)\n%s", diff)
	}
}
