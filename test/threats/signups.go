package threats

// The function that removes accounts which were never confirmed, and its role.
const (
	unconfirmedFunction = "UserPool.UnconfirmedFunction"
	unconfirmedRole     = "UserPool.UnconfirmedRole"
)

// registrationRole is that of the trigger that decides who may sign up, and records proofs.
const registrationRole = "UserPool.RegistrationRole"

// signUps are the threats around accounts that are new, or never come to be.
var signUps = []Threat{
	{
		ID:    "U40",
		Title: "Have codes sent to any number: by a sign-up that names it, or as the factor of an account of one's own",
		Sources: []string{"found by attacking the local stage, ten messages from one account",
			cognitoGuide + "user-pool-settings-mfa-sms-text-message.html"},
		Closed: "No sign-up may carry a number. Account alone writes one, with a mailbox just proven, and it counts " +
			"only after a code; operations that send one are under the strict rate rule. Staging and Production " +
			"offer TOTP only.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"test/threats.TestOnlyDevelopmentSendsSMS", "lambda/registration.TestSignUpPassesExactlyWithAnAddressAtWeb",
			"lambda/registration.TestSignUpThatNoPageAsksForIsRefused",
			"test/e2e.TestNoSignUpCarriesANumberOrComesFromAnotherClient", "test/e2e.TestANumberCountsOnlyOnceItsCodeWasEntered",
		},
		Limit: "In development, which offers SMS, every account can have codes sent to one number that it has " +
			"verified.",
		check: func(in *inspection) {
			pool := in.only(userPool)
			in.signUpsAreJudged()
			in.poolFirewall().limitsSignUps("signup", "updateuserattributes", "getuserattributeverificationcode")
			for _, c := range in.every(client) {
				c.at("WriteAttributes").lists(writable[c.name()]...)
			}
			if pool.at("EnabledMfas").contains("SMS_MFA") {
				pool.at("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").lists("email",
					"phone_number")
				return
			}
			pool.at("SmsConfiguration").absent()
			pool.at("AutoVerifiedAttributes").lists("email")
		},
		weakened: []weakening{
			each(userPool).at("LambdaConfig", "PreSignUp").becomes(gone, "${UserPool.TokensFunction.Arn}"),
			those(client,
				func(r resource) bool { return r.name() != accountClient }).at("WriteAttributes").gains("phone_number"),
			each(client).at("WriteAttributes").becomes(gone),
			signUpRule,
			sendsSMS.at("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").becomes(gone,
				[]any{}, []any{"email"}),
			sendsNone.at("EnabledMfas").gains("SMS_MFA"),
			sendsNone.at("SmsConfiguration", "SnsCallerArn").becomes("arn:aws:iam::111122223333:role/sms"),
			sendsNone.at("AutoVerifiedAttributes").gains("phone_number"),
		},
	},
	{
		ID:      "U48",
		Title:   "Sign up on the id of StepUp or Account, or with attributes that no page asks for",
		Sources: []string{cognitoAPI + "API_SignUp.html", cognitoGuide + "user-pool-lambda-pre-sign-up.html"},
		Closed: "Before every sign-up the pool asks the trigger registration, which lets Web pass with an address " +
			"and nothing else, and confirms and verifies nobody by itself.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/registration.TestSignUpWithAnAddressAtWebPassesAsItCame",
			"lambda/registration.TestSignUpThatNoPageAsksForIsRefused",
			"lambda/registration.TestSignUpsThatAreNotByCustomersPassUnchanged",
			"lambda/registration.TestEventBeforeSignUpThatIsNotAsDocumentedIsRefused",
			"test/e2e.TestNoSignUpCarriesANumberOrComesFromAnotherClient",
		},
		check: func(in *inspection) { in.signUpsAreJudged() },
		weakened: []weakening{
			each(userPool).at("LambdaConfig", "PreSignUp").becomes(gone, "${UserPool.TokensFunction.Arn}",
				"arn:aws:lambda:eu-central-1:999999999999:function:theirs"),
			each(userPool).at("LambdaConfig").becomes(gone),
			one(function, "UserPool.RegistrationFunction").at("Environment", "Variables",
				"CLIENTS_PARAMETER").becomes(gone, "/securecart/another/clients"),
			one(permission, "UserPool.UsersInvokeRegistrationTrigger").removed(),
		},
	},
	{
		ID:    "U50",
		Title: "Have the removal of unconfirmed accounts remove a customer, or call it at will",
		Sources: []string{"read in the new design",
			"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"},
		Closed: "One rule calls the function, once an hour, with nothing to say. It removes what is still " +
			"UNCONFIRMED after two days, disabled and read again; its role may do no more to users than that, and " +
			"records its removals in one item.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/unconfirmed.TestOnlyStaleUnconfirmedEnabledAccountsAreRemoved",
			"lambda/unconfirmed.TestStopBetweenAnyTwoStepsLocksNobodyOut",
			"lambda/unconfirmed.TestCustomerWhoConfirmsIsNeverRemovedAndEndsEnabled",
			"lambda/unconfirmed.TestCustomerWhoConfirmsWhileDisabledIsLostBetweenReadAndDeletionOnly",
			"lambda/unconfirmed.TestOneRunWorksAtATime",
		},
		Limit: "Should Cognito let a disabled account be confirmed, a customer who confirms after two days, " +
			"between the last look and the deletion, has to sign up again. Foreign code in that function could " +
			"delete any user, and AWS keeps no copy of a user pool.",
		check: func(in *inspection) {
			rule, removes := in.only(eventRule), in.the(function, unconfirmedFunction)
			rule.at("ScheduleExpression").is("rate(1 hour)")
			rule.at("State").is("ENABLED")
			if n := len(rule.at("Targets").each()); n != 1 {
				rule.at("Targets").fail("are %d, want one", n)
			}
			rule.at("Targets", 0, "Arn").reads(removes.ref("Arn"))
			called := 0
			for _, p := range in.every(permission) {
				if p.at("FunctionName").text() == removes.ref("Arn") {
					called++
					p.at("Principal").is("events.amazonaws.com")
					p.at("SourceArn").reads(rule.ref("Arn"))
				}
			}
			if called != 1 {
				removes.fail("may be called by %d, want one", called)
			}
			removes.at("Role").reads("${" + unconfirmedRole + ".Arn}")
			removes.at("Environment", "Variables", "USER_POOL_ID").reads(in.only(userPool).ref())
			in.roleOf(unconfirmedRole).may(in.grants()[unconfirmedRole]...)
		},
		weakened: []weakening{
			each(eventRule).removed(), each(eventRule).repeated("", nil),
			each(eventRule).at("ScheduleExpression").becomes(gone, "rate(1 minute)", "cron(0 0 1 1 ? 2030)"),
			each(eventRule).at("EventPattern").becomes(map[string]any{"source": []any{"theirs"}}),
			each(eventRule).at("State").becomes(gone, "DISABLED"),
			each(eventRule).at("Targets").gains(map[string]any{"Id": "Another",
				"Arn": "arn:aws:lambda:eu-central-1:999999999999:function:theirs"}),
			each(eventRule).at("Targets", 0, "Arn").becomes("arn:aws:lambda:eu-central-1:999999999999:function:theirs",
				"${Api.OrdersFunction.Arn}"),
			each(eventRule).at("Targets", 0, "Input").becomes(`{"username":"victim"}`),
			each(eventRule).at("Targets", 0, "RoleArn").becomes("arn:aws:iam::111122223333:role/admin"),
			scheduleCalls.at("SourceArn").becomes(gone,
				"*"), scheduleCalls.removed(), scheduleCalls.repeated(" for another rule", nil),
			one(iamRole, unconfirmedRole).allowing("*", "cognito-idp:AdminDeleteUser", "cognito-idp:*",
				"dynamodb:DeleteItem"),
			one(iamRole, unconfirmedRole).allowing("${UserPool.UsersPool.Arn}", "cognito-idp:AdminSetUserPassword",
				"cognito-idp:AdminConfirmSignUp"),
			grantsOf(unconfirmedRole).at(bounded, "Resource").becomes("*"),
			one(function, unconfirmedFunction).at("Environment", "Variables", "USER_POOL_ID").becomes(gone,
				"eu-central-1_another"),
		},
	},
}

// signUpsAreJudged expects the pool to ask the trigger registration before every sign-up, which knows the clients.
func (in *inspection) signUpsAreJudged() {
	registration := in.the(function, "UserPool.RegistrationFunction")
	in.only(userPool).at("LambdaConfig", "PreSignUp").reads(registration.ref("Arn"))
	registration.at("Environment", "Variables", "CLIENTS_PARAMETER").reads(in.only(parameter).at("Name").text())
	for _, p := range in.every(permission) {
		if p.at("FunctionName").text() == registration.ref("Arn") {
			return
		}
	}
	registration.fail("may be called by nobody: no sign-up would succeed")
}
