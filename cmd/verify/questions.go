package main

import "slices"

// probes are the open questions of docs/aws.md, in the order of their rows.
func probes() []probe { return slices.Concat(asked(), looked(), lookedAtTheReplica()) }

// asked are the questions that a program can ask.
func asked() []probe {
	return []probe{
		{"O1", "what does AdminDeleteSoftwareToken answer for a user without an authenticator?", removesNothing},
		{"O2", "what does switching a factor off answer for a user without it?", switchesNothingOff},
		{"O3", "is a customer whose authenticator was removed still asked for it?", removesTheFactor},
		{"O4", "does AdminSetUserMFAPreference off end the challenge?", keepsThePreference},
		{"O5", "does a new secret that was never verified replace the old one?", replacesSilently},
		{"O6", "does a factor that was set up inside a sign-in show before it is preferred?", showsTheFactor},
		{"O7", "does the name that answered the password answer the code?", namesTheUser},
		{"O8", "does ClientMetadata of the last answer before the tokens reach the token trigger?", reachesTheTrigger},
		{"O9", "do access tokens carry acr?", namesItsFactor},
		{"O10", "how fast is a revoked token of the Account client refused?", refusesRevoked},
		{"O11", "can a sign-in that was begun before a reset be finished after it?", survivesReset},
		{"O12", "can a disabled account that was never confirmed be confirmed?", confirmsDisabled},
		{"O13", "does a native account with a linked identity keep status, password and recovery?", keepsLinked},
		{"O14", "can an identity be linked right after its profile was deleted?", linksAfterDeletion},
		{"O15", "do the session policies of guests add up?", letsGuestsBrowse},
		{"O16", "is a request without a projection refused by a condition on dynamodb:Attributes?", hidesAttributes},
		{"O17", "with which status is a missing scope refused?", refusesScopes},
		{"O18", "are API Gateway's own answers problems, whatever a client accepts?", refusesAsProblems},
		{"O19", "is dynamic client registration off?", registersNoClient},
	}
}

// looked are the questions that a person looks at.
func looked() []probe {
	return []probe{
		{
			"O20",
			"does CloudTrail record ClientMetadata?",
			looksByHand(
				"a quarter of an hour after this run: aws cloudtrail lookup-events --lookup-attributes " +
					"AttributeKey=EventName,AttributeValue=RespondToAuthChallenge; " +
					"look for proof_verifier in requestParameters: it must not be there in clear",
			),
		},
		{
			"O21",
			"what is auth_time of a sign-in by the cookie of managed login?",
			looksByHand(
				"sign in at managed login, wait 6 minutes, open /oauth2/authorize again and decode auth_time of the new token: " +
					"the first sign-in's time means that POST /link-offers asks such customers to sign in once more; " +
					"the later time weakens it",
			),
		},
		{"O22", "is MFA_SETUP asked for when the only factor is of a kind that the pool no longer offers?", looksByHand(
			"in a stage that nobody uses: enrol SMS, deploy SecondFactors: {TOTP} and MFA: Required, sign in")},
		{
			"O23",
			"does an alarm reach its subscribers through the encrypted topic?",
			looksByHand(
				"aws cloudwatch set-alarm-state --alarm-name SecureCart-<Stage>-TokensErrors " +
					"--state-value ALARM --state-reason test; a mail must come within minutes",
			),
		},
		{
			"O24",
			"which paths of managed login does the web ACL see?",
			looksByHand(
				"sign in and sign up at managed login, then look at " +
					"the sampled requests of the web ACL SecureCart-<Stage>-UserPool in the console: " +
					"the paths that the rule on sign-ups counts must be among them",
			),
		},
		{
			"O25",
			"does a sign-in at a second user pool come back, connect, and come back as the same account?",
			looksByHand(
				"name a second user pool as OIDC provider of the stage as docs/providers.md says, and run " +
					"make e2e STAGE=<Stage>: TestFederationBySecondUserPool must pass",
			),
		},
		{
			"O26",
			"does the attribute identities have a subject's capital letters?",
			looksByHand(
				"sign in with a provider whose subjects have capital letters, and compare userId of identities, as " +
					"aws cognito-idp admin-get-user shows it, with the provider's subject: a lower-case one connects nobody",
			),
		},
	}
}

// lookedAtTheReplica are the questions about a replica, which only a stage without customers may answer.
func lookedAtTheReplica() []probe {
	return []probe{
		{
			"O27",
			"does an active copy of the pool ask for the second factor as the pool does, and do its sessions end with it?",
			looksByHand(
				"in a stage with Replica and without customers: activate the copy as docs/operations.md says, and sign in " +
					"there with an authenticator (it must be refused) and with SMS (the code must be asked for). " +
					"Fail back, and use the refresh token at the pool, before and after admin-user-global-sign-out: " +
					"after it the token must be refused",
			),
		},
		{
			"O28",
			"is a pool with the original issuer copied, and does the API take the tokens of its copy?",
			looksByHand(
				"make replica must succeed. With a token of the sign-in for O27 at the client Web: decode iss and kid, " +
					"look for kid in <iss>/.well-known/jwks.json, and call GET /orders; " +
					"200 and 401 are both safe, and no order may be placed with it",
			),
		},
		{
			"O29",
			"does a custom domain move to the copy by an operator's health check?",
			looksByHand(
				"with Domain.Custom, fail over as docs/operations.md says: managed login must answer from the copy. " +
					"Also run update-user-pool-domain with --region of the copy, and note whether it is refused",
			),
		},
		{
			"O30",
			"is the stack Replica deleted after Copy?",
			looksByHand("turn the replica off as docs/operations.md says: all three stacks must be deleted"),
		},
	}
}
