package threats

import "github.com/securecart/identity/config"

// Cognito's names for values of the configuration.
var (
	mfaModes = map[config.MFA]string{
		config.Off: "OFF", config.Optional: "OPTIONAL", config.RiskBased: "OPTIONAL", config.Required: "ON",
	}
	secondFactors   = map[config.SecondFactor]string{config.TOTP: "SOFTWARE_TOKEN_MFA", config.SMS: "SMS_MFA"}
	protectionModes = map[config.ThreatProtection]string{"": "OFF", config.Audit: "AUDIT", config.Enforce: "ENFORCED"}
	plans           = map[config.Plan]string{config.Essentials: "ESSENTIALS", config.Plus: "PLUS"}
)

// accounts are the threats to a customer's account, and to all of them together.
var accounts = []Threat{
	{
		ID:      "U3",
		Title:   "Change the e-mail address to a victim's, in other capitals or unverified, and be taken for the victim",
		Sources: []string{beDefended, oxn3va, hackUserPrivesc, pacuAttack},
		Closed: "An address or number counts only after verification by a code. Addresses are case-insensitive, and no " +
			"token can write one. The customer is the token's sub, never an e-mail or name.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/customer.TestCustomerIsTheSubOfTheAccessToken",
			"lambda/internal/customer.TestCustomerIsRefusedWithoutAPlausibleSubOfAnAccessToken",
			"lambda/customers.TestProfileOfAnotherSubIsNotShown",
		},
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			verified := []string{"email"}
			if pool.At("EnabledMfas").Contains("SMS_MFA") {
				verified = append(verified, "phone_number")
			}
			pool.At("AutoVerifiedAttributes").Lists(verified...)
			pool.At("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").Lists(verified...)
			pool.At("UsernameConfiguration", "CaseSensitive").Is(false)
			// Mail scanners would follow a link.
			pool.At("VerificationMessageTemplate", "DefaultEmailOption").Is("CONFIRM_WITH_CODE")
		},
	},
	{
		ID:    "U15",
		Title: "Guess a weak or old password",
		Sources: []string{
			cdkNag + " COG1", securityHub + "cognito-controls.html (Cognito.3)", cloudGoat + "terraform/cognito.tf",
		},
		Closed: "Passwords have 12 characters or more of four classes and differ from the last four. An invitation's " +
			"password is valid for a day.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			policy := in.Only(userPool).At("Policies", "PasswordPolicy")
			policy.At("MinimumLength").Between(12, 99)
			policy.At("MinimumLength").Is(in.Config.Users.PasswordLength)
			for _, class := range []string{"RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"} {
				policy.At(class).Is(true)
			}
			policy.At("PasswordHistorySize").Between(4, 24)
			policy.At("TemporaryPasswordValidityDays").Between(1, 1)
		},
	},
	{
		ID:    "U16",
		Title: "Need only a password, because no second factor is offered",
		Sources: []string{
			cdkNag + " COG2", securityHub + "cognito-controls.html (Cognito.5)", kics + " (74a18d1a)",
			cloudGoat + "terraform/cognito.tf",
		},
		Closed: "MFA is required or offered, with TOTP and at most SMS beside it. A stage that offers no factor lets " +
			"nobody step up. U38 covers the enrolment of a factor with a password alone.",
		Proofs: []Proof{Templates},
		Limit: "Where MFA is optional, the password alone signs in to an account without a factor, and reads its orders " +
			"and profile, but cannot buy. Risk-based MFA asks enrolled customers at every sign-in; at high risk it refuses " +
			"customers without a factor.",
		check: func(in *Inspection) {
			pool, users := in.Only(userPool), in.Config.Users
			pool.At("MfaConfiguration").Is(mfaModes[users.MFA])
			if users.MFA == config.Off && !in.production() {
				pool.At("EnabledMfas").Absent()
				in.The(function, "UserPool.TokensFunction").At("Environment", "Variables", "SECOND_FACTORS").Is("")
				return
			}
			var offered []string
			for _, factor := range users.SecondFactors {
				offered = append(offered, secondFactors[factor])
			}
			pool.At("MfaConfiguration").Among("OPTIONAL", "ON")
			pool.At("EnabledMfas").Lists(offered...)
			if !pool.At("EnabledMfas").Contains("SOFTWARE_TOKEN_MFA") {
				pool.At("EnabledMfas").Fail("lacks SOFTWARE_TOKEN_MFA: SMS alone can be intercepted")
			}
		},
	},
	{
		ID:    "U18",
		Title: "Sign in from a device that Cognito remembers, and skip the second factor",
		Sources: []string{
			cognitoAPI + "API_SetUserMFAPreference.html", cognitoGuide + "amazon-cognito-user-pools-device-tracking.html",
			hackUserPools,
		},
		Closed: "The user pool remembers no devices.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			in.Only(userPool).At("DeviceConfiguration").Absent()
		},
	},
	{
		ID:      "U19",
		Title:   "Reset the password by an SMS that is also the second factor, or by a code that another account sends",
		Sources: []string{amplify3390, mfaGuide, cognitoGuide + "user-pool-email.html"},
		Closed: "Accounts are recovered by verified e-mail only. E-mail is never the second factor, and only Cognito or " +
			"this account's SES sends it.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			pool.At("AccountRecoverySetting", "RecoveryMechanisms").Is(
				[]any{map[string]any{"Name": "verified_email", "Priority": 1.0}})
			if pool.At("EnabledMfas").Contains("EMAIL_OTP") {
				pool.At("EnabledMfas").Fail("holds EMAIL_OTP: one mailbox would be both proofs")
			}
			pool.At("EmailConfiguration", "EmailSendingAccount").Among("COGNITO_DEFAULT", "DEVELOPER")
			pool.At("EmailConfiguration", "SourceArn").isOurSender()
		},
	},
	{
		ID:    "U23",
		Title: "Sign in with a password that leaked at another site",
		Sources: []string{
			securityHub + "cognito-controls.html (Cognito.1, Cognito.4)", cdkNag + " COG3",
			hackPersistence + " (SetRiskConfiguration)",
		},
		Closed: "In Production threat protection is enforced for every client. It blocks leaked passwords, acts on risky " +
			"sign-ins and notifies the customer. No client may supply a sign-in's IP address.",
		Proofs: []Proof{Templates},
		Limit: "Threat protection needs the more expensive plan Plus, so other stages lack it. Cognito cannot check " +
			"passwords in SRP sign-ins; it finds leaked ones at sign-up, password change and managed login.",
		check: func(in *Inspection) {
			mode := in.Only(userPool).At("UserPoolAddOns", "AdvancedSecurityMode")
			mode.Is(protectionModes[in.Config.Users.ThreatProtection])
			in.Only(userPool).At("UserPoolAddOns", "AdvancedSecurityAdditionalFlows").Absent()
			for _, c := range in.Every(client) {
				c.At("EnablePropagateAdditionalUserContextData").Is(false)
			}
			if in.production() {
				mode.Is("ENFORCED")
				in.Only(userPool).At("UserPoolTier").Is("PLUS")
			}
			if mode.Got != "ENFORCED" {
				in.None(riskSettings)
				return
			}
			risk := in.Only(riskSettings)
			risk.At("UserPoolId").Reads(in.Only(userPool).Ref())
			risk.At("ClientId").Is("ALL")
			leaked := risk.At("CompromisedCredentialsRiskConfiguration")
			leaked.At("Actions", "EventAction").Is("BLOCK")
			leaked.At("EventFilter").Lists("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE")
			risk.At("RiskExceptionConfiguration").Absent()
			takeover := risk.At("AccountTakeoverRiskConfiguration")
			if in.Config.Users.MFA != config.RiskBased {
				takeover.Absent() // Cognito refuses it where MFA is required
				return
			}
			takeover.At("Actions").Is(map[string]any{
				"HighAction":   map[string]any{"EventAction": "MFA_REQUIRED", "Notify": true},
				"MediumAction": map[string]any{"EventAction": "MFA_IF_CONFIGURED", "Notify": true},
			})
			takeover.At("NotifyConfiguration", "SourceArn").Is(in.Config.Email.IdentityARN)
			// AWS documents the bare address, without a name.
			takeover.At("NotifyConfiguration", "From").Is(in.Config.Email.From)
		},
	},
	{
		ID:    "U34",
		Title: "Delete or replace the user pool, and with it every customer",
		Sources: []string{
			securityHub + "cognito-controls.html (Cognito.6)", cognitoGuide + "user-pool-settings-deletion-protection.html",
		},
		Closed: "In Production the pool refuses deletion and outlives its stack, together with the resources that it " +
			"needs: triggers, their roles and permissions, clients, providers. A test locks properties that cannot change " +
			"after creation.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test.TestNothingThatHoldsCustomersIsReplaced"},
		Limit:  "Stages without customers may be deleted.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			pool.At("UsernameAttributes").Lists("email")
			pool.At("AliasAttributes").Absent()
			protection := map[bool]string{true: "ACTIVE", false: "INACTIVE"}
			pool.At("DeletionProtection").Is(protection[in.Config.Protection.DeletionProtection])
			if in.production() {
				pool.At("DeletionProtection").Is("ACTIVE")
				pool.outlives()
				in.keepsWhole("UserPool", "IdentityProviders")
			}
		},
	},
}
