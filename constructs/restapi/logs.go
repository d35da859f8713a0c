package restapi

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/logging"
)

// accessLog is one JSON line per request: who (by sub and client, never by name or token), what, and how it ended.
func accessLog() string {
	line, err := json.Marshal(map[string]string{
		"requestId":        "$context.requestId",
		"time":             "$context.requestTime",
		"sourceIp":         "$context.identity.sourceIp",
		"userAgent":        "$context.identity.userAgent",
		"method":           "$context.httpMethod",
		"path":             "$context.resourcePath",
		"status":           "$context.status",
		"responseType":     "$context.error.responseType",
		"responseLength":   "$context.responseLength",
		"latencyMs":        "$context.responseLatency",
		"functionStatus":   "$context.integration.status",
		"authorizerStatus": "$context.authorizer.status",
		"customer":         "$context.authorizer.claims.sub",
		"client":           "$context.authorizer.claims.client_id",
		"identity":         "$context.identity.cognitoIdentityId",
		"traceId":          "$context.xrayTraceId",
	})
	if err != nil {
		panic(err) // a map of strings always encodes
	}
	return string(line)
}

// newExecutionLog adds the log group that API Gateway would otherwise create at the first error and keep for ever. API
// Gateway prescribes its name. The API's stage must depend on it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func newExecutionLog(scope constructs.Construct, apiID string, settings logging.Settings) constructs.IDependable {
	return logging.NewGroup(scope, "ExecutionLog", logging.GroupProps{
		Name: "API-Gateway-Execution-Logs_" + apiID + "/" + stageName, Settings: settings,
	}).Resource()
}

// ownAccountLogging sets the role with which API Gateway writes logs, for every API of this account and Region. Its
// actions are those of the managed policy AmazonAPIGatewayPushToCloudWatchLogs, which API Gateway checks when the role
// is set. Its resources are this account's log groups in this Region, where the managed policy allows all resources.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func ownAccountLogging(scope constructs.Construct) constructs.IDependable {
	role := awsiam.NewRole(scope, jsii.String("LoggingRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		Description: jsii.String("Lets API Gateway write the logs of every API in this account and Region"),
		// Inline, so that the permission exists as soon as the role does: API Gateway tests it at once.
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"WriteLogs": awsiam.PolicyDocument_FromJson(map[string]any{"Statement": []any{map[string]any{
				"Sid": "WriteLogs", "Effect": "Allow",
				"Action": []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups",
					"logs:DescribeLogStreams", "logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents"},
				"Resource": logging.GroupARN(scope, "*"),
			}}}),
		},
	})
	nag.Accept(role,
		nag.Finding("AwsSolutions-IAM5", `/^Resource::arn:[^:]+:logs:.+:log-group:\*$/g`,
			"The setting serves every API of the account and Region, whose log groups API Gateway names itself."),
		nag.InlinePolicy())
	account := awsapigateway.NewCfnAccount(scope, jsii.String("Account"), &awsapigateway.CfnAccountProps{
		CloudWatchRoleArn: role.RoleArn(),
	})
	// Deleting one stage must not stop the logging of the account's other APIs.
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	account.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	return account
}
