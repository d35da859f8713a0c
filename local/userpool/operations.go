package userpool

// operations are those that are served, each with the members that its request must have.
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

	"GetUser":              public((*Pool).serveGetUser, "AccessToken"),
	"UpdateUserAttributes": public((*Pool).serveUpdateUserAttributes, "AccessToken", "UserAttributes"),
	"GetUserAttributeVerificationCode": public((*Pool).serveGetUserAttributeVerificationCode, "AccessToken",
		"AttributeName"),
	"VerifyUserAttribute":  public((*Pool).serveVerifyUserAttribute, "AccessToken", "AttributeName", "Code"),
	"ChangePassword":       public((*Pool).serveChangePassword, "AccessToken", "ProposedPassword"),
	"SetUserMFAPreference": public((*Pool).serveSetUserMFAPreference, "AccessToken"),
	"GlobalSignOut":        public((*Pool).serveGlobalSignOut, "AccessToken"),
	"DeleteUser":           public((*Pool).serveDeleteUser, "AccessToken"),

	"AdminCreateUser":        signed((*Pool).serveAdminCreateUser, "UserPoolId", "Username"),
	"AdminGetUser":           signed((*Pool).serveAdminGetUser, "UserPoolId", "Username"),
	"AdminConfirmSignUp":     signed((*Pool).serveAdminConfirmSignUp, "UserPoolId", "Username"),
	"AdminSetUserPassword":   signed((*Pool).serveAdminSetUserPassword, "UserPoolId", "Username", "Password"),
	"AdminResetUserPassword": signed((*Pool).serveAdminResetUserPassword, "UserPoolId", "Username"),
	"AdminUpdateUserAttributes": signed((*Pool).serveAdminUpdateUserAttributes, "UserPoolId", "Username",
		"UserAttributes"),
	"AdminSetUserMFAPreference": signed((*Pool).serveAdminSetUserMFAPreference, "UserPoolId", "Username"),
	"AdminDeleteSoftwareToken":  signed((*Pool).serveAdminDeleteSoftwareToken, "UserPoolId", "Username"),
	"AdminLinkProviderForUser": signed((*Pool).serveAdminLinkProviderForUser, "UserPoolId", "DestinationUser",
		"SourceUser"),
	"AdminDisableProviderForUser": signed((*Pool).serveAdminDisableProviderForUser, "UserPoolId", "User"),
	"AdminUserGlobalSignOut":      signed((*Pool).serveAdminUserGlobalSignOut, "UserPoolId", "Username"),
	"AdminDisableUser":            signed((*Pool).serveAdminDisableUser, "UserPoolId", "Username"),
	"AdminEnableUser":             signed((*Pool).serveAdminEnableUser, "UserPoolId", "Username"),
	"AdminDeleteUser":             signed((*Pool).serveAdminDeleteUser, "UserPoolId", "Username"),
	"ListUsers":                   signed((*Pool).serveListUsers, "UserPoolId"),

	"ListUserPools":          signed((*Pool).serveListUserPools, "MaxResults"),
	"ListUserPoolClients":    signed((*Pool).serveListUserPoolClients, "UserPoolId"),
	"DescribeUserPool":       signed((*Pool).serveDescribeUserPool, "UserPoolId"),
	"DescribeUserPoolClient": signed((*Pool).serveDescribeUserPoolClient, "UserPoolId", "ClientId"),
	"GetUserPoolMfaConfig":   signed((*Pool).serveGetUserPoolMfaConfig, "UserPoolId"),
}
