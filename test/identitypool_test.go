package test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyTheUserPoolThroughTheWebClientVouchesForCustomers(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::IdentityPool")
		for _, property := range []string{"SupportedLoginProviders", "OpenIdConnectProviderARNs", "SamlProviderARNs", "DeveloperProviderName", "CognitoStreams"} {
			want(t, pool, nil, "a provider here would go around the user pool, its MFA and its triggers", property)
		}
		want(t, pool, false, "browsers could choose their role", "AllowClassicFlow")
		want(t, pool, true, "guests could not browse", "AllowUnauthenticatedIdentities")
		providers := pool.get("CognitoIdentityProviders").([]any)
		if len(providers) != 1 {
			t.Fatalf("%s has %d providers, want one", pool, len(providers))
		}
		got := map[string]any{
			"ClientId":             pool.text(t, "CognitoIdentityProviders", 0, "ClientId"),
			"ProviderName":         pool.text(t, "CognitoIdentityProviders", 0, "ProviderName"),
			"ServerSideTokenCheck": pool.get("CognitoIdentityProviders", 0, "ServerSideTokenCheck"),
		}
		if diff := cmp.Diff(map[string]any{
			"ClientId": "${IdentityProviders.WebClient}", "ProviderName": "${UserPool.UsersPool.ProviderName}", "ServerSideTokenCheck": true,
		}, got); diff != "" {
			t.Errorf("%s: who vouches (-want +got)\n%s", pool, diff)
		}
	})
}

func TestTheCustomersSubIsTheOnlyPrincipalTag(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		tags := s.only(t, "AWS::Cognito::IdentityPoolPrincipalTag")
		want(t, tags, map[string]any{"customer": "sub"}, "policies would compare with another claim", "PrincipalTags")
		want(t, tags, false, "the tags above would be ignored", "UseDefaults")
		if got := tags.text(t, "IdentityProviderName"); got != "${UserPool.UsersPool.ProviderName}" {
			t.Errorf("%s reads claims of %s", tags, got)
		}
		if got := tags.text(t, "IdentityPoolId"); got != "${IdentityPool.IdentitiesPool}" {
			t.Errorf("%s tags sessions of %s", tags, got)
		}
	})
}

func TestEachIdentityTakesExactlyItsRole(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		attachment := s.only(t, "AWS::Cognito::IdentityPoolRoleAttachment")
		want(t, attachment, nil, "a claim could choose a stronger role", "RoleMappings")
		if diff := cmp.Diff(2, len(attachment.get("Roles").(map[string]any))); diff != "" {
			t.Errorf("%s: roles (-want +got)\n%s", attachment, diff)
		}
		for kind, role := range map[string]string{"unauthenticated": "IdentitiesGuest", "authenticated": "IdentitiesCustomer"} {
			if got := attachment.text(t, "Roles", kind); got != "${IdentityPool."+role+".Arn}" {
				t.Errorf("%s gives %s identities %s", attachment, kind, got)
			}
		}
		const trusted = " to Federated cognito-identity.amazonaws.com if ForAnyValue:StringLike cognito-identity.amazonaws.com:amr "
		const ours = " and StringEquals cognito-identity.amazonaws.com:aud ${IdentityPool.IdentitiesPool}"
		compare(t, s.resource(t, "IdentityPool", "IdentitiesGuest").trust(t), []string{
			"Allow sts:AssumeRoleWithWebIdentity" + trusted + "unauthenticated" + ours,
		}, "others could take the guest role")
		compare(t, s.resource(t, "IdentityPool", "IdentitiesCustomer").trust(t), []string{
			"Allow sts:AssumeRoleWithWebIdentity,sts:TagSession" + trusted + "authenticated" + ours,
		}, "guests, or identities of other pools, could take the customer role")
	})
}
