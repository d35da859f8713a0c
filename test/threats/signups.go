package threats

import "strings"

// The function that removes accounts which were never confirmed, and its role.
const (
	unconfirmedFunction = "UserPool.UnconfirmedFunction"
	unconfirmedRole     = "UserPool.UnconfirmedRole"
	hourlyRule          = "UserPool.UnconfirmedScheduleRule"
)

// registrationRole is the role of the trigger that decides who may sign up, and records proofs.
const registrationRole = "UserPool.RegistrationRole"

// signUps are the threats of new and unconfirmed accounts.
var signUps = []Threat{
	{
		ID:    "U40",
		Title: "Send codes to any number: by a sign-up that names it, or as the factor of an own account",
		Sources: []string{"found by attacking the local stage, ten messages from one account",
			cognitoGuide + "user-pool-settings-mfa-sms-text-message.html"},
		Closed: "No sign-up may carry a number. Only Account writes one, with a mailbox just proven, and it counts only " +
			"after a code. The strict rate rule covers operations that send a code. Staging and Production offer TOTP only.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"test/threats.TestOnlyDevelopmentSendsSMS",
			"lambda/registration.TestSignUpThatNoPageAsksForIsRefused",
			"test/e2e.TestNoSignUpCarriesANumberOrComesFromAnotherClient", "test/e2e.TestANumberCountsOnlyOnceItsCodeWasEntered",
		},
		Limit: "In Development, which offers SMS, every account can send codes to one number that it has verified.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			in.signUpsAreJudged()
			in.poolFirewall().limitsSignUps("signup", "updateuserattributes", "getuserattributeverificationcode")
			for _, c := range in.Every(client) {
				c.At("WriteAttributes").Lists(writable[c.Name()]...)
			}
			if pool.At("EnabledMfas").Contains("SMS_MFA") {
				pool.At("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").Lists("email",
					"phone_number")
				return
			}
			pool.At("SmsConfiguration").Absent()
			pool.At("AutoVerifiedAttributes").Lists("email")
		},
	},
	{
		ID:      "U48",
		Title:   "Sign up at the client StepUp or Account, or with attributes that no page asks for",
		Sources: []string{cognitoAPI + "API_SignUp.html", cognitoGuide + "user-pool-lambda-pre-sign-up.html"},
		Closed: "Before every sign-up the pool calls the trigger registration, which allows only Web and only an address, " +
			"and confirms and verifies nobody itself.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/registration.TestSignUpWithAnAddressAtWebPassesUnchanged",
			"lambda/registration.TestSignUpThatNoPageAsksForIsRefused",
			"lambda/registration.TestSignUpsThatAreNotByCustomersPassUnchanged",
			"lambda/registration.TestEventBeforeSignUpThatIsNotAsDocumentedIsRefused",
			"test/e2e.TestNoSignUpCarriesANumberOrComesFromAnotherClient",
		},
		check: func(in *Inspection) { in.signUpsAreJudged() },
	},
	{
		ID:    "U50",
		Title: "Make the removal of unconfirmed accounts remove a customer, or call it at will",
		Sources: []string{"read in the new design",
			"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"},
		Closed: "One rule calls the function, once an hour, without input. It removes accounts that are still UNCONFIRMED " +
			"after two days, after disabling them and reading them again. Its role allows only these operations on users, and " +
			"records removals in one item.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/unconfirmed.TestOnlyStaleUnconfirmedEnabledAccountsAreRemoved",
			"lambda/unconfirmed.TestStopBetweenAnyTwoStepsLocksNobodyOut",
			"lambda/unconfirmed.TestCustomerWhoConfirmsIsNeverRemovedAndEndsEnabled",
			"lambda/unconfirmed.TestCustomerWhoConfirmsWhileDisabledIsLostBetweenReadAndDeletionOnly",
			"lambda/unconfirmed.TestOneRunWorksAtATime",
		},
		Limit: "If Cognito lets a disabled account be confirmed, a customer who confirms after two days, between the last " +
			"read and the deletion, must sign up again. Foreign code in that function could delete any user, and AWS keeps no " +
			"copy of a user pool.",
		check: func(in *Inspection) {
			rule, removes := in.The(eventRule, hourlyRule), in.The(function, unconfirmedFunction)
			in.calledHourly(removes, rule)
			called := 0
			for _, p := range in.Every(permission) {
				if p.At("FunctionName").Text() == removes.Ref("Arn") {
					called++
					p.At("Principal").Is("events.amazonaws.com")
					p.At("SourceArn").Reads(rule.Ref("Arn"))
				}
			}
			if called != 1 {
				removes.Fail("may be called by %d, want one", called)
			}
			removes.At("Role").Reads("${" + unconfirmedRole + ".Arn}")
			removes.At("Environment", "Variables", "USER_POOL_ID").Reads(in.Only(userPool).Ref())
			in.roleOf(unconfirmedRole).actsOnUsers()
		},
	},
}

// signUpsAreJudged expects the pool to call the trigger registration before every sign-up, with the clients' parameter.
func (in *Inspection) signUpsAreJudged() {
	registration := in.The(function, "UserPool.RegistrationFunction")
	in.Only(userPool).At("LambdaConfig", "PreSignUp").Reads(registration.Ref("Arn"))
	clients := in.Only(parameter)
	clients.At("Name").Is("/securecart/" + strings.ToLower(in.Config.Name) + "/clients")
	clients.At("Type").Is("String")
	registration.At("Environment", "Variables", "CLIENTS_PARAMETER").Reads(clients.At("Name").Text())
	in.Only(userPool).At("AdminCreateUserConfig", "AllowAdminCreateUserOnly").Is(false) // customers sign up themselves
	for _, p := range in.Every(permission) {
		if p.At("FunctionName").Text() == registration.Ref("Arn") {
			return
		}
	}
	registration.Fail("may be called by nobody: no sign-up would succeed")
}
