package threats

// userPoolMoves are those of HackTricks's page on user pools.
var userPoolMoves = []Attack{
	{
		Name: "enumerate by sign-up", Source: hackUserPools + " (UsernameExistsException)",
		Tries:   "finds customers by the response to SignUp",
		Stopped: "sign-ups are under the strict rate rule; within it the answer can still be had", Threat: "U5",
		vulnerable: signUpKinds.becomes(gone),
	},
	{
		Name: "enumerate by forgotten password", Source: hackUserPools + " (ForgotPassword)",
		Tries:   "finds customers by the responses to ForgotPassword and InitiateAuth",
		Stopped: "the answer is the same for both", Threat: "U4",
		vulnerable: each(client).At("PreventUserExistenceErrors").becomes("LEGACY"),
	},
	{
		Name: "try passwords in bulk", Source: hackUserPools + " (login brute-force)",
		Tries:   "tries many passwords from one address",
		Stopped: "a rate rule blocks the address", Threat: "U22",
		vulnerable: inStack("UserPool", webACL).
			At("Rules", general, "Statement", "RateBasedStatement", "Limit").becomes(1000000.0),
	},
	{
		Name: "write isAdmin", Source: hackUserPools + " (custom attribute privesc)",
		Tries:   "changes a custom attribute by which the app decides",
		Stopped: "no custom attribute grants a permission, and writable attributes are listed", Threat: "U1",
		vulnerable: each(client).At("WriteAttributes").gains("custom:isAdmin"),
	},
	{
		Name: "impersonate by unverified e-mail", Source: hackUserPools + " (email/username modification)",
		Tries:   "sets the victim's e-mail address, which appears in the ID token before it is verified",
		Stopped: "an address counts after its verification, and the customer is the sub", Threat: "U3",
		vulnerable: each(userPool).
			At("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate").becomes([]any{}),
	},
	{
		Name: "sign in by a preferred user name", Source: hackUserPools + " (preferred_username)",
		Tries:   "takes another customer's name, by which app or staff identify customers",
		Stopped: "e-mail is the only user name, and there are no aliases", Threat: "U34",
		vulnerable: each(userPool).At("AliasAttributes").becomes([]any{"preferred_username"}),
	},
	{
		Name: "reset the password by SMS", Source: hackUserPools + " (ConfirmForgotPassword)",
		Tries:   "takes over the phone number, and with it both password and second factor",
		Stopped: "accounts are recovered by e-mail", Threat: "U19",
		vulnerable: each(userPool).At("AccountRecoverySetting", "RecoveryMechanisms").becomes(
			[]any{map[string]any{"Name": "verified_phone_number", "Priority": 1.0}}),
	},
	{
		Name: "ADMIN_USER_PASSWORD_AUTH", Source: hackUserPools,
		Tries:   "signs in as anybody with AWS credentials that were meant for a server",
		Stopped: "no client has the flow", Threat: "U10",
		vulnerable: each(client).At("ExplicitAuthFlows").gains("ALLOW_ADMIN_USER_PASSWORD_AUTH"),
	},
	{
		Name: "USER_PASSWORD_AUTH", Source: hackUserPools,
		Tries:   "sends the password itself, knowing nothing but the client's id",
		Stopped: "no client has the flow", Threat: "U10",
		vulnerable: each(client).At("ExplicitAuthFlows").gains("ALLOW_USER_PASSWORD_AUTH"),
	},
	{
		Name: "CUSTOM_AUTH", Source: hackUserPools,
		Tries:   "goes through triggers that ask for less than a password",
		Stopped: "no client has the flow, and no trigger serves it", Threat: "U10",
		vulnerable: each(client).At("ExplicitAuthFlows").gains("ALLOW_CUSTOM_AUTH"),
	},
	{
		Name: "REFRESH_TOKEN_AUTH", Source: hackUserPools,
		Tries:   "turns one stolen refresh token into access tokens for as long as it lives",
		Stopped: "no client has the flow; where tokens rotate, an old one is invalid a minute later at most", Threat: "U12",
		vulnerable: each(client).At("ExplicitAuthFlows").gains("ALLOW_REFRESH_TOKEN_AUTH"),
	},
	{
		Name: "find the client secret in the source", Source: hackUserPools + " (SECRET_HASH)",
		Tries:   "reads the secret in the front end and acts as the front end",
		Stopped: "clients have no secrets", Threat: "U9",
		vulnerable: each(client).At("GenerateSecret").becomes(true),
	},
	{
		Name: "be remembered", Source: hackUserPools + " (MFA remember device)",
		Tries:   "signs in from the victim's browser, which is asked for no second factor",
		Stopped: "devices are not remembered", Threat: "U18",
		vulnerable: each(userPool).At("DeviceConfiguration").becomes(
			map[string]any{"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false}),
	},
	{
		Name: "stay below what looks risky", Source: hackUserPools + " (advanced security)",
		Tries: "signs in from the victim's city with the victim's kind of browser",
		Stopped: "in Production the risk of sign-ins is rated, and leaked passwords are blocked; a sign-in that looks like " +
			"the victim's still passes", Threat: "U23",
		vulnerable: inProduction(each(userPool).At("UserPoolAddOns", "AdvancedSecurityMode").becomes("OFF")),
	},
	{
		Name: "join a group with a role", Source: hackUserPools + " (user pool groups IAM roles)",
		Tries:   "gets into a group and takes its IAM role",
		Stopped: "there are no groups", Threat: "U32",
		vulnerable: added("UserPool", userGroup,
			map[string]any{"GroupName": "admins", "RoleArn": "arn:aws:iam::111122223333:role/admin"}),
	},
	{
		Name: "update any attribute of oneself", Source: hackUserPrivesc,
		Tries:   "updates writable attributes, with a token that has the scope for it",
		Stopped: "no client may ask for the scope, and the trigger leaves it to Account alone", Threat: "U2",
		vulnerable: each(client).At("AllowedOAuthScopes").gains(selfService),
	},
}

// identityPoolMoves are those of HackTricks's page on identity pools.
var identityPoolMoves = []Attack{
	{
		Name: "know only the identity pool's id", Source: hackIdentityPools + " (unauthenticated)",
		Tries:   "takes guest credentials with an id from the front end's source",
		Stopped: "they are worth two statements", Threat: "I2",
		vulnerable: grantsOf(guestRole).At(all, "Resource").becomes("*"),
	},
	{
		Name: "escape the session policy", Source: hackIdentityPools + " (basic flow)",
		Tries:   "calls AssumeRoleWithWebIdentity itself, so that AWS's scope-down does not apply",
		Stopped: "the classic flow is off", Threat: "I1",
		vulnerable: each(identityPool).At("AllowClassicFlow").becomes(true, gone),
	},
	{
		Name: "sign up for better credentials", Source: hackIdentityPools + " (authenticated)",
		Tries:   "makes an account to get the authenticated role",
		Stopped: "that role allows only the customer's own data", Threat: "I6",
		vulnerable: grantsOf(customerRole).At(bounded, "Resource").becomes("*"),
	},
	{
		Name: "--custom-role-arn", Source: hackIdentityPools,
		Tries:   "asks for a role that some rule or claim would allow",
		Stopped: "no role mappings", Threat: "I10",
		vulnerable: each(roleAttachment).At("RoleMappings").becomes(map[string]any{"web": map[string]any{"Type": "Rules"}}),
	},
	{
		Name: "come in by another provider", Source: hackIdentityPools + " (roles by identity provider)",
		Tries:   "signs in at a provider that the identity pool trusts with a better role",
		Stopped: "one provider, one client", Threat: "I9",
		vulnerable: joined(
			each(identityPool).At("SupportedLoginProviders").becomes(map[string]any{"graph.facebook.com": "1"}),
			each(identityPool).At("OpenIdConnectProviderARNs").becomes([]any{"arn:aws:iam::111122223333:oidc-provider/theirs"}),
		),
	},
	{
		Name: "take a role that trusts any pool", Source: hackIdentityPools + " (assume-role-with-web-identity)",
		Tries:   "uses a token of the attacker's identity pool at a role that does not check the pool",
		Stopped: "each role names this pool and the kind of identity", Threat: "I5",
		vulnerable: trustOf(guestRole, customerRole).At("Condition", "StringEquals").becomes(gone),
	},
}

// gatewayMoves are those of HackTricks's page on API Gateway that concern this API.
var gatewayMoves = []Attack{
	{
		Name: "bypass the body template", Source: hackGateway + " (Content-Type: text/json)",
		Tries:   "sends a content type without template, so that the body reaches the back end unchanged",
		Stopped: "unmatched types are refused", Threat: "A10",
		vulnerable: changing.At("Integration", "PassthroughBehavior").becomes("WHEN_NO_MATCH", gone),
	},
	{
		Name: "reach an API that is not exposed", Source: hackGateway + " (VPC endpoint)",
		Tries:   "comes from a network where the API seems to be trusted",
		Stopped: "the network decides nothing: every route asks for credentials", Threat: "A1",
		vulnerable: working.At("AuthorizationType").becomes("NONE"),
	},
	{
		Name: "use up the quota of a key", Source: hackGateway + " (usage plans DoS)",
		Tries:   "spends a usage plan's calls with a key from the front end",
		Stopped: "there are no keys and no usage plans", Threat: "A20",
		vulnerable: added("Api", "AWS::ApiGateway::UsagePlan", map[string]any{"Quota": map[string]any{"Limit": 1.0}}),
	},
	{
		Name: "have refusals tell secrets", Source: hackGateway + " (UpdateGatewayResponse)",
		Tries:   "puts $context.error.message into the answer to 4xx",
		Stopped: "answers vary by request id only, and no role may change them", Threat: "A9",
		vulnerable: each(gatewayResponse).At("ResponseTemplates", "application/problem+json").becomes(
			`{"message":"$context.error.message"}`),
	},
	{
		Name: "switch on the cache", Source: hackGateway + " (UpdateStage)",
		Tries:   "has answers cached and reads other callers'",
		Stopped: "the stage caches nothing, and no role may change it", Threat: "A14",
		vulnerable: each(apiStage).At("CacheClusterEnabled").becomes(true),
	},
	{
		Name: "switch off logging", Source: hackGateway + " (UpdateRestApi)",
		Tries:   "goes on unseen",
		Stopped: "the stage logs, and no role may change it", Threat: "A12",
		vulnerable: each(apiStage).At("MethodSettings", all, "LoggingLevel").becomes("OFF"),
	},
}
