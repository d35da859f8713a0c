package threats

// accounts are the threats to a customer's account, and to all of them together.
var accounts = []Threat{
	{
		ID:      "U3",
		Title:   "Change one's e-mail to a victim's, in other capitals or unverified, and be taken for them",
		Sources: []string{beDefended, oxn3va, hackUserPrivesc, pacuAttack},
		Closed: "An address or number counts only after its verification by a code, capitals make no difference, no " +
			"token can write an address, and the customer is the token's sub, never an e-mail or name.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/customer.TestCustomerIsTheSubOfTheAccessToken", "lambda/internal/customer.TestCustomerIsRefusedWithoutAPlausibleSubOfAnAccessToken",
			"lambda/customers.TestProfileOfAnotherSubIsNotShown",
		},
		check: func(in *inspection) {
			pool := in.only(userPool)
			verified := []string{"email"}
			if pool.at("EnabledMfas").contains("SMS_MFA") {
				verified = append(verified, "phone_number")
			}
			pool.at("AutoVerifiedAttributes").lists(verified...)
			pool.at("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").lists(verified...)
			pool.at("UsernameConfiguration", "CaseSensitive").is(false)
			// A link would be followed by whatever scans the victim's mail.
			pool.at("VerificationMessageTemplate", "DefaultEmailOption").is("CONFIRM_WITH_CODE")
		},
	},
	{
		ID:      "U15",
		Title:   "Guess a weak or old password",
		Sources: []string{cdkNag + " COG1", securityHub + "cognito-controls.html (Cognito.3)", cloudGoat + "terraform/cognito.tf"},
		Closed: "Passwords have 12 characters or more of four classes, none of the last four again, and an " +
			"invitation's lives a day.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			policy := in.only(userPool).at("Policies", "PasswordPolicy")
			policy.at("MinimumLength").between(12, 99)
			for _, class := range []string{"RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"} {
				policy.at(class).is(true)
			}
			policy.at("PasswordHistorySize").between(4, 24)
			policy.at("TemporaryPasswordValidityDays").between(1, 1)
		},
	},
	{
		ID:    "U16",
		Title: "Need nothing but a password, because no second factor is offered",
		Sources: []string{
			cdkNag + " COG2", securityHub + "cognito-controls.html (Cognito.5)", kics + " (74a18d1a)", cloudGoat + "terraform/cognito.tf",
		},
		Closed: "MFA is on or offered, with TOTP and at most SMS beside it; a stage that offers none counts none, " +
			"and so lets nobody step up. That a password alone enrols nothing that counts is U38.",
		Proofs: []Proof{Templates},
		Limit: "Where MFA is optional, the password alone signs in to an account without a factor, and reads its " +
			"orders and profile. It buys nothing. MFA by risk asks the enrolled at every sign-in; at high risk it " +
			"refuses those without a factor.",
		check: func(in *inspection) {
			pool, counted := in.only(userPool), in.the(function, "UserPool.TokensFunction").at("Environment", "Variables", "SECOND_FACTORS")
			if pool.at("MfaConfiguration").got == "OFF" && !in.production() {
				counted.is("")
				return
			}
			pool.at("MfaConfiguration").among("OPTIONAL", "ON")
			pool.at("EnabledMfas").within("SOFTWARE_TOKEN_MFA", "SMS_MFA")
			if !pool.at("EnabledMfas").contains("SOFTWARE_TOKEN_MFA") {
				pool.at("EnabledMfas").fail("lacks SOFTWARE_TOKEN_MFA: SMS alone can be intercepted")
			}
		},
	},
	{
		ID:    "U18",
		Title: "Sign in from a device that Cognito remembers, and skip the second factor",
		Sources: []string{
			cognitoAPI + "API_SetUserMFAPreference.html", cognitoGuide + "amazon-cognito-user-pools-device-tracking.html", hackUserPools,
		},
		Closed: "The user pool remembers no devices.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			in.only(userPool).at("DeviceConfiguration").absent()
		},
	},
	{
		ID: "U19",
		Title: "Reset the password by an SMS that would also be the second factor, or by a code that somebody else " +
			"sends",
		Sources: []string{amplify3390, mfaGuide, cognitoGuide + "user-pool-email.html"},
		Closed: "Accounts are recovered by verified e-mail only, which is never the second factor, and which Cognito " +
			"or this account's SES sends.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			pool := in.only(userPool)
			pool.at("AccountRecoverySetting", "RecoveryMechanisms").is([]any{map[string]any{"Name": "verified_email", "Priority": 1.0}})
			if pool.at("EnabledMfas").contains("EMAIL_OTP") {
				pool.at("EnabledMfas").fail("holds EMAIL_OTP: one mailbox would be both proofs")
			}
			pool.at("EmailConfiguration", "EmailSendingAccount").among("COGNITO_DEFAULT", "DEVELOPER")
			pool.at("EmailConfiguration", "SourceArn").isOurSender()
		},
	},
	{
		ID:    "U23",
		Title: "Sign in with a password that leaked elsewhere",
		Sources: []string{
			securityHub + "cognito-controls.html (Cognito.1, Cognito.4)", cdkNag + " COG3", hackPersistence + " (SetRiskConfiguration)",
		},
		Closed: "In Production threat protection is enforced for every client, blocks leaked passwords, acts on " +
			"risky sign-ins and tells the customer; no client may tell it where a sign-in came from.",
		Proofs: []Proof{Templates},
		Limit: "Threat protection costs more (plan Plus), so other stages do without. Cognito does not compare " +
			"passwords in SRP sign-ins; leaked ones are found at sign-up, password change and managed login.",
		check: func(in *inspection) {
			mode := in.only(userPool).at("UserPoolAddOns", "AdvancedSecurityMode")
			mode.among("OFF", "AUDIT", "ENFORCED")
			in.only(userPool).at("UserPoolAddOns", "AdvancedSecurityAdditionalFlows").absent()
			for _, c := range in.every(client) {
				c.at("EnablePropagateAdditionalUserContextData").is(false)
			}
			if mode.got != "ENFORCED" {
				in.none(riskSettings)
			}
			if !in.production() {
				return
			}
			mode.is("ENFORCED")
			in.only(userPool).at("UserPoolTier").is("PLUS")
			risk := in.only(riskSettings)
			risk.at("UserPoolId").reads(in.only(userPool).ref())
			risk.at("ClientId").is("ALL")
			leaked := risk.at("CompromisedCredentialsRiskConfiguration")
			leaked.at("Actions", "EventAction").is("BLOCK")
			leaked.at("EventFilter").lists("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE")
			risk.at("RiskExceptionConfiguration").absent()
			if in.only(userPool).at("MfaConfiguration").got != "ON" {
				takeover := risk.at("AccountTakeoverRiskConfiguration")
				takeover.at("Actions", "HighAction", "EventAction").among("MFA_REQUIRED", "BLOCK")
				takeover.at("Actions", "HighAction", "Notify").is(true)
				takeover.at("Actions", "MediumAction", "EventAction").among("MFA_IF_CONFIGURED", "MFA_REQUIRED", "BLOCK")
				takeover.at("Actions", "MediumAction", "Notify").is(true)
				takeover.at("NotifyConfiguration", "SourceArn").is(in.Config.Email.IdentityARN)
			}
		},
	},
	{
		ID:      "U34",
		Title:   "Delete or replace the user pool, and with it every customer",
		Sources: []string{securityHub + "cognito-controls.html (Cognito.6)", cognitoGuide + "user-pool-settings-deletion-protection.html"},
		Closed: "In Production the pool refuses deletion and outlives its stack, and so does all that it works " +
			"with: triggers, their roles and permissions, clients, providers. What cannot change after creation is " +
			"locked by a test.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test.TestNothingThatHoldsCustomersIsReplaced"},
		Limit:  "Stages without customers may be deleted.",
		check: func(in *inspection) {
			pool := in.only(userPool)
			pool.at("UsernameAttributes").lists("email")
			pool.at("AliasAttributes").absent()
			pool.at("DeletionProtection").among("ACTIVE", "INACTIVE")
			if in.production() {
				pool.at("DeletionProtection").is("ACTIVE")
				pool.outlives()
				in.keepsWhole("UserPool", "IdentityProviders")
			}
		},
	},
}
