package threats

// sessions are the threats that outlive a password.
var sessions = []Threat{
	{
		ID:    "U42",
		Title: "Stay signed in after the owner has changed the password or recovered the account",
		Sources: []string{cognitoAPI + "API_AdminUserGlobalSignOut.html", cognitoGuide + "token-revocation.html",
			cognitoGuide + "managed-login-endpoints.html"},
		Closed: "A reset signs out everywhere: refresh tokens end, and at the user pool access tokens, too. The page " +
			"that changes a password does the same. A later sign-in with what was left could browse and no more.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: append([]string{
			"e2e.TestRecoveryEndsEverySession",
		}, registrationTests...),
		Limit: "What Cognito cannot end: the managed-login cookie, for up to an hour; access and ID tokens at API " +
			"Gateway until they expire, 15 to 60 minutes by stage; AWS credentials until they expire, for up to an " +
			"hour. No high-risk scope is among them but that of a step-up of the last five minutes. A change of the " +
			"password signs out only where the front end asks for it, as docs/clients.md does.",
		check: func(in *inspection) {
			pool := in.only(userPool)
			pool.at("LambdaConfig", "PostConfirmation").reads(in.the(function,
				"UserPool.RegistrationFunction").ref("Arn"))
			r := in.roleOf("UserPool.RegistrationRole")
			if _, _, granted := r.grants("cognito-idp:AdminUserGlobalSignOut"); !granted {
				r.fail("may not sign out: sessions would survive a reset")
			}
			for _, c := range in.every(client) {
				c.at("EnableTokenRevocation").is(true)
			}
		},
		weakened: []weakening{
			each(userPool).at("LambdaConfig", "PostConfirmation").becomes(gone),
			grantsOf("UserPool.RegistrationRole").at(having("Sid", "SignOut")).becomes(gone),
			each(client).at("EnableTokenRevocation").becomes(gone, false),
		},
	},
	{
		ID:    "U43",
		Title: "Sign in from a machine of one's own, while threat protection is told nothing about the device",
		Sources: []string{
			cognitoGuide + "cognito-user-pool-settings-adaptive-authentication.html",
			cognitoGuide + "user-pool-settings-viewing-threat-protection-app.html",
		},
		Closed: "Nothing: pages that sign in by the API send device data only with Cognito's own script, and threat " +
			"protection then judges by address alone.",
		Limit: "Managed login sends device data by itself. The front end's own pages, at StepUp and Account, do not: " +
			"their risk is judged by IP address. Neither is what protects a purchase: that is the sealed factor.",
	},
}
