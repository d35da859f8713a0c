package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAStepUpTokenComesFromPasswordAndSecondFactorOnly: every other way to a token of this client is closed. That Cognito
// asks for the factor, and that the trigger grants the scopes then only, is proven in lambda/tokens.
func TestAStepUpTokenComesFromPasswordAndSecondFactorOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		client := s.resource(t, "UserPool", "StepUpClient")
		want(t, client, false, "a managed-login cookie would yield a token without any proof", "AllowedOAuthFlowsUserPoolClient")
		for _, property := range []string{"AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI"} {
			want(t, client, nil, "a managed-login cookie would yield a token without any proof", property)
		}
		want(t, client, list("COGNITO"), "a social provider's word would be enough", "SupportedIdentityProviders")
		want(t, client, list("ALLOW_USER_SRP_AUTH"), "a refresh token would yield stepped-up tokens for ever", "ExplicitAuthFlows")
		want(t, client, nil, "rotation lets refresh tokens be used", "RefreshTokenRotation")
		want(t, client, 5.0, "a stolen token would live on", "AccessTokenValidity")
		want(t, client, 5.0, "a stolen token would live on", "IdTokenValidity")
		want(t, client, 60.0, "a refresh token that nobody may use would live on", "RefreshTokenValidity")
		compare(t, client.strings(t, "WriteAttributes"), []string{"email", "name", "given_name", "family_name", "locale", "address"},
			"a password-only session could change attributes that PUT /profile may not")
		compare(t, client.strings(t, "ReadAttributes"), []string{"email", "email_verified", "name", "given_name", "family_name", "locale", "address"},
			"a token would tell more than it needs")
	})
}

func TestTheTokenTriggerIsTheOnlyTriggerAndCanGrantScopes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		config, ok := pool.get("LambdaConfig").(map[string]any)
		if !ok || len(config) != 1 {
			t.Fatalf("%s: triggers %v, want the token trigger only: any other could link or admit accounts", pool, config)
		}
		want(t, pool, "V2_0", "an older version cannot touch access tokens", "LambdaConfig", "PreTokenGenerationConfig", "LambdaVersion")
		if got := pool.text(t, "LambdaConfig", "PreTokenGenerationConfig", "LambdaArn"); got != "${UserPool.TokensFunction.Arn}" {
			t.Errorf("%s calls %s", pool, got)
		}
	})
}

func TestTheTokenTriggerLearnsTheClientsFromOneParameter(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		parameter := s.only(t, "AWS::SSM::Parameter")
		name := clientsParameter(s)
		want(t, parameter, name, "the trigger would not find it, and nobody could sign in", "Name")
		want(t, parameter, "String", "the trigger could not read it", "Type")
		if diff := cmp.Diff(`{"stepUp":"${UserPool.StepUpClient}","web":"${IdentityProviders.WebClient}"}`, parameter.text(t, "Value")); diff != "" {
			t.Errorf("%s: (-want +got): the trigger would take one client for the other\n%s", parameter, diff)
		}
		trigger := s.resource(t, "UserPool", "TokensFunction")
		factors := strings.Trim(strings.ReplaceAll(fmt.Sprint(s.config.Users.SecondFactors), " ", ","), "[]")
		want(t, trigger, map[string]any{"CLIENTS_PARAMETER": name, "SECOND_FACTORS": factors}, "a factor that the pool no longer asks for would count, or a client's id in the environment is a dependency cycle", "Environment", "Variables")
	})
}

// TestHandlersKnowTheStepUpClient: they check a second time whose token it is.
func TestHandlersKnowTheStepUpClient(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		checked := 0
		for _, r := range routes {
			if r.method == "GET" || r.method == "OPTIONS" {
				continue
			}
			checked++
			function := s.resource(t, "Api", r.handler[len("${Api."):len(r.handler)-len(".Arn}")])
			if got := function.text(t, "Environment", "Variables", "STEP_UP_CLIENT_ID"); got != "${UserPool.StepUpClient}" {
				t.Errorf("%s takes tokens of %s for stepped up", function, got)
			}
		}
		if checked != len(highRisk) {
			t.Errorf("checked %d routes, want %d", checked, len(highRisk))
		}
	})
}
