package threats

import "strings"

// adminActions are calls of the user pools API that act in any user's name, or change the pool.
var adminActions = []string{
	"cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminConfirmSignUp", "cognito-idp:AdminCreateUser",
	"cognito-idp:AdminDelete*",
	"cognito-idp:AdminDisable*", "cognito-idp:AdminEnableUser", "cognito-idp:AdminForgetDevice",
	"cognito-idp:AdminInitiateAuth",
	"cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminRemoveUserFromGroup", "cognito-idp:AdminResetUserPassword",
	"cognito-idp:AdminRespondToAuthChallenge", "cognito-idp:AdminSet*", "cognito-idp:AdminUpdate*",
	"cognito-idp:AdminUserGlobalSignOut",
	"cognito-idp:AddCustomAttributes", "cognito-idp:AddUserPoolClientSecret", "cognito-idp:Create*", "cognito-idp:Delete*",
	"cognito-idp:Set*", "cognito-idp:Start*", "cognito-idp:Update*",
}

// trigger are the threats to and through the token trigger.
var trigger = []Threat{
	{
		ID: "U17",
		Title: "Pass for somebody with a second factor at the first sign-in, before one is enrolled, or by one that " +
			"no longer counts",
		Sources: []string{mfaGuide, cognitoAPI + "API_AdminGetUser.html"},
		Closed: "The trigger grants high-risk scopes only if a factor is active, preferred, one that the pool asks " +
			"for now, and sealed by a mailbox proof; a factor enrolled inside of a sign-in gives nothing before that.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/tokens.TestOnlyAStepUpWithAFactorSeals",
			"lambda/tokens.TestFactorThatThePoolNoLongerAsksForDoesNotCount",
			"lambda/tokens.TestUnknownFactorsStopTheFunction",
			"lambda/tokens.TestTrustInOneKindOfFactorIsNotTrustInAnother",
			"test/e2e.TestASecondFactorIsAskedForOnceItIsEnrolled",
		}, decisionTests...),
		Limit: "That Cognito asks for an active and preferred factor at every sign-in is its documented behaviour; " +
			"the trigger cannot see the challenge. No claim in the token states it in every Region yet. Where acr is " +
			"there, the handlers check it, and a stage can demand it (RequireACR).",
		check: func(in *Inspection) {
			var asked []string
			for _, factor := range in.Config.Users.SecondFactors {
				asked = append(asked, string(factor))
			}
			for _, asks := range askingFunctions {
				in.The(function, asks).At("Environment", "Variables", "SECOND_FACTORS").Is(strings.Join(asked, ","))
			}
		},
	},
	{
		ID:      "U29",
		Title:   "Call a trigger oneself, or use its role for more than its question",
		Sources: []string{cloudGoat + "terraform/lambda.tf", securityHub + "lambda-controls.html (Lambda.1)"},
		Closed: "Only Cognito may call the triggers, for this pool. Their roles may read one parameter, read and " +
			"update proofs, and write their own log; that of the token trigger may read users, that of registration " +
			"may sign them out and remove their factors.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			for _, name := range triggerNames {
				asked, callers := in.The(function, name+"Function"), 0
				for _, p := range in.Every(permission) {
					if p.At("FunctionName").Text() != asked.Ref("Arn") {
						continue
					}
					callers++
					p.At("Action").Is("lambda:InvokeFunction")
					p.At("Principal").Is("cognito-idp.amazonaws.com")
					p.At("SourceArn").Reads(pool.Ref("Arn"))
				}
				if callers != 1 {
					asked.Fail("may be called by %d, want one", callers)
				}
				asked.At("Role").Reads("${" + name + "Role.Arn}")
				in.roleOf(name + "Role").actsOnUsers()
			}
		},
	},
	{
		ID:      "U30",
		Title:   "Tell the trigger, by clientMetadata, that a second factor has been passed or a mailbox proven",
		Sources: []string{tokenTriggerGuide + " (clientMetadata comes from RespondToAuthChallenge)"},
		Closed: "Of the metadata the trigger reads one text, the verifier, and believes nothing: it must match the " +
			"hash that came with the mailed code, compared in constant time, and has 256 random bits.",
		Proofs: []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestClientMetadataChangesNothingUnlessItMatches",
			"lambda/tokens.TestVerifierIsOneStringOfExactlyItsName",
			"lambda/tokens.TestVerifierOfAnotherCustomerProvesNothing",
			"lambda/internal/proof.TestChallengeIsTheHashOfTheVerifiersCharacters",
			"lambda/internal/proof.TestVerifierAndChallengeHaveExactlyOneForm",
			"lambda/internal/proof.TestChallengesAreComparedInConstantTime",
		},
		Limit: "That a verifier at StepUp shows that the factor was asked for rests on front ends that send it with " +
			"that answer only: docs/clients.md says how.",
	},
	{
		ID:      "U31",
		Title:   "Make the trigger fail, and be let in with what it could not take away",
		Sources: []string{tokenTriggerGuide, cognitoGuide + "cognito-user-pools-working-with-lambda-triggers.html"},
		Closed: "Whenever the trigger is in doubt, does not understand, or loses a service, it answers with an " +
			"error, and the sign-in fails.",
		Proofs: []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestServiceFailingFailsTheSignIn", "lambda/tokens.TestWriteThatFailsFailsTheSignIn",
			"lambda/tokens.TestAnswerAboutNobodyFailsTheSignIn", "lambda/tokens.TestMalformedItemFailsTheSignIn",
			"lambda/tokens.TestPanicFailsTheSignIn", "lambda/tokens.TestEventThatIsNotAsDocumentedFailsTheSignIn",
			"lambda/tokens.TestParameterThatIsNotExactlyThreeClientsFailsEverySignIn",
			"lambda/tokens.TestWholeEventIsGivenUpInTime",
			"lambda/registration.TestSignUpIsRefusedIfTheClientsCannotBeRead",
			"lambda/registration.TestPanicRefusesASignUpAndNoConfirmation",
			"lambda/registration.TestStepOfAResetThatFailsProvesNothing",
		},
		Limit: "The post confirmation trigger never fails a confirmation, which has happened already: what goes " +
			"wrong there is logged, and nothing is proven. No alarm counts those lines yet.",
	},
	{
		ID:    "U32",
		Title: "Use a function's role to put oneself into a group, or into another user's place",
		Sources: []string{
			hackPrivesc + " (AdminAddUserToGroup, AdminSetUserPassword, AdminUpdateUserAttributes, SetUserPoolMfaConfig)",
			hackPersistence,
		},
		Closed: "There are no groups, and what each role may do to users is listed, action by action: to read, " +
			"sign out, disable, delete, connect a provider or remove one, and remove factors. What no role may do " +
			"is U49.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				r.mayNotBut(permitted[r.Name()], adminActions...)
			}
			in.None(memberships...)
		},
	},
}

// memberships are what groups and their members are made of.
var memberships = []string{userGroup, "AWS::Cognito::UserPoolUser", "AWS::Cognito::UserPoolUserToGroupAttachment"}

// triggerNames are the functions that the pool calls, without the ends of their resources' names.
var triggerNames = []string{"UserPool.Tokens", "UserPool.Registration"}

// askingFunctions are told which factors the pool asks for.
var askingFunctions = []string{"UserPool.TokensFunction", "Api.LinksFunction"}

// triggerCalls are the permissions to call the triggers.
var (
	triggerCalls = those(permission,
		func(r Resource) bool { return r.Properties["Principal"] == "cognito-idp.amazonaws.com" })
)
