package threats

// linksRole is the role of the one function that connects providers.
const linksRole = "Api.LinksRole"

const linksTable = "${Data.Links.Arn}"

// linksAccess is all that roles may do with the table Links: offers, and to whom each connected identity belongs.
var linksAccess = map[string][]string{
	linksRole: {
		"Allow dynamodb:GetItem on " + linksTable, "Allow dynamodb:PutItem on " + linksTable,
		"Allow dynamodb:UpdateItem on " + linksTable, "Allow dynamodb:DeleteItem on " + linksTable,
	},
	privacyRole: {"Allow dynamodb:GetItem on " + linksTable, "Allow dynamodb:DeleteItem on " + linksTable},
}

// linking are the threats that come with connecting providers.
var linking = []Threat{
	{
		ID:    "U46",
		Title: "Redeem an offer that was stolen with a browse token, or left behind in a shared browser",
		Sources: []string{"read in the new design",
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html"},
		Closed: "An offer takes a sign-in of the last five minutes, lives five minutes, and is stored as a hash, for " +
			"one use. It connects only with an account whose verified address is the provider's, for a token of a " +
			"stepped-up sign-in, and with what the screen has shown.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestOfferTakesARecentSignIn", "lambda/links.TestOfferIsStoredAsItsHash",
			"lambda/links.TestOfferIsUsedOnceByTwoAtATime",
			"lambda/links.TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress",
			"lambda/links.TestOfferLeftInASharedBrowserConnectsNothing",
			"test/e2e.TestAnOfferConnectsNoAccountWithAnotherAddress", "test/e2e.TestAnAccountWithAPasswordMakesNoOffer",
		},
		Limit: "A front end must keep the offer in memory. Somebody whose account here has the provider's address, " +
			"and the sealed factor of it, is taken for the customer.",
		check: func(in *inspection) {
			in.accessOnly(linksTable, linksAccess)
			in.the(table, "Data.Links").keepsItems()
			for _, r := range in.routes() {
				switch r.String() {
				case offerRoute:
					r.at("AuthorizationScopes").lists(offerScope)
				case "POST /links", "DELETE /links":
					r.at("AuthorizationScopes").lists("securecart/links.write")
				default:
					continue
				}
				if r.handler() != in.the(function, "Api.LinksFunction").ref("Arn") {
					r.at("Integration", "Uri").fail("is not the function links")
				}
			}
		},
	},
	{
		ID:    "U47",
		Title: "Change one's address at the provider, and have it become the mailbox that recovers a connected account",
		Sources: []string{cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html",
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html"},
		Closed: "No provider writes email or a number: what it states goes into an attribute of its own, which " +
			"recovers nothing. Accounts are recovered by the verified email of the pool only.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test/e2e.TestAnAddressChangedAtTheProviderRedirectsNoRecovery"},
		check: func(in *inspection) {
			in.wired()
			for _, p := range in.any(provider) {
				mapped := p.at("AttributeMapping")
				for _, recovering := range []string{"email", "email_verified", "phone_number",
					"phone_number_verified"} {
					mapped.at(recovering).absent()
				}
				if mapped.at(providerEmail).got == nil {
					mapped.fail("has no %s: nothing could be connected", providerEmail)
				}
			}
			in.only(userPool).at("AccountRecoverySetting",
				"RecoveryMechanisms").is([]any{map[string]any{"Name": "verified_email", "Priority": 1.0}})
			in.only(userPool).at("AliasAttributes").absent()
		},
	},
	{
		ID:    "U52",
		Title: "Have the function that connects providers delete a customer's account, or take an identity away",
		Sources: []string{"read in the new design", cognitoAPI + "API_AdminLinkProviderForUser.html",
			cognitoAPI + "API_AdminDisableProviderForUser.html"},
		Closed: "It alone may link, and of this pool only. It deletes a user with exactly one identity, the offer's, " +
			"read immediately before, whose sub is in no record, after a record has bound the identity to the " +
			"customer; it never disconnects the password.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestNothingButProfilesIsEverDeleted",
			"lambda/links.TestOnlyTheProfileOfTheOffersIdentityIsDeleted",
			"lambda/links.TestAccountWithAPasswordIsNeverTakenForAProfile",
			"lambda/links.TestMarkAloneKeepsAnAccountFromBeingDeleted",
			"lambda/links.TestCallersOwnAccountIsNotDeleted", "lambda/links.TestHundredAtATimeConnectOnce",
			"lambda/links.TestWhateverHappensBetweenTwoCallsNoAccountIsLost",
		},
		Limit: "No policy can say which users it may delete: that is its code's. Foreign code in it could delete any.",
		check: func(in *inspection) {
			links := in.the(function, "Api.LinksFunction")
			links.at("Role").reads("${" + linksRole + ".Arn}")
			links.at("Environment", "Variables", "USER_POOL_ID").reads(in.only(userPool).ref())
			links.at("Environment", "Variables", "LINKS_TABLE").reads(in.the(table, "Data.Links").ref())
			for _, r := range in.everyRole() {
				if r.name() == linksRole {
					r.may(in.grants()[linksRole]...)
					continue
				}
				r.mayNot("cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminDisableProviderForUser")
			}
		},
	},
}
