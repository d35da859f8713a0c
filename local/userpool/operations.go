package userpool

// operations are the served operations, each with the members that its request must have.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
var operations = map[string]operation{
	"SignUp":                 public((*Pool).serveSignUp, "ClientId", "Username"),
	"ConfirmSignUp":          public((*Pool).serveConfirmSignUp, "ClientId", "Username", "ConfirmationCode"),
	"ResendConfirmationCode": public((*Pool).serveResendConfirmationCode, "ClientId", "Username"),
	"ForgotPassword":         public((*Pool).serveForgotPassword, "ClientId", "Username"),
	"ConfirmForgotPassword": public((*Pool).serveConfirmForgotPassword, "ClientId", "Username", "ConfirmationCode",
		"Password"),

	"InitiateAuth":              public((*Pool).serveInitiateAuth, "ClientId", "AuthFlow"),
	"RespondToAuthChallenge":    public((*Pool).serveRespondToAuthChallenge, "ClientId", "ChallengeName"),
	"GetTokensFromRefreshToken": public((*Pool).serveGetTokensFromRefreshToken, "ClientId", "RefreshToken"),
	"RevokeToken":               public((*Pool).serveRevokeToken, "ClientId", "Token"),
	"AssociateSoftwareToken":    public((*Pool).serveAssociateSoftwareToken),
	"VerifySoftwareToken":       public((*Pool).serveVerifySoftwareToken, "UserCode"),

	"GetUser":                          byToken((*Pool).serveGetUser),
	"UpdateUserAttributes":             public((*Pool).serveUpdateUserAttributes, "AccessToken", "UserAttributes"),
	"GetUserAttributeVerificationCode": byToken((*Pool).serveGetUserAttributeVerificationCode, "AttributeName"),
	"VerifyUserAttribute":              byToken((*Pool).serveVerifyUserAttribute, "AttributeName", "Code"),
	"ChangePassword":                   byToken((*Pool).serveChangePassword, "ProposedPassword"),
	"SetUserMFAPreference":             byToken((*Pool).serveSetUserMFAPreference),
	"GlobalSignOut":                    byToken((*Pool).serveGlobalSignOut),
	"DeleteUser":                       byToken((*Pool).serveDeleteUser),

	"AdminCreateUser":             onPool((*Pool).serveAdminCreateUser, "Username"),
	"AdminGetUser":                onUser((*Pool).serveAdminGetUser),
	"AdminConfirmSignUp":          onPool((*Pool).serveAdminConfirmSignUp, "Username"),
	"AdminSetUserPassword":        onUser((*Pool).serveAdminSetUserPassword, "Password"),
	"AdminResetUserPassword":      onUser((*Pool).serveAdminResetUserPassword),
	"AdminUpdateUserAttributes":   onPool((*Pool).serveAdminUpdateUserAttributes, "Username", "UserAttributes"),
	"AdminSetUserMFAPreference":   onUser((*Pool).serveAdminSetUserMFAPreference),
	"AdminDeleteSoftwareToken":    onUser((*Pool).serveAdminDeleteSoftwareToken),
	"AdminLinkProviderForUser":    onPool((*Pool).serveAdminLinkProviderForUser, "DestinationUser", "SourceUser"),
	"AdminDisableProviderForUser": onPool((*Pool).serveAdminDisableProviderForUser, "User"),
	"AdminUserGlobalSignOut":      onUser((*Pool).serveAdminUserGlobalSignOut),
	"AdminDisableUser":            onUser((*Pool).serveAdminDisableUser),
	"AdminEnableUser":             onUser((*Pool).serveAdminEnableUser),
	"AdminDeleteUser":             onUser((*Pool).serveAdminDeleteUser),
	"ListUsers":                   onPool((*Pool).serveListUsers),

	"ListUserPools":          signed((*Pool).serveListUserPools, "MaxResults"),
	"ListUserPoolClients":    onPool((*Pool).serveListUserPoolClients),
	"DescribeUserPool":       onPool((*Pool).serveDescribeUserPool),
	"DescribeUserPoolClient": onPool((*Pool).serveDescribeUserPoolClient, "ClientId"),
	"GetUserPoolMfaConfig":   onPool((*Pool).serveGetUserPoolMfaConfig),
}
