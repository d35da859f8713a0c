package threats

// powers are the threats that are closed because no token has two powers.
var powers = []Threat{
	{
		ID:    "U37",
		Title: "Take over the account with one stolen checkout token: new e-mail, new authenticator, new password",
		Sources: []string{"found by attacking the local stage", cognitoAPI + "API_UpdateUserAttributes.html",
			amplify804},
		Closed: "A token that can order cannot change the account, and vice versa: the trigger grants high-risk scopes at " +
			"StepUp only, aws.cognito.signin.user.admin at Account only, and never both. No client lets a token with that " +
			"scope write email.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"test/e2e.TestAStolenCheckoutTokenChangesNothingOfTheAccount",
			"test/e2e.TestAStolenAccountTokenBuysNothingAndRedirectsNoRecovery",
		}, decisionTests...),
		Limit: "A stolen checkout token orders for up to five minutes: it is not bound to one transaction, and API Gateway " +
			"does not check revocation. A script on the page gets every token of the page.",
		check: func(in *Inspection) {
			in.Only(parameter).At("Value").Reads(clientNames(accountClient, stepUpClient, webClient))
			in.Only(userPool).At("LambdaConfig", "PreTokenGenerationConfig", "LambdaArn").Reads(in.The(function,
				"UserPool.TokensFunction").Ref("Arn"))
			for _, c := range in.Every(client) {
				switch c.Name() {
				case stepUpClient, accountClient:
					c.At("AllowedOAuthScopes").Absent()
					c.At("WriteAttributes").Within(writable[c.Name()]...)
				default:
					c.At("AllowedOAuthScopes").Within(in.browserScopes()...)
				}
			}
		},
	},
	{
		ID:    "U41",
		Title: "Get past the handlers with a token that has too many scopes by a mistake of the trigger",
		Sources: []string{"found by changing one word of lambda/tokens",
			cognitoGuide + "cognito-user-pools-step-up-authentication.html"},
		Closed: "Handlers check the token's claims: StepUp, five minutes, and acr loa:3 or loa:4 where the token has the " +
			"claim or the stage requires it. The trigger's tests prove its scopes for every combination of facts.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/internal/customer.TestOnlyTheRightClaimsGetThrough",
			"lambda/internal/customer.TestAuthenticationContextMustBeNamedWhereItIsDemanded",
			"lambda/internal/customer.TestSteppedUpCustomerIsLetThroughForFiveMinutes",
			"lambda/internal/customer.TestGateIsNotMadeWithoutItsSettings",
			"tools/coverage.TestEveryStatementMustBeExecutedOrExcepted",
		}, decisionTests...),
		Limit: "Until AWS issues acr everywhere and a stage requires it, handlers cannot detect a scope that the trigger " +
			"should not have added.",
		check: func(in *Inspection) {
			want := "false"
			if in.Config.Users.RequireACR {
				want = "true"
			}
			gated := 0
			for _, r := range in.Routes() {
				for _, f := range in.Any(function) {
					if r.wantsStepUp() && f.Ref("Arn") == r.Handler() {
						gated++
						f.At("Environment", "Variables", "REQUIRE_ACR").Is(want)
					}
				}
			}
			if gated == 0 {
				in.Fail(in.ID, "has no handler behind a stepped-up sign-in")
			}
		},
	},
}
