package access

// may is the closed world of what roles may do: by role, what it is tried on and the actions that succeed. Every other action
// that Attempts knows is refused.
var may = map[string]map[string][]string{
	Guest: {
		"API, GET /products":      {"execute-api:Invoke"},
		"Bucket media, products/": {"s3:GetObject"},
	},
	Customer: {
		"API, GET /products":                         {"execute-api:Invoke"},
		"Bucket media, products/":                    {"s3:GetObject"},
		"Bucket documents, own customers/":           {"s3:GetObject", "s3:PutObject"},
		"Table Orders, own row":                      {"dynamodb:GetItem", "dynamodb:Query"},
		"Table Orders, own row by index byCreatedAt": {"dynamodb:Query"},
		"Data key, through DynamoDB":                 {"kms:Decrypt"},
		"Data key, through S3":                       {"kms:Decrypt", "kms:GenerateDataKey"},
	},
	"lambda/catalog": {
		"Table Products, a row by index forSale": {"dynamodb:Query"},
		"Data key, through DynamoDB":             {"kms:Decrypt"},
		"Logs and traces, log of lambda/catalog": writes,
		"Logs and traces, any":                   traces,
	},
	"lambda/customers": {
		"Table Customers, own row":                 {"dynamodb:UpdateItem"},
		"Table Customers, another's row":           {"dynamodb:UpdateItem"},
		"Data key, through DynamoDB":               {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
		"User pool's administration, this pool":    {"cognito-idp:AdminGetUser"},
		"Logs and traces, log of lambda/customers": writes,
		"Logs and traces, any":                     traces,
	},
	"lambda/orders": {
		"Table Orders, own row":                             {"dynamodb:GetItem", "dynamodb:PutItem"},
		"Table Orders, another's row":                       {"dynamodb:GetItem", "dynamodb:PutItem"},
		"Table Orders, rows that the request does not name": {"dynamodb:GetItem"},
		"Table Orders, own row by index byCreatedAt":        {"dynamodb:Query"},
		"Table Orders, another's row by index byCreatedAt":  {"dynamodb:Query"},
		"Table Products, a row":                             {"dynamodb:BatchGetItem"},
		"Data key, through DynamoDB":                        {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
		"Data key, directly, for a cursor of orders":        {"kms:Decrypt", "kms:Encrypt"},
		"Logs and traces, log of lambda/orders":             writes,
		"Logs and traces, any":                              traces,
	},
	"lambda/tokens": {
		"User pool's administration, this pool":      {"cognito-idp:AdminGetUser"},
		"Secrets and parameters, ids of the clients": {"ssm:GetParameter"},
		"Logs and traces, log of lambda/tokens":      writes,
		"Logs and traces, any":                       traces,
	},
	"ShopLoggingRole": {
		"Logs and traces, another log group":       keeps,
		"Logs and traces, log of lambda/catalog":   keeps,
		"Logs and traces, log of lambda/customers": keeps,
		"Logs and traces, log of lambda/orders":    keeps,
		"Logs and traces, log of lambda/tokens":    keeps,
	},
	// Numbers have no ARN, so the role that sends SMS can publish to topics, too. The one topic that there is lets in CloudWatch only.
	"UsersSmsRole": {
		"Messages, an SMS to any number": {"sns:Publish"},
		"Messages, a topic":              {"sns:Publish"},
	},
}

var (
	writes = []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	traces = []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
	// keeps are the actions of AmazonAPIGatewayPushToCloudWatchLogs.
	keeps = []string{
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
		"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
	}
)

// byCaller is the closed world of what kinds of callers may do, beside what their roles may.
var byCaller = map[string]map[string][]string{
	"anonymous":            {},
	"guest credentials":    {"API, GET /products": {"execute-api:Invoke"}},
	"customer credentials": {"API, GET /products": {"execute-api:Invoke"}},
	"customer token": {
		"API, GET /orders":  {"execute-api:Invoke"},
		"API, GET /profile": {"execute-api:Invoke"},
	},
	"stepped-up token": {
		"API, GET /orders":         {"execute-api:Invoke"},
		"API, POST /orders":        {"execute-api:Invoke"},
		"API, GET /profile":        {"execute-api:Invoke"},
		"API, PUT /profile":        {"execute-api:Invoke"},
		"API, PUT /payment-method": {"execute-api:Invoke"},
		"User pool, on oneself, own account": {
			"cognito-idp:AssociateSoftwareToken", "cognito-idp:ChangePassword", "cognito-idp:DeleteUser", "cognito-idp:DeleteUserAttributes",
			"cognito-idp:GetUser", "cognito-idp:GlobalSignOut", "cognito-idp:SetUserMFAPreference", "cognito-idp:UpdateUserAttributes",
			"cognito-idp:VerifySoftwareToken", "cognito-idp:VerifyUserAttribute",
		},
	},
}

// byAnybody asks for nothing. Preflights reach no function.
var byAnybody = map[string][]string{
	"API, OPTIONS /orders":                                    {"execute-api:Invoke"},
	"API, OPTIONS /payment-method":                            {"execute-api:Invoke"},
	"API, OPTIONS /products":                                  {"execute-api:Invoke"},
	"API, OPTIONS /profile":                                   {"execute-api:Invoke"},
	"Signing in, a guest's credentials":                       {"cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetId"},
	"Signing in, a new account":                               {"cognito-idp:ConfirmSignUp", "cognito-idp:SignUp"},
	"Signing in, with a code, which the user pool sends":      {"cognito-idp:ConfirmForgotPassword", "cognito-idp:ForgotPassword"},
	"Signing in, with a password, which the user pool checks": {"cognito-idp:InitiateAuth", "cognito-idp:RespondToAuthChallenge"},
}

// takes is the closed world of who may take which role.
var takes = map[string][]string{
	Guest:              {"guest of this identity pool"},
	Customer:           {"customer of this identity pool", "customer of this identity pool, with a tag"},
	"lambda/catalog":   {"lambda.amazonaws.com"},
	"lambda/customers": {"lambda.amazonaws.com"},
	"lambda/orders":    {"lambda.amazonaws.com"},
	"lambda/tokens":    {"lambda.amazonaws.com"},
	"ShopLoggingRole":  {"apigateway.amazonaws.com"},
	// The pool cannot be named: its own settings name the role.
	"UsersSmsRole": {"Cognito for this user pool", "Cognito for another user pool of this account, with the same external id"},
}

// invokes is the closed world of what may invoke which function.
var invokes = map[string][]string{
	"lambda/catalog":   {"GET /products"},
	"lambda/customers": {"GET /profile", "PUT /payment-method", "PUT /profile"},
	"lambda/orders":    {"GET /orders", "POST /orders"},
	"lambda/tokens":    {"trigger of this user pool"},
}
