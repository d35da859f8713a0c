package threats

// adminActions are calls of the user pools API that act in any user's name, or change the pool.
var adminActions = []string{
	"cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminConfirmSignUp", "cognito-idp:AdminCreateUser", "cognito-idp:AdminDelete*",
	"cognito-idp:AdminDisable*", "cognito-idp:AdminEnableUser", "cognito-idp:AdminForgetDevice", "cognito-idp:AdminInitiateAuth",
	"cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminRemoveUserFromGroup", "cognito-idp:AdminResetUserPassword",
	"cognito-idp:AdminRespondToAuthChallenge", "cognito-idp:AdminSet*", "cognito-idp:AdminUpdate*", "cognito-idp:AdminUserGlobalSignOut",
	"cognito-idp:AddCustomAttributes", "cognito-idp:AddUserPoolClientSecret", "cognito-idp:Create*", "cognito-idp:Delete*",
	"cognito-idp:Set*", "cognito-idp:Start*", "cognito-idp:Update*",
}

// trigger are the threats to and through the token trigger.
var trigger = []Threat{
	{
		ID:      "U17",
		Title:   "Pass for somebody with a second factor at the first sign-in, before one is enrolled, or by one that no longer counts",
		Sources: []string{mfaGuide, cognitoAPI + "API_AdminGetUser.html"},
		Closed:  "The trigger grants high-risk scopes only if a factor is active, preferred and one that the pool asks for now.",
		Proofs:  []Proof{Templates, Code},
		Tests: []string{
			"lambda/tokens.TestDecisionIsThatOfTheTableAndOfNoNeighbour", "lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/tokens.TestFactorThatThePoolNoLongerAsksForDoesNotCount", "lambda/tokens.TestUnknownFactorsStopTheFunction",
		},
		Limit: "The scope says that this account had to pass a second factor at this sign-in, by Cognito's documented behaviour. No claim in the token " +
			"states it in every Region yet; where acr is there, the handlers check it.",
		check: func(in *inspection) {
			pool, counted := in.only(userPool), in.the(function, "UserPool.TokensFunction").at("Environment", "Variables", "SECOND_FACTORS")
			names := map[string]string{"SOFTWARE_TOKEN_MFA": "TOTP", "SMS_MFA": "SMS"}
			asked := ""
			for _, factor := range pool.at("EnabledMfas").elements() {
				if asked != "" {
					asked += ","
				}
				asked += names[factor.text()]
			}
			counted.is(asked)
		},
		weakened: []weakening{
			one(function, "UserPool.TokensFunction").at("Environment", "Variables", "SECOND_FACTORS").becomes(gone, "", "TOTP,SMS,EmailCode"),
			each(userPool).at("EnabledMfas").becomes(gone, []any{"SOFTWARE_TOKEN_MFA"}),
			each(userPool).at("EnabledMfas").gains("EMAIL_OTP"),
		},
	},
	{
		ID:      "U29",
		Title:   "Call the trigger oneself, or use its role for more than its question",
		Sources: []string{cloudGoat + "terraform/lambda.tf", securityHub + "lambda-controls.html (Lambda.1)"},
		Closed:  "Only Cognito may call the trigger, for this pool; its role may read users of this pool and one parameter, and write its own log.",
		Proofs:  []Proof{Templates, Policies},
		check: func(in *inspection) {
			pool, asked, callers := in.only(userPool), in.the(function, "UserPool.TokensFunction"), 0
			for _, p := range in.every(permission) {
				if p.at("FunctionName").text() != asked.ref("Arn") {
					continue
				}
				callers++
				p.at("Action").is("lambda:InvokeFunction")
				p.at("Principal").is("cognito-idp.amazonaws.com")
				p.at("SourceArn").reads(pool.ref("Arn"))
			}
			if callers != 1 {
				asked.fail("may be called by %d, want one", callers)
			}
			asked.at("Role").reads("${UserPool.TokensRole.Arn}")
			in.roleOf("UserPool.TokensRole").may(
				"Allow logs:CreateLogStream,logs:PutLogEvents on ${UserPool.TokensLog.Arn}", traces,
				"Allow cognito-idp:AdminGetUser on "+pool.ref("Arn"),
				"Allow ssm:GetParameter on "+in.arn("ssm", "parameter"+in.only(parameter).at("Name").text()),
			)
		},
		weakened: []weakening{
			triggerCall.at("Principal").becomes("*", "lambda.amazonaws.com", "999999999999"),
			triggerCall.at("SourceArn").becomes(gone, "*", "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/*"),
			triggerCall.at("Action").becomes("lambda:*"),
			triggerCall.removed(),
			triggerCall.repeated(" for another account", nil),
			one(iamRole, "UserPool.TokensRole").allowing(
				"*", "cognito-idp:*", "cognito-idp:AdminGetUser", "ssm:GetParameter", "dynamodb:GetItem", "logs:*"),
			grantsOf("UserPool.TokensRole").at(bounded, "Resource").becomes("*"),
			grantsOf("UserPool.TokensRole").at(all, "Action").becomes("*"),
			one(function, "UserPool.TokensFunction").at("Role").becomes("arn:aws:iam::111122223333:role/admin"),
			one(iamRole, "UserPool.TokensRole").at("ManagedPolicyArns").becomes([]any{"arn:aws:iam::aws:policy/AmazonCognitoPowerUser"}),
		},
	},
	{
		ID:      "U30",
		Title:   "Tell the trigger, by clientMetadata, that a second factor has been passed",
		Sources: []string{tokenTriggerGuide + " (clientMetadata comes from RespondToAuthChallenge)"},
		Closed:  "The trigger decides by client, source and factor; whatever the metadata says, it decides the same.",
		Proofs:  []Proof{Code},
		Tests:   []string{"lambda/tokens.TestClientMetadataChangesNothing", "lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor"},
	},
	{
		ID:      "U31",
		Title:   "Make the trigger fail, and be let in with what it could not take away",
		Sources: []string{tokenTriggerGuide, cognitoGuide + "cognito-user-pools-working-with-lambda-triggers.html"},
		Closed:  "Whenever the trigger is in doubt, does not understand, or loses a service, it answers with an error, and the sign-in fails.",
		Proofs:  []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestServiceFailingFailsTheSignIn", "lambda/tokens.TestAnswerAboutNobodyFailsTheSignIn", "lambda/tokens.TestPanicFailsTheSignIn",
			"lambda/tokens.TestEventThatIsNotAsDocumentedFailsTheSignIn", "lambda/tokens.TestParameterThatIsNotExactlyTwoClientsFailsEverySignIn",
			"lambda/tokens.TestWholeEventIsGivenUpInTime",
		},
	},
	{
		ID:    "U32",
		Title: "Use a function's role to put oneself into a group, or into another user's place",
		Sources: []string{
			hackPrivesc + " (AdminAddUserToGroup, AdminSetUserPassword, AdminUpdateUserAttributes, SetUserPoolMfaConfig)", hackPersistence,
		},
		Closed: "No role may do more with user pools than read a user, and there are no groups.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *inspection) {
			for _, r := range in.everyRole() {
				r.mayNot(adminActions...)
			}
			in.none(memberships...)
		},
		weakened: []weakening{
			each(iamRole).allowing("*", "cognito-idp:*"),
			each(iamRole).allowing("arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_customers", adminSamples...),
			one(iamRole, "Api.CustomersRole").allowing("*", samples(adminActions)...),
			unwanted("UserPool", memberships...),
		},
	},
}

// memberships are what groups and their members are made of.
var memberships = []string{userGroup, "AWS::Cognito::UserPoolUser", "AWS::Cognito::UserPoolUserToGroupAttachment"}

// adminSamples are actions that the patterns of adminActions must cover.
var adminSamples = []string{
	"cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminSetUserMFAPreference",
	"cognito-idp:AdminUpdateUserAttributes", "cognito-idp:AdminInitiateAuth", "cognito-idp:CreateUserPoolClient", "cognito-idp:UpdateUserPool",
	"cognito-idp:UpdateUserPoolClient", "cognito-idp:SetUserPoolMfaConfig", "cognito-idp:SetRiskConfiguration", "cognito-idp:CreateIdentityProvider",
	"cognito-idp:CreateGroup", "cognito-idp:StartUserImportJob", "cognito-idp:DeleteUserPool", "cognito-idp:Admin*",
}

// traces is what every function may tell X-Ray.
const traces = "Allow xray:PutTelemetryRecords,xray:PutTraceSegments on *"

// triggerCall is the permission to call the trigger.
var triggerCall = one(permission, "UserPool.UsersInvokeTokenTrigger")
