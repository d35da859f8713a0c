package threats

// sessions are the threats by sessions that outlive a password.
var sessions = []Threat{
	{
		ID:    "U42",
		Title: "Stay signed in after the owner has changed the password or recovered the account",
		Sources: []string{cognitoAPI + "API_AdminUserGlobalSignOut.html", cognitoGuide + "token-revocation.html",
			cognitoGuide + "managed-login-endpoints.html"},
		Closed: "A reset signs out everywhere: refresh tokens end, and at the user pool access tokens, too. Every page of " +
			"the shop changes a password by a reset. Remaining tokens can only browse.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: append([]string{
			"test/e2e.TestRecoveryEndsEverySession",
		}, registrationTests...),
		Limit: "Cognito cannot end the managed-login cookie, for up to an hour; access and ID tokens at API Gateway, for " +
			"15 to 60 minutes by stage; AWS credentials, for up to an hour. Of these only a step-up of the last five minutes " +
			"has high-risk scopes. ChangePassword, which requires an Account token and the old password, ends no session; no " +
			"page of the shop calls it.",
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
		Title: "Sign in from another machine, while threat protection has no data about the device",
		Sources: []string{
			cognitoGuide + "cognito-user-pool-settings-adaptive-authentication.html",
			cognitoGuide + "user-pool-settings-viewing-threat-protection-app.html",
		},
		Closed: "Managed login sends device data to threat protection by itself. An output says whether the stage has plan " +
			"Plus; the front end of docs/clients.md then loads Cognito's script on its own pages.",
		Proofs: []Proof{Templates},
		Limit: "Without the script, threat protection judges sign-ins at StepUp and Account by IP address. With it, the " +
			"front end trusts the script's host, because AWS publishes no hash. Purchases do not depend on either: the sealed " +
			"factor protects them.",
		check: func(in *Inspection) {
			plans := map[any]string{"ESSENTIALS": "Essentials", "PLUS": "Plus"}
			tier := in.Only(userPool).At("UserPoolTier").Got
			stack, _ := in.Stack("UserPool")
			if told := stack.Template.Outputs[featurePlan].Value; told == nil || told != plans[tier] {
				in.Fail("UserPool/output "+featurePlan, "is %s for the plan %s", shown{told}, shown{tier})
			}
		},
	},
}

// featurePlan is the output of the stack UserPool that tells front ends the feature plan.
const featurePlan = "FeaturePlan"
