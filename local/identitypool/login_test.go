package identitypool_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
)

func TestOnlyIDTokensOfTheConfiguredProviderAndClientAreTaken(t *testing.T) {
	p := serve(t)
	provider := p.stage.UserPool.ProviderName
	for name, test := range map[string]struct {
		logins     map[string]string
		code, says string
	}{
		"forged": {map[string]string{provider: "eyJhbGciOiJub25lIn0.e30."}, "NotAuthorizedException",
			"Invalid login token. signature is wrong"},
		"empty": {map[string]string{provider: ""}, "NotAuthorizedException", "Invalid login token."},
		"access token": {map[string]string{provider: "access token"}, "NotAuthorizedException",
			"want an ID token, got one for access"},
		"of no use":   {map[string]string{provider: "of no use"}, "NotAuthorizedException", "want an ID token"},
		"of nobody":   {map[string]string{provider: "of nobody"}, "NotAuthorizedException", "no subject"},
		"of a number": {map[string]string{provider: "of a number"}, "NotAuthorizedException", "no subject"},
		"another provider": {map[string]string{"graph.facebook.com": "alice"}, "NotAuthorizedException",
			"not from a supported provider"},
		"another pool": {map[string]string{provider + "x": "alice"}, "NotAuthorizedException",
			"not from a supported provider"},
		"issuer as key": {map[string]string{"https://" + provider: "alice"}, "NotAuthorizedException",
			"not from a supported provider"},
		"two": {map[string]string{provider: "alice", "graph.facebook.com": "x"}, "InvalidParameterException",
			"one is served"},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, test.code, test.says)(p.GetId(t.Context(),
				&cognitoidentity.GetIdInput{IdentityPoolId: aws.String(p.stage.IdentityPool.ID), Logins: test.logins}))
			wantError(t, test.code, test.says)(
				p.GetCredentialsForIdentity(t.Context(), &cognitoidentity.GetCredentialsForIdentityInput{
					IdentityId: aws.String(p.id(t, "alice")), Logins: test.logins,
				}))
		})
	}
	// The same token, for a client that the identity pool does not name.
	p.tokens.client = "another"
	wantError(t, "NotAuthorizedException", "signature is wrong")(p.credentials(t.Context(), p.id(t, ""), "alice"))
}

func TestWithoutGuestsALoginIsNeeded(t *testing.T) {
	guest := serve(t).id(t, "")
	p := serve(t, func(templates map[string]assembly.Template) {
		for _, r := range templates["IdentityPool"].OfType("AWS::Cognito::IdentityPool") {
			r.Properties["AllowUnauthenticatedIdentities"] = false
		}
	})
	wantError(t, "NotAuthorizedException", "Unauthenticated access is not supported")(
		p.GetId(t.Context(), &cognitoidentity.GetIdInput{IdentityPoolId: aws.String(p.stage.IdentityPool.ID)}))
	wantError(t, "NotAuthorizedException", "Unauthenticated access is not supported")(
		p.credentials(t.Context(), guest, ""))
	if _, err := p.credentials(t.Context(), p.id(t, "alice"), "alice"); err != nil {
		t.Error(err)
	}
}

// TestTrustPolicyIsAsked takes the consent out of each role's trust policy.
func TestTrustPolicyIsAsked(t *testing.T) {
	p := serve(t, func(templates map[string]assembly.Template) {
		for _, r := range templates["IdentityPool"].OfType("AWS::IAM::Role") {
			statement := r.Properties["AssumeRolePolicyDocument"].(map[string]any)["Statement"].([]any)[0].(map[string]any)
			statement["Action"] = "sts:AssumeRole"
		}
	})
	for _, token := range []string{"", "alice"} {
		wantError(t, "InvalidIdentityPoolConfigurationException", "Check assigned IAM roles")(
			p.credentials(t.Context(), p.id(t, token), token))
	}
}

func TestClaimsThatAreNoTagMakeNone(t *testing.T) {
	mapping := func(claim string) stagetest.Change {
		return func(templates map[string]assembly.Template) {
			for _, r := range templates["IdentityPool"].OfType("AWS::Cognito::IdentityPoolPrincipalTag") {
				r.Properties["PrincipalTags"] = map[string]any{"customer": claim}
			}
		}
	}
	p := serve(t, mapping("email_verified"))
	wantError(t, "InvalidIdentityPoolConfigurationException", "email_verified")(
		p.credentials(t.Context(), p.id(t, "alice"), "alice"))

	p = serve(t, mapping("custom:tenant"))
	given := must.Get(p.credentials(t.Context(), p.id(t, "alice"), "alice"))(t)
	if tag := p.session(t, given).Context["aws:PrincipalTag/customer"]; tag != nil {
		t.Errorf("the tag is %q, want none", tag)
	}

	p = serve(t)
	if given, err := p.credentials(t.Context(), p.id(t, "of a wildcard"), "of a wildcard"); err == nil {
		t.Errorf("a tag that would be a wildcard in policies was issued until %s", given.Expiration)
	}
}
