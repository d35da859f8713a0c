package threats

// linksRole is the role of the one function that connects providers.
const linksRole = "Api.LinksRole"

// linksTable holds offers, and the account of each connected identity.
const linksTable = "${Data.Links.Arn}"

// linking are the threats of connecting providers.
var linking = []Threat{
	{
		ID:    "U46",
		Title: "Redeem an offer that was stolen with a browse token, or left behind in a shared browser",
		Sources: []string{"read in the new design",
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html"},
		Closed: "An offer requires a sign-in of the last five minutes, is valid for five minutes and one use, and is " +
			"stored as a hash. It connects only with an account whose verified address is the provider's, for a token of a " +
			"stepped-up sign-in, and with the details shown on the screen.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestOfferTakesARecentSignIn", "lambda/links.TestOfferIsStoredAsItsHash",
			"lambda/links.TestOfferIsUsedOnceByTwoAtATime",
			"lambda/links.TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress",
			"test/e2e.TestAnOfferConnectsNoAccountWithAnotherAddress", "test/e2e.TestAnAccountWithAPasswordMakesNoOffer",
		},
		Limit: "A front end must keep the offer in memory. An attacker whose own account has the provider's address and a " +
			"sealed factor is taken for the customer.",
		check: func(in *Inspection) {
			in.reachedBy(linksTable, linksRole, privacyRole)
			in.The(table, "Data.Links").keepsItems()
			for _, r := range in.Routes() {
				switch r.String() {
				case offerRoute:
					r.At("AuthorizationScopes").Lists(offerScope)
				case "POST /links", "DELETE /links":
					r.At("AuthorizationScopes").Lists("securecart/links.write")
				default:
					continue
				}
				if r.Handler() != in.The(function, "Api.LinksFunction").Ref("Arn") {
					r.At("Integration", "Uri").Fail("is not the function links")
				}
			}
		},
	},
	{
		ID:    "U47",
		Title: "Change the address at the provider, so that it becomes the mailbox that recovers a connected account",
		Sources: []string{cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html",
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html"},
		Closed: "No provider writes email or a number: its address goes into a separate attribute, which recovers nothing. " +
			"Accounts are recovered by the verified email of the pool only.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test/e2e.TestAnAddressChangedAtTheProviderRedirectsNoRecovery"},
		check: func(in *Inspection) {
			in.wired()
			for _, p := range in.Any(provider) {
				mapped := p.At("AttributeMapping")
				for _, recovering := range []string{"email", "email_verified", "phone_number",
					"phone_number_verified"} {
					mapped.At(recovering).Absent()
				}
			}
			in.Only(userPool).At("AccountRecoverySetting",
				"RecoveryMechanisms").Is([]any{map[string]any{"Name": "verified_email", "Priority": 1.0}})
			in.Only(userPool).At("AliasAttributes").Absent()
		},
	},
	{
		ID:    "U52",
		Title: "Make the function that connects providers delete a customer's account, or remove an identity",
		Sources: []string{"read in the new design", cognitoAPI + "API_AdminLinkProviderForUser.html",
			cognitoAPI + "API_AdminDisableProviderForUser.html"},
		Closed: "Only it may link, and only in this pool. It deletes only a user with exactly one identity, the offer's, " +
			"read immediately before, whose sub is in no record, and only after a record has bound the identity to the " +
			"customer. It never disconnects the password.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestRedemptionThatIsInterruptedAnywhereIsFinishedByARepetition",
			"lambda/links.TestOnlyTheProfileOfTheOffersIdentityIsDeleted",
			"lambda/links.TestAccountWithAPasswordIsNeverTakenForAProfile",
			"lambda/links.TestMarkAloneKeepsAnAccountFromBeingDeleted",
			"lambda/links.TestCallersOwnAccountIsNotDeleted", "lambda/links.TestManyAtATimeConnectOnce",
			"lambda/links.TestWhateverHappensBetweenTwoCallsNoAccountIsLost",
		},
		Limit: "No policy can limit which users it may delete; its code does. Foreign code in it could delete any user.",
		check: func(in *Inspection) {
			links := in.The(function, "Api.LinksFunction")
			links.At("Role").Reads("${" + linksRole + ".Arn}")
			links.At("Environment", "Variables", "USER_POOL_ID").Reads(in.Only(userPool).Ref())
			links.At("Environment", "Variables", "LINKS_TABLE").Reads(in.The(table, "Data.Links").Ref())
			for _, r := range in.everyRole() {
				if r.Name() != linksRole {
					r.mayNot("cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminDisableProviderForUser")
				}
			}
		},
	},
}
