package test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTokensOfStepUpAndAccountComeFromASignInByAPIOnly: every other way to a token of these clients is closed. That
// Cognito asks for the factor, and that the trigger grants each its one power, is proven in lambda/tokens.
func TestTokensOfStepUpAndAccountComeFromASignInByAPIOnly(t *testing.T) {
	writes := map[string][]string{"StepUpClient": {"locale"}, "AccountClient": {"phone_number", "locale"}}
	eachStage(t, func(t *testing.T, s stageOf) {
		for id, may := range writes {
			client := s.resource(t, "UserPool", id)
			compare(t, client.strings(t, "WriteAttributes"), may, "a stolen token could redirect what recovers the account")
			signsInByAPI(t, client)
		}
	})
}

func signsInByAPI(t *testing.T, client found) {
	t.Helper()
	want(t, client, false, "a managed-login cookie would yield a token without any proof", "AllowedOAuthFlowsUserPoolClient")
	for _, property := range []string{"AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI"} {
		want(t, client, nil, "a managed-login cookie would yield a token without any proof", property)
	}
	want(t, client, list("COGNITO"), "a social provider's word would be enough", "SupportedIdentityProviders")
	want(t, client, list("ALLOW_USER_SRP_AUTH"), "a refresh token would yield stepped-up tokens for ever", "ExplicitAuthFlows")
	want(t, client, map[string]any{"Feature": "ENABLED", "RetryGracePeriodSeconds": 0.0},
		"CloudFormation may insist on a refresh flow where there is no rotation", "RefreshTokenRotation")
	want(t, client, 5.0, "a stolen token would live on", "AccessTokenValidity")
	want(t, client, 5.0, "a stolen token would live on", "IdTokenValidity")
	want(t, client, 60.0, "a refresh token that nobody may use would live on", "RefreshTokenValidity")
	compare(t, client.strings(t, "ReadAttributes"), []string{"email", "email_verified", "phone_number", "phone_number_verified", "locale"},
		"a token would tell more than it needs")
}

func TestTheTriggersAreTheListedOnesAndTokensCanGrantScopes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		config, ok := pool.get("LambdaConfig").(map[string]any)
		if !ok || len(config) != 3 {
			t.Fatalf("%s: triggers %v, want tokens and registration only: any other could link or admit accounts", pool, config)
		}
		for _, trigger := range []string{"PreSignUp", "PostConfirmation"} {
			if got := pool.text(t, "LambdaConfig", trigger); got != "${UserPool.RegistrationFunction.Arn}" {
				t.Errorf("%s calls %s at %s", pool, got, trigger)
			}
		}
		want(t, pool, "V2_0", "an older version cannot touch access tokens", "LambdaConfig", "PreTokenGenerationConfig", "LambdaVersion")
		if got := pool.text(t, "LambdaConfig", "PreTokenGenerationConfig", "LambdaArn"); got != "${UserPool.TokensFunction.Arn}" {
			t.Errorf("%s calls %s", pool, got)
		}
	})
}

func TestTheTriggersLearnTheClientsFromOneParameter(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		parameter := s.only(t, "AWS::SSM::Parameter")
		name := clientsParameter(s)
		want(t, parameter, name, "the trigger would not find it, and nobody could sign in", "Name")
		want(t, parameter, "String", "the trigger could not read it", "Type")
		if diff := cmp.Diff(`{"account":"${UserPool.AccountClient}","stepUp":"${UserPool.StepUpClient}","web":"${IdentityProviders.WebClient}"}`, parameter.text(t, "Value")); diff != "" {
			t.Errorf("%s: (-want +got): the trigger would take one client for the other\n%s", parameter, diff)
		}
		const circle = "a factor that the pool no longer offers would count, or the id of a client or the pool closes a circle"
		proofs := map[string]any{"Ref": s.resource(t, "UserPool", "Proofs").id}
		for id, variables := range map[string]map[string]any{
			"TokensFunction":       {"CLIENTS_PARAMETER": name, "SECOND_FACTORS": factors(s), "PROOFS_TABLE": proofs},
			"RegistrationFunction": {"CLIENTS_PARAMETER": name, "PROOFS_TABLE": proofs},
		} {
			trigger := s.resource(t, "UserPool", id)
			want(t, trigger, variables, circle, "Environment", "Variables")
		}
	})
}

// clientsParameter is where the triggers find out which client is which.
func clientsParameter(s stageOf) string {
	return "/securecart/" + strings.ToLower(s.config.Name) + "/clients"
}

// factors are the second factors of a stage, as functions are told.
func factors(s stageOf) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(s.config.Users.SecondFactors), " ", ","), "[]")
}

// TestHandlersKnowTheStepUpClient: they check a second time whose token it is, and whether it must name its factor.
func TestHandlersKnowTheStepUpClient(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		checked := 0
		for _, r := range routes {
			if !slices.Contains(highRisk, r.scopes) {
				continue
			}
			checked++
			function := s.resource(t, "Api", r.handler[len("${Api."):len(r.handler)-len(".Arn}")])
			if got := function.text(t, "Environment", "Variables", "STEP_UP_CLIENT_ID"); got != "${UserPool.StepUpClient}" {
				t.Errorf("%s takes tokens of %s for stepped up", function, got)
			}
			want(t, function, strconv.FormatBool(s.config.Users.RequireACR), "a token that names no factor would do where the stage wants one",
				"Environment", "Variables", "REQUIRE_ACR")
		}
		if checked < len(highRisk) {
			t.Errorf("checked %d routes, want one for each of %v at least", checked, highRisk)
		}
	})
}
