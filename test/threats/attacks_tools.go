package threats

// cloudGoatMoves are the exploitation route of CloudGoat's scenario, and further weaknesses of its Terraform.
var cloudGoatMoves = []Attack{
	{
		Name: "sign up with an attribute of one's own choice", Source: cloudGoat + "cheat_sheet.md, terraform/cognito.tf",
		Tries: "calls SignUp with attributes that the page does not offer; custom:access is in the client's " +
			"write_attributes",
		Stopped: "the clients may write a few standard attributes", Threat: "U1",
		vulnerable: one(client, webClient).At("WriteAttributes").gains("custom:access"),
	},
	{
		Name: "make oneself admin", Source: cloudGoat + "cheat_sheet.md",
		Tries:   "calls UpdateUserAttributes custom:access=admin with the access token of its own sign-in",
		Stopped: "tokens of sign-ins lack aws.cognito.signin.user.admin, without which Cognito refuses the call",
		Threat:  "U2",
		vulnerable: joined(
			each(userPool).At("LambdaConfig").becomes(gone),
			one(client, webClient).At("AllowedOAuthScopes").gains(selfService),
		),
	},
	{
		Name: "read one's hidden attributes", Source: cloudGoat + "cheat_sheet.md",
		Tries:   "calls GetUser with the access token and looks for attributes that decide something",
		Stopped: "the one custom attribute is an address, and gives no permission", Threat: "U1",
		vulnerable: each(userPool).At("Schema").gains(
			map[string]any{"Name": "access", "AttributeDataType": "String", "Mutable": true}),
	},
	{
		Name: "take the role that may do everything", Source: cloudGoat + "terraform/cognito.tf (aws_iam_role.authenticated)",
		Tries:   "exchanges the ID token for credentials with s3:*, cognito-identity:* and lambda:* on *",
		Stopped: "the customers' role holds listed statements on one's own data only", Threat: "I6",
		vulnerable: one(iamRole, customerRole).allowing("*", "s3:*", "cognitoidp:*", "cognito-identity:*", "lambda:*"),
	},
	{
		Name: "take the classic flow", Source: cloudGoat + "terraform/cognito.tf (allow_classic_flow = true)",
		Tries:   "calls GetOpenIdToken and AssumeRoleWithWebIdentity with a role of its choice",
		Stopped: "the classic flow is off", Threat: "I1",
		vulnerable: each(identityPool).At("AllowClassicFlow").becomes(true),
	},
	{
		Name:   "exchange a token past its user's end",
		Source: cloudGoat + "terraform/cognito.tf (server_side_token_check = false)",
		Tries:  "keeps an ID token past a global sign-out, or past the account's deletion, and exchanges it",
		Stopped: "the identity pool asks the user pool, and refuses users signed out globally or deleted; no others " +
			"are documented", Threat: "I8",
		vulnerable: each(identityPool).At("CognitoIdentityProviders", all, "ServerSideTokenCheck").becomes(false),
	},
	{
		Name: "use the trigger's role", Source: cloudGoat + "terraform/lambda.tf (aws_iam_policy.cognito-policy)",
		Tries:   "makes the trigger, whose role has cognito-idp:* on *, act on any user of any pool",
		Stopped: "the triggers' roles may do listed actions on this pool", Threat: "U29",
		vulnerable: one(iamRole, "UserPool.TokensRole").allowing("*", "cognito-idp:*"),
	},
	{
		Name:    "call the trigger from another pool",
		Source:  cloudGoat + "terraform/lambda.tf (aws_lambda_permission without source_arn)",
		Tries:   "names the function as trigger of a pool of its own",
		Stopped: "the permissions name this pool", Threat: "U29",
		vulnerable: triggerCalls.At("SourceArn").becomes(gone),
	},
	{
		Name: "be put into a group after confirmation", Source: cloudGoat + "terraform/cognito.tf (post_confirmation)",
		Tries:   "confirms an account of its own, and lets the trigger do the rest",
		Stopped: "the trigger after confirmation records a proof, and there are no groups", Threat: "U24",
		vulnerable: each(userPool).At("LambdaConfig", "PostConfirmation").becomes(
			"arn:aws:lambda:eu-central-1:111122223333:function:confirmed"),
	},
	{
		Name:    "try leaked passwords in clear",
		Source:  cloudGoat + "terraform/cognito.tf (ALLOW_USER_PASSWORD_AUTH, ALLOW_CUSTOM_AUTH)",
		Tries:   "calls InitiateAuth with USER_PASSWORD_AUTH, which any list of passwords fits",
		Stopped: "SRP is the only flow of the API's sign-in", Threat: "U10",
		vulnerable: one(client, webClient).At("ExplicitAuthFlows").gains("ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH"),
	},
	{
		Name: "guess a short password", Source: cloudGoat + "terraform/cognito.tf (minimum_length = 8)",
		Tries:   "guesses passwords of eight characters",
		Stopped: "passwords have twelve and more", Threat: "U15",
		vulnerable: each(userPool).At("Policies", "PasswordPolicy", "MinimumLength").becomes(8.0),
	},
	{
		Name: "need no second factor", Source: cloudGoat + "terraform/cognito.tf (mfa_configuration = OFF)",
		Tries:   "signs in with a password and may do everything",
		Stopped: "a second factor is offered, and high-risk routes ask for a sealed one", Threat: "U16",
		vulnerable: each(userPool).At("MfaConfiguration").becomes("OFF"),
	},
	{
		Name:    "keep a refresh token for thirty days",
		Source:  cloudGoat + "terraform/cognito.tf (refresh_token_validity = 30 days)",
		Tries:   "steals a refresh token and uses it for a month",
		Stopped: "refresh tokens live a day, in development a week", Threat: "U11",
		vulnerable: one(client, webClient).At("RefreshTokenValidity").becomes(43200.0),
	},
	{
		Name: "own the callback URL", Source: cloudGoat + "terraform/cognito.tf (callback_urls = https://example.com/)",
		Tries:   "has codes sent to a host that the shop does not own",
		Stopped: "callbacks are exactly the front end's own", Threat: "U7",
		vulnerable: joined(
			one(client, webClient).At("CallbackURLs").becomes([]any{"https://example.com/"}, []any{"https://attacker.test/in"}),
			one(client, webClient).At("CallbackURLs").gains("https://attacker.test/in"),
		),
	},
	{
		Name: "read the bucket through the API", Source: cloudGoat + "terraform/apig.tf (authorization = NONE)",
		Tries:   "calls a method without authorization",
		Stopped: "every method that reaches anything asks for credentials", Threat: "A1",
		vulnerable: working.At("AuthorizationType").becomes("NONE"),
	},
	{
		Name: "walk through folders and items", Source: cloudGoat + "terraform/apig.tf ({folder}/{item})",
		Tries:   "puts ids of other customers' data into path parameters",
		Stopped: "no path has parameters", Threat: "A6",
		vulnerable: each(apiResource).At("PathPart").becomes("{item}"),
	},
	{
		Name: "pass through unmatched", Source: cloudGoat + "terraform/apig.tf (passthrough_behavior = WHEN_NO_MATCH)",
		Tries:   "sends a content type for which there is no template",
		Stopped: "requests without a matching template are refused", Threat: "A10",
		vulnerable: each(method).At("Integration", "PassthroughBehavior").becomes("WHEN_NO_MATCH"),
	},
	{
		Name: "be let in by the API's policy", Source: cloudGoat + "terraform/apig.tf (aws_api_gateway_rest_api_policy)",
		Tries:   "calls the API as anybody, which its resource policy allows",
		Stopped: "the API has no resource policy", Threat: "A15",
		vulnerable: each(restAPI).At("Policy").becomes(
			map[string]any{"Statement": []any{openStatement("execute-api:Invoke")}}),
	},
	{
		Name: "read whole buckets with the API's role", Source: cloudGoat + "terraform/apig.tf (s3:Get* on the bucket)",
		Tries:   "has an integration read any object of a bucket",
		Stopped: "no role has an action with a wildcard", Threat: "A19",
		vulnerable: one(iamRole, "Api.CatalogRole").allowing("arn:aws:s3:::documents/*", "s3:Get*"),
	},
}

