package threats

// privilegeMoves are those of HackTricks's pages on escalation and persistence: what an attacker could do with each
// permission. A handler's role represents any stolen role.
var privilegeMoves = []Attack{
	byPermission("choose the roles of the identity pool", "I11", "gives guests any role",
		"cognito-identity:SetIdentityPoolRoles", "iam:PassRole"),
	byPermission("put another user pool behind the identity pool", "I11", "signs in at a pool of its own",
		"cognito-identity:UpdateIdentityPool"),
	byPermission("read what Cognito Sync keeps", "I11", "reads identities' data sets", "cognito-sync:*"),
	byPermission("join a group", "U32", "adds its user to a group with better rights", "cognito-idp:AdminAddUserToGroup"),
	byPermission("make a group with a role", "U32", "makes a group that carries any role, and joins",
		"cognito-idp:CreateGroup", "cognito-idp:UpdateGroup"),
	byPermission("confirm any sign-up", "U32", "makes accounts with addresses of others",
		"cognito-idp:AdminConfirmSignUp"),
	byPermission("create users", "U32", "makes users where nobody may sign up", "cognito-idp:AdminCreateUser"),
	byPermission("enable a user", "U32", "brings back a user that was locked", "cognito-idp:AdminEnableUser"),
	byPermission("sign in for others", "U32", "signs in by the server's flow",
		"cognito-idp:AdminInitiateAuth", "cognito-idp:AdminRespondToAuthChallenge"),
	byPermission("set a password", "U32", "takes over any account",
		"cognito-idp:AdminSetUserPassword", "cognito-idp:AdminResetUserPassword"),
	byPermission("take away the second factor", "U32", "changes a user's factor or the pool's",
		"cognito-idp:AdminSetUserSettings", "cognito-idp:AdminSetUserMFAPreference",
		"cognito-idp:SetUserPoolMfaConfig", "cognito-idp:UpdateUserPool"),
	byPermission("change anybody's attributes", "U32", "sets custom:role=admin, or email_verified",
		"cognito-idp:AdminUpdateUserAttributes"),
	byPermission("make a weaker client", "U32", "signs in through a client of its own making",
		"cognito-idp:CreateUserPoolClient", "cognito-idp:UpdateUserPoolClient"),
	byPermission("import users", "U32", "uploads a list of users",
		"cognito-idp:CreateUserImportJob", "cognito-idp:StartUserImportJob"),
	byPermission("make an identity provider", "U32", "signs in through a provider of its own",
		"cognito-idp:CreateIdentityProvider", "cognito-idp:UpdateIdentityProvider"),
	byPermission("calm threat protection down", "U32", "sets every reaction to NO_ACTION",
		"cognito-idp:SetRiskConfiguration"),
	{
		Name: "leave a client behind", Source: hackPersistence + " (CreateUserPoolClient, ten years of refresh)",
		Tries:   "comes back through a client with USER_PASSWORD_AUTH, 3650 days and no revocation",
		Stopped: "the clients of the templates are listed; one made by hand shows in CloudTrail", Threat: "U33",
		vulnerable: added("IdentityProviders", client, map[string]any{
			"ClientName": "support-legacy", "ExplicitAuthFlows": []any{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
			"RefreshTokenValidity": 3650.0, "EnableTokenRevocation": false,
		}),
	},
	{
		Name: "switch off the reaction to leaked passwords", Source: hackPersistence + " (SetRiskConfiguration)",
		Tries:   "makes leaked passwords detected but allowed",
		Stopped: "in Production leaked passwords are blocked for every client", Threat: "U23",
		vulnerable: inProduction(each(riskSettings).
			At("CompromisedCredentialsRiskConfiguration", "Actions", "EventAction").becomes("NO_ACTION")),
	},
	{
		Name: "trust a pool of one's own", Source: hackPersistence + " (user pool in the identity pool)",
		Tries:   "adds the attacker's user pool to the identity pool",
		Stopped: "one provider, one client", Threat: "I9",
		vulnerable: each(identityPool).At("CognitoIdentityProviders").gains(map[string]any{
			"ClientId":             "theirs",
			"ProviderName":         "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_theirs",
			"ServerSideTokenCheck": true,
		}),
	},
}

// byPermission is a move that needs permissions which no role has.
func byPermission(name, threat, tries string, actions ...string) Attack {
	return Attack{
		Name: name, Source: hackPrivesc + " (" + actions[0] + ")", Tries: tries + ", with " + actions[0],
		Stopped: "no role may do it", Threat: threat,
		vulnerable: one(iamRole, "Api.CustomersRole").allowing("*", actions...),
	}
}
