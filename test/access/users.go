package access

// onUserPool tries the administration of this user pool and of another:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
func (s *Subject) onUserPool() []Attempt {
	l := list{group: "User pool's administration"}
	l.each("cognito-idp", []target{
		{"this pool", s.UserPool.ARN, nil},
		{"another pool", s.arn("cognito-idp", "userpool/"+anotherPool), nil},
	}, nil, `
		AdminGetUser ListUsers AdminCreateUser AdminDeleteUser AdminSetUserPassword AdminResetUserPassword
		AdminUpdateUserAttributes AdminDeleteUserAttributes AdminConfirmSignUp AdminInitiateAuth
		AdminRespondToAuthChallenge AdminSetUserMFAPreference AdminDeleteSoftwareToken AdminLinkProviderForUser
		AdminDisableProviderForUser AdminUserGlobalSignOut AdminDisableUser AdminEnableUser CreateGroup AdminAddUserToGroup
		ListUsersInGroup DescribeUserPool UpdateUserPool DeleteUserPool SetUserPoolMfaConfig SetRiskConfiguration
		SetLogDeliveryConfiguration ListUserPoolClients DescribeUserPoolClient CreateUserPoolClient UpdateUserPoolClient
		DeleteUserPoolClient DescribeIdentityProvider CreateIdentityProvider UpdateIdentityProvider CreateResourceServer
		UpdateResourceServer`)
	l.on("cognito-idp", "names of pools", "*", "ListUserPools")
	l.on("cognito-idp", "a new pool", "*", "CreateUserPool")
	return l.all
}

// selfService is the scope that operations on the own account require:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
const selfService = "aws.cognito.signin.user.admin"

// byToken tries the operations that an access token allows at the user pool itself.
func (s *Subject) byToken() []Attempt {
	l := list{group: "User pool, on oneself"}
	l.try("cognito-idp", Attempt{On: "own account", Resource: "*", asks: forToken}, `
		GetUser UpdateUserAttributes DeleteUserAttributes GetUserAttributeVerificationCode VerifyUserAttribute
		ChangePassword AssociateSoftwareToken VerifySoftwareToken SetUserMFAPreference GlobalSignOut DeleteUser`)
	return l.all
}

// beforeCredentials tries the operations that a front end calls for a visitor without credentials.
func (s *Subject) beforeCredentials() []Attempt {
	l := list{group: "Signing in"}
	open := func(service, on string, is bool, actions string) {
		l.try(service, Attempt{On: on, Resource: "*", asks: forNothing, open: is}, actions)
	}
	open("cognito-idp", "a new account", !s.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly,
		"SignUp ConfirmSignUp")
	open("cognito-idp", "with a password, which the user pool checks", true, "InitiateAuth RespondToAuthChallenge")
	open("cognito-idp", "with a code, which the user pool sends", true, "ForgotPassword ConfirmForgotPassword")
	open("cognito-identity", "a guest's credentials", s.IdentityPool.AllowUnauthenticatedIdentities,
		"GetId GetCredentialsForIdentity")
	open("cognito-identity", "a role of one's choice (classic flow)", s.IdentityPool.AllowClassicFlow, "GetOpenIdToken")
	return l.all
}

// onIdentityPool tries the administration of this identity pool and of another:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html
func (s *Subject) onIdentityPool() []Attempt {
	l := list{group: "Identity pool's administration"}
	l.each("cognito-identity", []target{
		{"this pool", s.arn("cognito-identity", "identitypool/"+s.IdentityPool.ID), nil},
		{"another pool", s.arn("cognito-identity", "identitypool/"+anotherIdentity), nil},
	}, nil, `
		DescribeIdentityPool GetIdentityPoolRoles ListIdentities LookupDeveloperIdentity MergeDeveloperIdentities
		GetOpenIdTokenForDeveloperIdentity SetIdentityPoolRoles SetPrincipalTagAttributeMap UpdateIdentityPool
		DeleteIdentityPool`)
	l.on("cognito-identity", "identities of any pool", "*", "DeleteIdentities CreateIdentityPool")
	return l.all
}
