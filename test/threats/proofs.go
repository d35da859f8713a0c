package threats

import (
	"slices"
	"strings"
)

// The table of what customers have proven, by name and as statements name it.
const (
	proofsTableName = "UserPool.Proofs"
	proofsTable     = "${" + proofsTableName + ".Arn}"
)

// tokensRole is the token trigger's role.
const tokensRole = "UserPool.TokensRole"

// reachedBy expects only these roles to have grants on a table, which is written as policies name it.
func (in *Inspection) reachedBy(table string, names ...string) {
	for _, r := range in.everyRole() {
		for _, s := range r.granted {
			if s.concerns(table) && !slices.Contains(names, r.Name()) {
				r.Fail("may reach %s: %s", table, s)
			}
		}
	}
}

// keepsProofs expects a statement about the table Proofs to forge no proof and to read no challenge: only the triggers
// write customers' proofs, and only the token trigger reads a challenge.
func (r role) keepsProofs(s statement) {
	does := func(action string) bool { return slices.Contains(s.actions, "dynamodb:"+action) }
	if others := difference(s.actions, proofActions); len(others) > 0 {
		r.Fail("may do %s with proofs: %s", sorted(others), s)
	}
	if does("GetItem") && r.Name() != tokensRole {
		r.demands(s, "Null dynamodb:Attributes false", "StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES")
		if strings.Contains(strings.ToLower(s.String()), "challenge") {
			r.Fail("may read challenges: %s", s)
		}
	}
	if does("UpdateItem") && r.Name() != tokensRole && r.Name() != registrationRole {
		item := "unconfirmed-removals"
		if r.Name() == exportRole {
			item = "users-export"
		}
		r.demands(s, "ForAllValues:StringEquals dynamodb:LeadingKeys "+item, "Null dynamodb:LeadingKeys false")
	}
	if does("DeleteItem") {
		r.demands(s, "StringEqualsIfExists dynamodb:ReturnValues NONE") // which would return the challenge
	}
}

