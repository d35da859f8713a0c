package threats

// sessions are the threats that outlive a password.
var sessions = []Threat{
	{
		ID:    "U42",
		Title: "Stay signed in after the owner has changed the password or recovered the account",
		Sources: []string{cognitoAPI + "API_AdminUserGlobalSignOut.html", cognitoGuide + "token-revocation.html",
			cognitoGuide + "managed-login-endpoints.html"},
		Closed: "A reset signs out everywhere: refresh tokens end, and at the user pool access tokens, too. A new " +
			"password is a reset on every page of ours. What is left can browse and no more.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: append([]string{
			"test/e2e.TestRecoveryEndsEverySession",
		}, registrationTests...),
		Limit: "What Cognito cannot end: the managed-login cookie, for up to an hour; access and ID tokens at API " +
			"Gateway until they expire, 15 to 60 minutes by stage; AWS credentials until they expire, for up to an " +
			"hour. No high-risk scope is among them but that of a step-up of the last five minutes. ChangePassword, " +
			"which wants an Account token and the old password, ends no session; no page of ours calls it.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			pool.At("LambdaConfig", "PostConfirmation").Reads(in.The(function,
				"UserPool.RegistrationFunction").Ref("Arn"))
			r := in.roleOf(registrationRole)
			if _, _, granted := r.grants("cognito-idp:AdminUserGlobalSignOut"); !granted {
				r.Fail("may not sign out: sessions would survive a reset")
			}
			for _, c := range in.Every(client) {
				c.At("EnableTokenRevocation").Is(true)
			}
		},
	},
	{
		ID:    "U43",
		Title: "Sign in from a machine of one's own, while threat protection is told nothing about the device",
		Sources: []string{
			cognitoGuide + "cognito-user-pool-settings-adaptive-authentication.html",
			cognitoGuide + "user-pool-settings-viewing-threat-protection-app.html",
		},
		Closed: "Managed login tells threat protection of the device by itself. Where the stage has plan Plus an " +
			"output says so, and the front end of docs/clients.md then loads Cognito's script at its own pages.",
		Proofs: []Proof{Templates},
		Limit: "A front end that leaves the script out is judged by IP address at StepUp and Account. One that " +
			"loads it trusts the script's host, for AWS publishes no hash. Neither is what protects a purchase: " +
			"that is the sealed factor.",
		check: func(in *Inspection) {
			plans := map[any]string{"ESSENTIALS": "Essentials", "PLUS": "Plus"}
			tier := in.Only(userPool).At("UserPoolTier").Got
			stack, _ := in.Stack("UserPool")
			if told := stack.Template.Outputs[featurePlan].Value; told == nil || told != plans[tier] {
				in.Fail("UserPool/output "+featurePlan, "is %s for the plan %s", shown(told), shown(tier))
			}
		},
	},
}

// featurePlan is the output of the stack UserPool that tells front ends the feature plan.
const featurePlan = "FeaturePlan"
