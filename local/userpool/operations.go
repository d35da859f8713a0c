package userpool

// operations are those that are served.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
var operations = map[string]operation{
	"SignUp":                 public((*Pool).serveSignUp),
	"ConfirmSignUp":          public((*Pool).serveConfirmSignUp),
	"ResendConfirmationCode": public((*Pool).serveResendConfirmationCode),
	"ForgotPassword":         public((*Pool).serveForgotPassword),
	"ConfirmForgotPassword":  public((*Pool).serveConfirmForgotPassword),

	"InitiateAuth":              public((*Pool).serveInitiateAuth),
	"RespondToAuthChallenge":    public((*Pool).serveRespondToAuthChallenge),
	"GetTokensFromRefreshToken": public((*Pool).serveGetTokensFromRefreshToken),
	"RevokeToken":               public((*Pool).serveRevokeToken),
	"AssociateSoftwareToken":    public((*Pool).serveAssociateSoftwareToken),
	"VerifySoftwareToken":       public((*Pool).serveVerifySoftwareToken),

	"GetUser":                          public((*Pool).serveGetUser),
	"UpdateUserAttributes":             public((*Pool).serveUpdateUserAttributes),
	"GetUserAttributeVerificationCode": public((*Pool).serveGetUserAttributeVerificationCode),
	"VerifyUserAttribute":              public((*Pool).serveVerifyUserAttribute),
	"ChangePassword":                   public((*Pool).serveChangePassword),
	"SetUserMFAPreference":             public((*Pool).serveSetUserMFAPreference),
	"GlobalSignOut":                    public((*Pool).serveGlobalSignOut),
	"DeleteUser":                       public((*Pool).serveDeleteUser),

	"AdminCreateUser":           signed((*Pool).serveAdminCreateUser),
	"AdminGetUser":              signed((*Pool).serveAdminGetUser),
	"AdminConfirmSignUp":        signed((*Pool).serveAdminConfirmSignUp),
	"AdminSetUserPassword":      signed((*Pool).serveAdminSetUserPassword),
	"AdminUpdateUserAttributes": signed((*Pool).serveAdminUpdateUserAttributes),
	"AdminSetUserMFAPreference": signed((*Pool).serveAdminSetUserMFAPreference),
	"AdminUserGlobalSignOut":    signed((*Pool).serveAdminUserGlobalSignOut),
	"AdminDisableUser":          signed((*Pool).serveAdminDisableUser),
	"AdminEnableUser":           signed((*Pool).serveAdminEnableUser),
	"AdminDeleteUser":           signed((*Pool).serveAdminDeleteUser),
	"ListUsers":                 signed((*Pool).serveListUsers),
}
