package access

// may is the closed world of roles' permissions: the actions that succeed, by role and target. Every other action that
// Attempts tries is refused.
var may = map[string]map[string][]string{
	Guest: {
		"API, GET /products":      invoke,
		"Bucket media, products/": {"s3:GetObject"},
	},
	Customer: {
		"API, GET /products":                                 invoke,
		"Bucket documents, own customers/":                   {"s3:GetObject"},
		"Bucket media, products/":                            {"s3:GetObject"},
		"Data key, through DynamoDB":                         decrypts,
		"Data key, through S3":                               decrypts,
		"Table Orders, of own row, what customers are shown": gets,
		"Table Orders, of own rows by index byCreatedAt, what customers are shown": queries,
		"Table Orders, of own rows, what customers are shown":                      queries,
	},
	Privacy: {
		"Bucket documents, a prefix that begins like one's own":                                         erases,
		"Bucket documents, another's customers/":                                                        erases,
		"Bucket documents, customers/ without a sub":                                                    erases,
		"Bucket documents, names below customers/":                                                      versions,
		"Bucket documents, own customers/":                                                              erases,
		"Data key, through DynamoDB":                                                                    reencrypts,
		"Data key, through S3":                                                                          decrypts,
		"Proofs key, through DynamoDB":                                                                  reencrypts,
		"Table Customers, another's row":                                                                getsAndDeletes,
		"Table Customers, own row":                                                                      getsAndDeletes,
		"Table Customers, rows that the request does not name":                                          gets,
		"Table Links, a row":                                                                            getsAndDeletes,
		"Table Links, rows that the request does not name":                                              gets,
		"Table Orders, another's row by index byCreatedAt":                                              queries,
		"Table Orders, of another's rows by index byCreatedAt, the request's fingerprint":               queries,
		"Table Orders, of another's rows by index byCreatedAt, what customers are shown":                queries,
		"Table Orders, of own rows by index byCreatedAt, the request's fingerprint":                     queries,
		"Table Orders, of own rows by index byCreatedAt, what customers are shown":                      queries,
		"Table Orders, own row by index byCreatedAt":                                                    queries,
		"Table Orders, own rows by index byCreatedAt whole, with a filter by the request's fingerprint": queries,
		"Table Orders, own rows by index byCreatedAt whole, with a filter by what customers are shown":  queries,
		"Table Proofs, another's row":                                                                   deletes,
		"Table Proofs, of another's row, when the proof expires":                                        gets,
		"Table Proofs, of another's row, whether the factor is trusted":                                 gets,
		"Table Proofs, of own row, when the proof expires":                                              gets,
		"Table Proofs, of own row, whether the factor is trusted":                                       gets,
		"Table Proofs, of rows that the request does not name, when the proof expires":                  gets,
		"Table Proofs, of rows that the request does not name, whether the factor is trusted":           gets,
		"Table Proofs, own row":                                                                         deletes,
		"Table Proofs, the record of removals":                                                          deletes,
		"Table Proofs, the progress of the export":                                                      deletes,
		"User pool's administration, this pool": {
			"cognito-idp:AdminDeleteUser", "cognito-idp:AdminDisableUser", "cognito-idp:AdminGetUser",
			"cognito-idp:AdminUserGlobalSignOut", "cognito-idp:ListUsers",
		},
	},
	Support: {
		"Proofs key, through DynamoDB":                                                        reencrypts,
		"Table Proofs, another's row":                                                         deletes,
		"Table Proofs, of another's row, when the proof expires":                              gets,
		"Table Proofs, of another's row, whether the factor is trusted":                       gets,
		"Table Proofs, of own row, when the proof expires":                                    gets,
		"Table Proofs, of own row, whether the factor is trusted":                             gets,
		"Table Proofs, of rows that the request does not name, when the proof expires":        gets,
		"Table Proofs, of rows that the request does not name, whether the factor is trusted": gets,
		"Table Proofs, own row":                                                               deletes,
		"Table Proofs, the record of removals":                                                deletes,
		"Table Proofs, the progress of the export":                                            deletes,
		"User pool's administration, this pool": {
			"cognito-idp:AdminDeleteSoftwareToken", "cognito-idp:AdminDisableUser",
			"cognito-idp:AdminEnableUser", "cognito-idp:AdminGetUser", "cognito-idp:AdminSetUserMFAPreference",
			"cognito-idp:AdminUserGlobalSignOut", "cognito-idp:ListUsers",
		},
	},
	"lambda/catalog": {
		"Data key, through DynamoDB":             decrypts,
		"Logs and traces, any":                   traces,
		"Logs and traces, log of lambda/catalog": logs,
		"Table Products, a row by index forSale": queries,
	},
	"lambda/customers": {
		"Data key, through DynamoDB":                           reencrypts,
		"Logs and traces, any":                                 traces,
		"Logs and traces, log of lambda/customers":             logs,
		"Table Customers, another's row":                       getsAndUpdates,
		"Table Customers, own row":                             getsAndUpdates,
		"Table Customers, rows that the request does not name": gets,
	},
	"lambda/links": {
		"Data key, through DynamoDB":           reencrypts,
		"Logs and traces, any":                 traces,
		"Logs and traces, log of lambda/links": logs,
		"Proofs key, through DynamoDB":         decrypts,
		"Table Links, a row": {
			"dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
		},
		"Table Links, rows that the request does not name":                                    gets,
		"Table Proofs, of another's row, whether the factor is trusted":                       gets,
		"Table Proofs, of own row, whether the factor is trusted":                             gets,
		"Table Proofs, of rows that the request does not name, whether the factor is trusted": gets,
		"User pool's administration, this pool": {
			"cognito-idp:AdminDeleteUser", "cognito-idp:AdminDisableProviderForUser",
			"cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser",
		},
	},
	"lambda/orders": {
		"Data key, directly, for a cursor of orders":                                                    encryptsAndDecrypts,
		"Data key, through DynamoDB":                                                                    reencrypts,
		"Logs and traces, any":                                                                          traces,
		"Logs and traces, log of lambda/orders":                                                         logs,
		"Table Orders, another's row":                                                                   getsAndPuts,
		"Table Orders, another's row by index byCreatedAt":                                              queries,
		"Table Orders, of another's row, the request's fingerprint":                                     gets,
		"Table Orders, of another's row, what customers are shown":                                      gets,
		"Table Orders, of another's rows by index byCreatedAt, the request's fingerprint":               queries,
		"Table Orders, of another's rows by index byCreatedAt, what customers are shown":                queries,
		"Table Orders, of own row, the request's fingerprint":                                           gets,
		"Table Orders, of own row, what customers are shown":                                            gets,
		"Table Orders, of own rows by index byCreatedAt, the request's fingerprint":                     queries,
		"Table Orders, of own rows by index byCreatedAt, what customers are shown":                      queries,
		"Table Orders, of rows that the request does not name, the request's fingerprint":               gets,
		"Table Orders, of rows that the request does not name, what customers are shown":                gets,
		"Table Orders, own row":                                                                         getsAndPuts,
		"Table Orders, own row whole, naming the request's fingerprint":                                 gets,
		"Table Orders, own row whole, naming what customers are shown":                                  gets,
		"Table Orders, own row by index byCreatedAt":                                                    queries,
		"Table Orders, own rows by index byCreatedAt whole, with a filter by the request's fingerprint": queries,
		"Table Orders, own rows by index byCreatedAt whole, with a filter by what customers are shown":  queries,
		"Table Orders, rows that the request does not name":                                             gets,
		"Table Products, a row":                                                                         batchGets,
	},
	"lambda/registration": {
		"Logs and traces, any":                                                                traces,
		"Logs and traces, log of lambda/registration":                                         logs,
		"Proofs key, through DynamoDB":                                                        reencrypts,
		"Secrets and parameters, ids of the clients":                                          {"ssm:GetParameter"},
		"Table Proofs, another's row":                                                         updates,
		"Table Proofs, of another's row, the challenge":                                       updates,
		"Table Proofs, of another's row, when the proof expires":                              updates,
		"Table Proofs, of another's row, whether the factor is trusted":                       getsAndUpdates,
		"Table Proofs, of own row, the challenge":                                             updates,
		"Table Proofs, of own row, when the proof expires":                                    updates,
		"Table Proofs, of own row, whether the factor is trusted":                             getsAndUpdates,
		"Table Proofs, of rows that the request does not name, the challenge":                 updates,
		"Table Proofs, of rows that the request does not name, when the proof expires":        updates,
		"Table Proofs, of rows that the request does not name, whether the factor is trusted": getsAndUpdates,
		"Table Proofs, own row":                                                               updates,
		"Table Proofs, the record of removals":                                                updates,
		"Table Proofs, the progress of the export":                                            updates,
		"User pool's administration, this pool": {
			"cognito-idp:AdminDeleteSoftwareToken", "cognito-idp:AdminSetUserMFAPreference",
			"cognito-idp:AdminUserGlobalSignOut",
		},
	},
	"lambda/securityevents": {
		"Archive key, through S3":                          {"kms:GenerateDataKey"},
		"Bucket securityevents, changes/":                  puts,
		"Bucket securityevents, users/":                    puts,
		"Everything else, the queue of undelivered events": {"sqs:SendMessage"},
		"Log key, through SNS":                             {"kms:Decrypt", "kms:GenerateDataKey"},
		"Logs and traces, any":                             traces,
		"Logs and traces, log of lambda/securityevents":    logs,
		"Messages, the topic of security events":           {"sns:Publish"},
	},
	"lambda/tokens": {
		"Logs and traces, any":                                                                traces,
		"Logs and traces, log of lambda/tokens":                                               logs,
		"Proofs key, through DynamoDB":                                                        reencrypts,
		"Secrets and parameters, ids of the clients":                                          {"ssm:GetParameter"},
		"Table Proofs, another's row":                                                         getsAndUpdates,
		"Table Proofs, of another's row, the challenge":                                       getsAndUpdates,
		"Table Proofs, of another's row, when the proof expires":                              getsAndUpdates,
		"Table Proofs, of another's row, whether the factor is trusted":                       getsAndUpdates,
		"Table Proofs, of own row, the challenge":                                             getsAndUpdates,
		"Table Proofs, of own row, when the proof expires":                                    getsAndUpdates,
		"Table Proofs, of own row, whether the factor is trusted":                             getsAndUpdates,
		"Table Proofs, of rows that the request does not name, the challenge":                 getsAndUpdates,
		"Table Proofs, of rows that the request does not name, when the proof expires":        getsAndUpdates,
		"Table Proofs, of rows that the request does not name, whether the factor is trusted": getsAndUpdates,
		"Table Proofs, own row":                                                               getsAndUpdates,
		"Table Proofs, own row whole, naming the challenge":                                   gets,
		"Table Proofs, own row whole, naming when the proof expires":                          gets,
		"Table Proofs, own row whole, naming whether the factor is trusted":                   gets,
		"Table Proofs, rows that the request does not name":                                   gets,
		"Table Proofs, the record of removals":                                                getsAndUpdates,
		"Table Proofs, the progress of the export":                                            getsAndUpdates,
		"User pool's administration, this pool":                                               {"cognito-idp:AdminGetUser"},
	},
	"lambda/unconfirmed": {
		"Logs and traces, any":                       traces,
		"Logs and traces, log of lambda/unconfirmed": logs,
		"Proofs key, through DynamoDB":               reencrypts,
		"Table Proofs, the record of removals":       updates,
		"User pool's administration, this pool": {
			"cognito-idp:AdminDeleteUser", "cognito-idp:AdminDisableUser", "cognito-idp:AdminEnableUser",
			"cognito-idp:AdminGetUser", "cognito-idp:ListUsers",
		},
	},
	"lambda/userexport": {
		"Archive key, through S3":                   {"kms:GenerateDataKey"},
		"Bucket userexports, users/":                puts,
		"Logs and traces, any":                      traces,
		"Logs and traces, log of lambda/userexport": logs,
		"Proofs key, through DynamoDB":              reencrypts,
		"Table Proofs, the progress of the export":  updates,
		"User pool's administration, this pool":     {"cognito-idp:ListUsers"},
	},
	"ShopLoggingRole": {
		"Logs and traces, another log group":            keeps,
		"Logs and traces, log of lambda/catalog":        keeps,
		"Logs and traces, log of lambda/customers":      keeps,
		"Logs and traces, log of lambda/links":          keeps,
		"Logs and traces, log of lambda/orders":         keeps,
		"Logs and traces, log of lambda/registration":   keeps,
		"Logs and traces, log of lambda/securityevents": keeps,
		"Logs and traces, log of lambda/tokens":         keeps,
		"Logs and traces, log of lambda/unconfirmed":    keeps,
		"Logs and traces, log of lambda/userexport":     keeps,
	},
	// Numbers have no ARN, so the role that sends SMS can publish to topics, too. Those of the stage are encrypted, with
	// a key that the role may not use. Only Development has the role.
	smsRole: {
		"Messages, a topic":                      {"sns:Publish"},
		"Messages, the topic of security events": {"sns:Publish"},
		"Messages, an SMS to any number":         {"sns:Publish"},
	},
}

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
		"rule SecurityEventsAccount",
		"rule SecurityEventsAccounts",
		"rule SecurityEventsAlarms",
		"rule SecurityEventsApi",
		"rule SecurityEventsBuckets",
		"rule SecurityEventsDesk",
		"rule SecurityEventsFunctions",
		"rule SecurityEventsIdentityPool",
		"rule SecurityEventsKeys",
		"rule SecurityEventsLogs",
		"rule SecurityEventsMail",
		"rule SecurityEventsParameters",
		"rule SecurityEventsQueues",
		"rule SecurityEventsRoles",
		"rule SecurityEventsRules",
		"rule SecurityEventsSecrets",
		"rule SecurityEventsStacks",
		"rule SecurityEventsTables",
		"rule SecurityEventsTopics",
		"rule SecurityEventsTrails",
		"rule SecurityEventsUnnamed",
		"rule SecurityEventsUserPool",
		"rule SecurityEventsWebACLs",
		"schedule SecurityEventsHeartbeatRule",
	},
	"lambda/tokens":      {"trigger of this user pool"},
	"lambda/unconfirmed": {"schedule UnconfirmedScheduleRule"},
	"lambda/userexport":  {"schedule UserExportScheduleRule"},
}

// userActivity invokes the function of security events, too, where the pool logs what users do.
const userActivity = "lines of the user pool's log"