// pacuMoves are what cognito__attack does, in its order.
var pacuMoves = []Attack{
	{
		Name: "collect guest credentials", Source: pacuAttack + " (get_id, get_credentials_for_identity without logins)",
		Tries:   "gets guest credentials from the identity pool, and tries them",
		Stopped: "a guest's role lists products and reads their pictures", Threat: "I2",
		vulnerable: one(iamRole, guestRole).allowing("*", "s3:ListAllMyBuckets", "dynamodb:Query", "cognito-idp:ListUsers"),
	},
	{
		Name: "list the pool's clients and try each", Source: pacuAttack + " (list_user_pool_clients)",
		Tries:   "signs up and in with every client that it finds",
		Stopped: "there are two clients, both listed", Threat: "U33",
		vulnerable: added("UserPool", client,
			map[string]any{"ClientName": "forgotten", "UserPoolId": map[string]any{"Ref": "UsersPoolDA88963B"}}),
	},
	{
		Name: "sign up with attributes from the command line", Source: pacuAttack + " (sign_up, --user_attributes)",
		Tries:   "passes custom:access=admin to SignUp",
		Stopped: "the clients may write a few standard attributes", Threat: "U1",
		vulnerable: each(client).At("WriteAttributes").becomes(gone),
	},
	{
		Name: "enrol a factor of one's own", Source: pacuAttack + " (MFA_SETUP, associate_software_token)",
		Tries:   "answers MFA_SETUP with the attacker's authenticator and continues as if it had always been enrolled",
		Stopped: "only factors that the pool asks for count, when active and preferred", Threat: "U17",
		vulnerable: one(function, "UserPool.TokensFunction").
			At("Environment", "Variables", "SECOND_FACTORS").becomes("TOTP,SMS,EmailCode"),
	},
	{
		Name:    "change one's attributes and look again",
		Source:  pacuAttack + " (get_custom_attributes, update_user_attributes)",
		Tries:   "updates attributes with the access token, then signs in again for a better token",
		Stopped: "the token lacks the scope for it", Threat: "U2",
		vulnerable: each(userPool).At("LambdaConfig", "PreTokenGenerationConfig", "LambdaVersion").becomes("V1_0"),
	},
	{
		Name: "take another's e-mail in other capitals", Source: pacuAttack + " (attribute_value.swapcase)",
		Tries:   "sets its e-mail to the victim's with letter case swapped",
		Stopped: "capitals make no difference, and an address counts after its verification", Threat: "U3",
		vulnerable: joined(
			each(userPool).At("UsernameConfiguration", "CaseSensitive").becomes(true),
			each(userPool).At("UserAttributeUpdateSettings").becomes(gone),
		),
	},
	{
		Name: "assume the roles that the ID token names", Source: pacuAttack + " (get_assumable_roles, prompt_assume_roles)",
		Tries:   "asks for credentials with CustomRoleArn for each role in cognito:roles",
		Stopped: "the identity pool maps no roles, and there are no groups to carry any", Threat: "I10",
		vulnerable: joined(
			each(roleAttachment).At("RoleMappings").becomes(
				map[string]any{"web": map[string]any{"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}}),
			added("UserPool", userGroup,
				map[string]any{"GroupName": "staff", "RoleArn": "arn:aws:iam::111122223333:role/staff"}),
		),
	},
	{
		Name: "exchange the ID token and try the credentials", Source: pacuAttack + " (get_identity_credentials)",
		Tries:   "exchanges the token of a sign-in without second factor, and writes",
		Stopped: "the customers' role writes to no table and calls no route that changes something", Threat: "I4",
		vulnerable: one(iamRole, customerRole).allowing("*", "dynamodb:PutItem"),
	},
}

// scannerMoves are the commands of cognito-scanner.
var scannerMoves = []Attack{
	{
		Name: "account-creation", Source: cognitoScanner + " (account_creation)",
		Tries:   "signs up unwanted accounts; sign-up is open, so it succeeds with the rights of every customer",
		Stopped: "one address can make few of them", Threat: "U22",
		vulnerable: inStack("UserPool", aclAssociation).removed(),
	},
	{
		Name: "confirm-sign-up", Source: cognitoScanner + " (confirm_sign_up)",
		Tries:   "confirms accounts with guessed codes",
		Stopped: "confirmations are under the strict rate rule", Threat: "U5",
		vulnerable: strictRule.becomes(gone),
	},
	{
		Name: "account-oracle", Source: cognitoScanner + " (account_oracle, five threads)",
		Tries:   "signs up a list of names and keeps those that exist already",
		Stopped: "sign-ups are under the strict rate rule; within it the answer can still be had", Threat: "U5",
		vulnerable: strictRule.At("Statement", "RateBasedStatement", "Limit").becomes(1000000.0),
	},
	{
		Name: "get-identity-pool-keys", Source: cognitoScanner + " (get_identity_pool_keys)",
		Tries:   "signs in with SRP, exchanges the ID token and prints the AWS keys",
		Stopped: "the keys open the customer's own files and rows only", Threat: "I6",
		vulnerable: each(principalTag).At("PrincipalTags", "customer").becomes("email"),
	},
}
