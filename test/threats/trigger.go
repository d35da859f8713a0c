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
		Title: "Get high-risk scopes at the first sign-in, before a factor is enrolled, or by a factor that no longer " +
			"counts",
		Sources: []string{mfaGuide, cognitoAPI + "API_AdminGetUser.html"},
		Closed: "The trigger grants high-risk scopes only if a factor is active, preferred, one that the pool asks for " +
			"now, and sealed by a mailbox proof; a factor enrolled during a sign-in grants nothing before that.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/mfa.TestFactorIsAskedForIfItIsActivePreferredAndOffered",
			"lambda/mfa.TestMisspeltSettingIsRefused", "lambda/tokens.TestTriggerIsBuiltFromTheEnvironment",
			"lambda/tokens.TestTrustInOneKindOfFactorIsNotTrustInAnother",
			"test/e2e.TestASecondFactorIsAskedForOnceItIsEnrolled",
		}, decisionTests...),
		Limit: "By its documentation Cognito asks for an active and preferred factor at every sign-in; the trigger cannot " +
			"see the challenge. No claim shows it in every Region yet. Where a token has acr, the handlers check it, and a " +
			"stage can require it (RequireACR).",
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
		Title:   "Call a trigger directly, or use its role for other operations",
		Sources: []string{cloudGoat + "terraform/lambda.tf", securityHub + "lambda-controls.html (Lambda.1)"},
		Closed: "Only Cognito may call the triggers, for this pool. Their roles may read one parameter, read and update " +
			"proofs, and write their own log; the token trigger's role may read users, that of registration may sign them out " +
			"and remove their factors.",
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
		Title:   "Claim to the trigger, by clientMetadata, that a second factor or a mailbox has been proven",
		Sources: []string{tokenTriggerGuide + " (clientMetadata comes from RespondToAuthChallenge)"},
		Closed: "The trigger reads only one text of the metadata, the verifier, which has 256 random bits. It must match " +
			"the hash that came with the mailed code, compared in constant time.",
		Proofs: []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestVerifierIsOneStringOfExactlyItsName",
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/internal/proof.TestChallengeIsTheHashOfTheVerifiersCharacters",
			"lambda/internal/proof.TestVerifierAndChallengeHaveExactlyOneForm",
			"lambda/internal/proof.TestChallengesAreComparedInConstantTime",
		},
		Limit: "Front ends must send the verifier at StepUp with the answer to the factor only: then it shows that the " +
			"factor was asked for. docs/clients.md says how.",
	},
	{
		ID:      "U31",
		Title:   "Make the trigger fail, and keep scopes that it could not remove",
		Sources: []string{tokenTriggerGuide, cognitoGuide + "cognito-user-pools-working-with-lambda-triggers.html"},
		Closed: "If a fact is uncertain, an event is malformed or a service fails, the trigger returns an error, and the " +
			"sign-in fails.",
		Proofs: []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestServiceFailingFailsTheSignIn", "lambda/tokens.TestWriteThatFailsFailsTheSignIn",
			"lambda/tokens.TestAnswerAboutNobodyFailsTheSignIn", "lambda/internal/proof.TestMalformedItemIsRefused",
			"lambda/tokens.TestEventThatIsNotAsDocumentedFailsTheSignIn",
			"lambda/internal/appclient.TestParameterThatIsNotExactlyThreeClientsIsRefused",
			"lambda/tokens.TestWholeEventIsGivenUpInTime",
			"lambda/registration.TestSignUpIsRefusedIfTheClientsCannotBeRead",
			"lambda/internal/function.TestPanicIsAFailureThatSaysWhatAndWhereButNoValue",
			"lambda/registration.TestStepOfAResetThatFailsProvesNothing",
		},
		Limit: "The post confirmation trigger never fails a confirmation, which has already happened: it logs the failure, " +
			"and nothing is proven. No alarm counts those lines yet.",
	},
	{
		ID:    "U32",
		Title: "Use a function's role to join a group, or to act as another user",
		Sources: []string{
			hackPrivesc + " (AdminAddUserToGroup, AdminSetUserPassword, AdminUpdateUserAttributes, SetUserPoolMfaConfig)",
			hackPersistence,
		},
		Closed: "There are no groups, and each role's actions on users are listed: to read, sign out, disable, delete, " +
			"connect or remove a provider, and remove factors. U49 lists actions that no role may have.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				r.mayNotBut(permitted[r.Name()], adminActions...)
			}
			in.None(memberships...)
		},
	},
}

// memberships are the types of groups and their members.
var memberships = []string{userGroup, "AWS::Cognito::UserPoolUser", "AWS::Cognito::UserPoolUserToGroupAttachment"}

// triggerNames are the functions that the pool calls, without the ends of their resources' names.
var triggerNames = []string{"UserPool.Tokens", "UserPool.Registration"}

// askingFunctions are the functions with the setting of second factors.
var askingFunctions = []string{"UserPool.TokensFunction", "Api.LinksFunction"}

// triggerCalls are the permissions to call the triggers.
var (
	triggerCalls = those(permission,
		func(r Resource) bool { return r.Properties["Principal"] == "cognito-idp.amazonaws.com" })
)