var proofActions = []string{"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}

// concerns reports whether a statement may allow something on a table or its indexes.
func (s statement) concerns(table string) bool {
	return s.effect != "Deny" &&
		slices.ContainsFunc(s.actions, func(action string) bool { return overlap(action, "dynamodb:*", fold) }) &&
		slices.ContainsFunc(s.resources, func(on string) bool {
			return overlap(on, table, exact) || overlap(on,
				table+"/*", exact)
		})
}

// proofs are the threats that are closed by a freshly proven mailbox.
var proofs = []Threat{
	{
		ID:      "U38",
		Title:   "With a password alone, enrol an authenticator, early or during a sign-in, and pay",
		Sources: []string{"found by attacking the local stage, with MFA optional and required", mfaGuide},
		Closed: "A factor counts only once a step-up has sealed it with the verifier of a mailbox proven in the last " +
			"15 minutes, and only a sign-in with such a verifier yields the token that enrols one.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"lambda/tokens.TestEnrolmentFromSignUpToPurchase",
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/internal/proof.TestSealTrustsAndSpendsTheProof", "lambda/internal/proof.TestProofCountsFor15Minutes",
			"lambda/internal/proof.TestCustomerWithoutAnItemHasProvenNothing",
			"lambda/internal/proof.TestMalformedItemIsRefused", "test/e2e.TestAPasswordAloneOpensNothing",
			"test/e2e.TestAFactorSetUpByAPasswordAloneIsNotTrusted",
		}, decisionTests...),
		Limit: "The holder of the mailbox of an account without a sealed factor can reset its password and enrol a factor: " +
			"before there is a factor, the mailbox is the account. Where MFA is required, a factor that a thief set up during " +
			"a sign-in stays until a reset removes it, but does not count.",
		check: func(in *Inspection) {
			in.Only(userPool).At("LambdaConfig", "PostConfirmation").Reads(in.The(function,
				"UserPool.RegistrationFunction").Ref("Arn"))
			for _, name := range []string{"UserPool.TokensFunction", "UserPool.RegistrationFunction",
				"Api.LinksFunction"} {
				in.The(function, name).At("Environment", "Variables", "PROOFS_TABLE").Reads(in.The(table,
					proofsTableName).Ref())
			}
		},
	},
	{
		ID:    "U39",
		Title: "Sign up with a victim's address, wait until its owner confirms it, and keep password, session and factor",
		Sources: []string{"found by attacking the local stage",
			"Sudhodanan, Paverd 2022, Pre-hijacked accounts (USENIX Security 2022)"},
		Closed: "The proof belongs to the browser that entered the code. A reset signs out everywhere, removes a factor " +
			"that was never sealed, and ends an earlier proof. Unconfirmed accounts are removed after two days (U50).",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: append([]string{
			"lambda/registration.TestConfirmedSignUpRecordsTheChallenge",
			"lambda/registration.TestSignUpConfirmedWithoutACodeProvesNothing",
			"test/e2e.TestAnAddressThatSomebodyElseSignedUpBelongsToItsOwner",
			"test/e2e.TestAMailboxProvenElsewhereProvesNothing",
		}, registrationTests...),
		Limit: "An owner who confirms an account that a thief signed up shares its password until a reset. Both can only " +
			"browse: neither the password nor a session can pay. A new sign-up every two days keeps an address blocked; a " +
			"flood of sign-ups from many addresses can outpace their removal, a thousand an hour.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			pool.At("LambdaConfig", "PostConfirmation").Reads(in.The(function,
				"UserPool.RegistrationFunction").Ref("Arn"))
			pool.At("VerificationMessageTemplate", "DefaultEmailOption").Is("CONFIRM_WITH_CODE")
			registration := in.roleOf(registrationRole)
			for _, action := range permitted[registrationRole] {
				if _, _, granted := registration.grants(action); !granted {
					registration.Fail("may not %s: what somebody else has left behind would stay", action)
				}
			}
		},
	},
	{
		ID:    "U44",
		Title: "Begin to set up a new authenticator and abandon it: the lists name a factor that Cognito no longer asks for",
		Sources: []string{
			cognitoAPI + "API_AssociateSoftwareToken.html", "github.com/aws-amplify/amplify-js/issues/11258",
		},
		Closed: "Every Account token suspends the trust in the factor, before it is issued, until a step-up with a fresh " +
			"proof seals it again: a factor that such a token began, added or replaced never inherits trust.",
		Proofs: []Proof{Code},
		Tests: []string{
			"lambda/tokens.TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor",
			"lambda/internal/proof.TestSuspensionEndsTrustAndKeepsTheProof",
			"lambda/internal/proof.TestSealFailsIfTheTrustIsSuspendedMeanwhile",
			"test/e2e.TestAFactorBegunAndGivenUpInheritsNoTrust", "test/e2e.TestAVisitToTheSettingsSuspendsTheFactor",
			"test/e2e.TestAnAccountTokenIsWorthNothingOnceTheFactorIsSealed",
		},
		Limit: "Sealing an abandoned factor would need a verifier sent with another answer than the factor's: see U30. The " +
			"page must revoke every Account session before the seal: a thief with the password and a token that the page did " +
			"not revoke can replace the factor after the seal, while the token is valid.",
	},
	{
		ID:    "U45",
		Title: "Finish a sign-in or a seal after a reset that was begun before it",
		Sources: []string{cognitoAPI + "API_ConfirmForgotPassword.html",
			cognitoAPI + "API_RespondToAuthChallenge.html"},
		Closed: "A sign-in begun with the old password has no verifier of the new proof. A seal and a suspension are " +
			"written on the condition that the compared proof is unchanged, and a reset ends the earlier proof before it " +
			"checks the factor.",
		Proofs: []Proof{Code},
		Tests: append([]string{
			"lambda/tokens.TestResetBetweenReadAndWriteFailsTheSignIn",
			"lambda/internal/proof.TestSuspensionFailsOnceTheProofHasExpired",
			"lambda/internal/proof.TestWriteFailsIfTheProofHasChangedSinceItWasRead",
			"test/e2e.TestASignInBegunBeforeAResetYieldsNothing",
		}, registrationTests...),
		Limit: "Only a test on AWS can show whether Cognito lets such a sign-in finish. At Web it would yield a browse " +
			"token; a thief who has the sealed factor could still step up.",
	},
	{
		ID:    "U51",
		Title: "Write a proof or a trusted factor into the table without the mailbox, or read a challenge",
		Sources: []string{"read in the new design",
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html"},
		Closed: "Only the two triggers update customers' items of the table Proofs, on the condition that they are " +
			"unchanged. Only the token trigger reads a challenge; the sign-up trigger, the function links and the support " +
			"desk read times only. The desk removes items; the removal of unconfirmed accounts and the export of users each " +
			"write only their own item.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			in.reachedBy(proofsTable, tokensRole, registrationRole, unconfirmedRole, exportRole, linksRole, supportRole,
				privacyRole)
			for _, r := range in.everyRole() {
				for _, s := range r.granted {
					if s.concerns(proofsTable) {
						r.keepsProofs(s)
					}
				}
			}
		},
	},
}

// registrationTests prove the changes of an account at sign-up and after a reset.
var registrationTests = []string{
	"lambda/registration.TestResetEndsSessionsAndFactorsThenRecordsTheChallenge",
	"lambda/registration.TestResetRemovesAFactorOnlyIfNoneWasEverSealed",
	"lambda/registration.TestResetWithoutAChallengeProvesNothingAndEndsAnEarlierProof",
	"lambda/registration.TestChallengeIsRecordedExactlyIfAllConditionsHold",
}
