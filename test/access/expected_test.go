package access

// Lists that several entries share.
var (
	gets                = []string{"dynamodb:GetItem"}
	queries             = []string{"dynamodb:Query"}
	batchGets           = []string{"dynamodb:BatchGetItem"}
	versions            = []string{"s3:ListBucketVersions"}
	deletes             = []string{"dynamodb:DeleteItem"}
	updates             = []string{"dynamodb:UpdateItem"}
	getsAndDeletes      = []string{"dynamodb:DeleteItem", "dynamodb:GetItem"}
	getsAndPuts         = []string{"dynamodb:GetItem", "dynamodb:PutItem"}
	getsAndUpdates      = []string{"dynamodb:GetItem", "dynamodb:UpdateItem"}
	puts                = []string{"s3:PutObject"}
	erases              = []string{"s3:DeleteObjectVersion", "s3:GetObjectVersion"}
	decrypts            = []string{"kms:Decrypt"}
	encryptsAndDecrypts = []string{"kms:Decrypt", "kms:Encrypt"}
	logs                = []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	traces              = []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
	invoke              = []string{"execute-api:Invoke"}
	// reencrypts are the actions that DynamoDB calls on a key on behalf of a caller who writes.
	reencrypts = []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
	// keeps are the actions of AmazonAPIGatewayPushToCloudWatchLogs.
	keeps = []string{
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
		"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
	}
)

// anonymous callers have neither a token nor credentials.
const anonymous = "anonymous"

// byCaller is the closed world of callers' permissions, beyond those of their roles and of anonymous callers.
// Preflights reach no function.
var byCaller = map[string]map[string][]string{
	anonymous: {
		"API, OPTIONS /link-offers":    invoke,
		"API, OPTIONS /links":          invoke,
		"API, OPTIONS /orders":         invoke,
		"API, OPTIONS /payment-method": invoke,
		"API, OPTIONS /products":       invoke,
		"API, OPTIONS /profile":        invoke,
		"Signing in, a guest's credentials": {
			"cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetId",
		},
		"Signing in, a new account": {"cognito-idp:ConfirmSignUp", "cognito-idp:SignUp"},
		"Signing in, with a code, which the user pool sends": {
			"cognito-idp:ConfirmForgotPassword", "cognito-idp:ForgotPassword",
		},
		"Signing in, with a password, which the user pool checks": {
			"cognito-idp:InitiateAuth", "cognito-idp:RespondToAuthChallenge",
		},
	},
	"customer token": {
		"API, GET /orders":  invoke,
		"API, GET /profile": invoke,
		"API, GET /links":   invoke,
		// lambda/links makes offers for sign-ins with a provider only.
		"API, POST /link-offers": invoke,
	},
	"stepped-up token": {
		"API, GET /orders":         invoke,
		"API, POST /orders":        invoke,
		"API, GET /profile":        invoke,
		"API, PUT /profile":        invoke,
		"API, PUT /payment-method": invoke,
		"API, GET /links":          invoke,
		"API, POST /links":         invoke,
		"API, DELETE /links":       invoke,
	},
	"account token": {
		"User pool, on oneself, own account": {
			"cognito-idp:AssociateSoftwareToken", "cognito-idp:ChangePassword", "cognito-idp:DeleteUser",
			"cognito-idp:DeleteUserAttributes", "cognito-idp:GetUser", "cognito-idp:GetUserAttributeVerificationCode",
			"cognito-idp:GlobalSignOut", "cognito-idp:SetUserMFAPreference", "cognito-idp:UpdateUserAttributes",
			"cognito-idp:VerifySoftwareToken", "cognito-idp:VerifyUserAttribute",
		},
	},
	"guest credentials":    {},
	"customer credentials": {},
	"support role":         {},
	"privacy role":         {},
}

// smsRole is the role with which Cognito sends SMS. Stages without SMS do not have it.
const smsRole = "UsersSmsRole"

// takes is the closed world of who may assume which role.
var takes = map[string][]string{
	Guest:                   {"guest of this identity pool"},
	Customer:                {"customer of this identity pool", "customer of this identity pool, with a tag"},
	Support:                 {"who Support names"},
	Privacy:                 {"who Privacy names"},
	"lambda/catalog":        {"lambda.amazonaws.com"},
	"lambda/customers":      {"lambda.amazonaws.com"},
	"lambda/links":          {"lambda.amazonaws.com"},
	"lambda/orders":         {"lambda.amazonaws.com"},
	"lambda/registration":   {"lambda.amazonaws.com"},
	"lambda/securityevents": {"lambda.amazonaws.com"},
	"lambda/tokens":         {"lambda.amazonaws.com"},
	"lambda/unconfirmed":    {"lambda.amazonaws.com"},
	"lambda/userexport":     {"lambda.amazonaws.com"},
	"ShopLoggingRole":       {"apigateway.amazonaws.com"},
	// The pool cannot be named: its own settings name the role.
	smsRole: {"Cognito for this user pool", "Cognito for another user pool of this account, with the same external id"},
}

// bySessionsWithoutMFA may also assume the desk's roles if permission sets may: their sessions do not show a second
// factor, because IAM Identity Center requires it itself.
var bySessionsWithoutMFA = []string{
	", without a second factor", ", with keys of long standing, which name no second factor",
	", with a second factor of yesterday",
}

// invokes is the closed world of what may invoke which function.
var invokes = map[string][]string{
	"lambda/catalog":      {"GET /products"},
	"lambda/customers":    {"GET /profile", "PUT /payment-method", "PUT /profile"},
	"lambda/links":        {"DELETE /links", "GET /links", "POST /link-offers", "POST /links"},
	"lambda/orders":       {"GET /orders", "POST /orders"},
	"lambda/registration": {"trigger of this user pool"},
	"lambda/securityevents": {
		"rule Account",
		"rule Accounts",
		"rule Alarms",
		"rule Api",
		"rule Bootstrap",
		"rule Buckets",
		"rule Desk",
		"rule Functions",
		"rule IdentityPool",
		"rule Keys",
		"rule Logs",
		"rule Mail",
		"rule Parameters",
		"rule Queues",
		"rule Roles",
		"rule Rules",
		"rule Secrets",
		"rule Stacks",
		"rule Tables",
		"rule Topics",
		"rule Trails",
		"rule Unnamed",
		"rule UserPool",
		"rule WebACLs",
		"schedule SecurityEventsHeartbeatRule",
	},
	"lambda/tokens":      {"trigger of this user pool"},
	"lambda/unconfirmed": {"schedule UnconfirmedScheduleRule"},
	"lambda/userexport":  {"schedule UserExportScheduleRule"},
}

// userActivity invokes the function of security events, too, where the pool logs what users do.
const userActivity = "lines of the user pool's log"
