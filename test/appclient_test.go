package test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// clients are the app clients that may exist, by logical id without hash. A client added elsewhere fails the tests.
var clients = []string{"AccountClient", "StepUpClient", "WebClient"}

// oauth returns the clients that managed login serves.
func (s stageOf) oauth(t *testing.T) []found {
	t.Helper()
	var list []found
	for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
		if client.get("AllowedOAuthFlowsUserPoolClient") == true {
			list = append(list, client)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no OAuth client", s.ID)
	}
	return list
}

func TestNoClientExistsButTheListedOnes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var got []string
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			got = append(got, client.id[:len(client.id)-8])
		}
		compare(t, got, clients, "a client made by accident weakens the whole pool")
	})
}

func TestEveryClientIsPublicHidesUsersAndCanBeRevoked(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			want(t, client, false, "a secret in a browser is none", "GenerateSecret")
			want(t, client, "ENABLED", "anybody could find out who is a customer", "PreventUserExistenceErrors")
			want(t, client, true, "a stolen session could not be ended", "EnableTokenRevocation")
			want(t, client, map[string]any{"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes"},
				"the lifetimes would be read in other units", "TokenValidityUnits")
			if got := client.text(t, "UserPoolId"); got != "${UserPool.UsersPool}" {
				t.Errorf("%s belongs to %s", client, got)
			}
		}
	})
}

func TestEveryOAuthClientUsesTheCodeFlowAndExactlyTheConfiguredURLs(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, client := range s.oauth(t) {
			want(t, client, list("code"), "tokens would stand in URLs", "AllowedOAuthFlows")
			want(t, client, list(s.config.Web.CallbackURLs...), "codes would be sent elsewhere", "CallbackURLs")
			want(t, client, list(s.config.Web.LogoutURLs...), "customers would be sent elsewhere", "LogoutURLs")
			want(t, client, list("openid", "email", "profile", "securecart/orders.read", "securecart/profile.read", "securecart/links.offer"),
				"a token from a browser could change something", "AllowedOAuthScopes")
		}
	})
}

func TestEveryOAuthClientHasItsBranding(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		branded := map[string]bool{}
		for _, branding := range s.all(t, "AWS::Cognito::ManagedLoginBranding") {
			branded[branding.text(t, "ClientId")] = true
			want(t, branding, true, "Cognito refuses a branding without values", "UseCognitoProvidedValues")
		}
		for _, client := range s.oauth(t) {
			if name := "${" + client.stack.ID + "." + client.id[:len(client.id)-8] + "}"; !branded[name] {
				t.Errorf("%s has no branding: its pages would answer \"login pages unavailable\"", client)
			}
		}
	})
}

func TestSRPIsTheOnlyAPISignIn(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		expected := map[string][]any{
			"WebClient": list("ALLOW_USER_SRP_AUTH"), "StepUpClient": list("ALLOW_USER_SRP_AUTH"), "AccountClient": list("ALLOW_USER_SRP_AUTH"),
		}
		if len(s.config.Users.FirstFactors) > 0 {
			expected["WebClient"] = list("ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH")
		}
		for _, client := range s.all(t, "AWS::Cognito::UserPoolClient") {
			want(t, client, expected[client.id[:len(client.id)-8]], "passwords would be sent in clear, or refreshing would go around rotation", "ExplicitAuthFlows")
		}
	})
}

func TestTokensOfTheWebClientLiveAsLongAsTheStageSays(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, client := range s.oauth(t) {
			want(t, client, s.config.Tokens.Access.Minutes(), "a stolen token would live on", "AccessTokenValidity")
			want(t, client, s.config.Tokens.ID.Minutes(), "a stolen token would live on", "IdTokenValidity")
			want(t, client, s.config.Tokens.Refresh.Minutes(), "a stolen token would live on", "RefreshTokenValidity")
			want(t, client, map[string]any{"Feature": "ENABLED", "RetryGracePeriodSeconds": 60.0}, "a stolen refresh token would work forever", "RefreshTokenRotation")
			if access := client.get("AccessTokenValidity").(float64); access > 60 {
				t.Errorf("%s: access tokens of %v minutes", client, access)
			}
			if refresh := client.get("RefreshTokenValidity").(float64); s.config.Purpose == config.Production && refresh > 24*60 {
				t.Errorf("%s: refresh tokens of %v minutes in Production", client, refresh)
			}
		}
	})
}

func TestClientsReadAndWriteOnlyListedAttributes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		client := s.resource(t, "IdentityProviders", "WebClient")
		compare(t, client.strings(t, "ReadAttributes"), []string{
			"email", "email_verified", "name", "given_name", "family_name", "picture", "locale", "custom:provider_email",
		}, "a token would tell more than the front end needs")
		compare(t, client.strings(t, "WriteAttributes"), []string{"email", "name", "given_name", "family_name", "picture", "custom:provider_email"},
			"customers could write attributes that nobody meant them to")
	})
}

func TestTheClientOffersExactlyTheConfiguredProvidersAndWaitsForThem(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		client := s.resource(t, "IdentityProviders", "WebClient")
		expected := []string{"COGNITO"}
		for _, p := range s.config.Providers {
			expected = append(expected, p.ProviderName())
		}
		if diff := cmp.Diff(expected, client.strings(t, "SupportedIdentityProviders")); diff != "" {
			t.Errorf("%s: providers (-want +got)\n%s", client, diff)
		}
		for id, provider := range client.stack.Template.OfType("AWS::Cognito::UserPoolIdentityProvider") {
			if !slices.Contains(client.DependsOn, id) {
				t.Errorf("%s does not wait for %v: the first deploy would fail with \"provider does not exist\"", client, provider.Properties["ProviderName"])
			}
		}
		if got := len(client.stack.Template.OfType("AWS::Cognito::UserPoolIdentityProvider")); got != len(s.config.Providers) {
			t.Errorf("%s: %d providers in its stack, want %d", client, got, len(s.config.Providers))
		}
	})
}

func TestProvidersWriteOnlyWhatTheClientMayWriteAndTheSchemaLetsChange(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		if len(s.config.Providers) == 0 {
			s.none(t, "AWS::Cognito::UserPoolIdentityProvider", "nobody configured it")
			return
		}
		writes := s.resource(t, "IdentityProviders", "WebClient").strings(t, "WriteAttributes")
		for _, provider := range s.all(t, "AWS::Cognito::UserPoolIdentityProvider") {
			for attribute := range provider.get("AttributeMapping").(map[string]any) {
				if !slices.Contains(writes, attribute) {
					t.Errorf("%s maps %s, which the client may not write: every second sign-in would fail", provider, attribute)
				}
			}
		}
	})
}
