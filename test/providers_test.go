package test

import (
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
