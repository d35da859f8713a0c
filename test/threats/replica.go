package threats

// replicas are the threats that a copy of the user pool in a second Region brings.
var replicas = []Threat{
	{
		ID:    "U55",
		Title: "Sign in at the pool's copy in a second Region, and get what the pool refuses, or read the users there",
		Sources: []string{
			"https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-multi-region.html",
			"https://docs.aws.amazon.com/cognito/latest/developerguide/data-protection.html",
		},
		Closed: "The copy is inactive, and so serves no sign-in, until an operator activates it. Its own trigger then " +
			"takes every scope that gives a power from every token, and refuses sign-ups; it looks up nothing that could make " +
			"it give more. Pool and copy are encrypted with one multi-Region key, which is always retained. In the " +
			"copy's Region it admits Cognito for this pool, and the account's callers through Cognito.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/replica.TestNoTokenOfTheCopyHasAPower", "lambda/replica.TestWhatTheCopyLeavesOnlyReads",
			"lambda/replica.TestTheCopyRefusesEverythingElse", "test.TestAReplicaIssuesNothingThatThePoolRefuses",
			"test/access.TestWhoMayDoWhatInAReplica",
		},
		Limit: "Each Region counts wrong passwords by itself, so an active copy doubles the attempts. A customer whom the " +
			"desk disables while the primary Region fails can sign in at the copy. Changes in the second Region, such as its " +
			"activation there, are in CloudTrail and not in the record of changes (U53). That Cognito refuses an " +
			"authenticator's owner at the copy, and asks for a code by SMS, rests on its documentation (docs/aws.md, O27): " +
			"without it a password alone would give a token that reads. Whether the pool takes refresh tokens of the copy is " +
			"not documented (O27): such a session would outlive the copy for Tokens.Refresh, so failing back signs everybody " +
			"out. The key is older than the pool, so in the pool's Region its policy cannot name the pool: it admits Cognito " +
			"for every pool of the account that was made there and for its copy, and every caller of the account " +
			"through Cognito.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			if in.Config.Replica == "" {
				pool.At("KeyConfiguration").Absent()
				pool.At("IssuerConfiguration").Absent()
				return
			}
			key := in.The(kmsKey, usersKey)
			key.At("MultiRegion").Is(true)
			key.outlives()
			pool.At("KeyConfiguration", "KeyType").Is("CUSTOMER_MANAGED_KEY")
			pool.At("KeyConfiguration", "KmsKeyArn").Reads(key.Ref("Arn"))
			// The API's authorizer knows this issuer only.
			pool.At("IssuerConfiguration").Is(map[string]any{"Type": "ORIGINAL"})
		},
	},
}
