package restapi

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/grant"
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

// keepExecutionLog makes the group that API Gateway would otherwise make itself, at the first error, and keep for ever.
// Its name is API Gateway's choice.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func keepExecutionLog(scope constructs.Construct, rest awsapigateway.RestApi, props logging.Props) {
	name := jsii.Sprintf("API-Gateway-Execution-Logs_%s/%s", *rest.RestApiId(), stageName)
	group := logging.NewGroup(scope, "ExecutionLog", name, props)
	rest.DeploymentStage().Node().AddDependency(group)
}

// ownAccountLogging sets the role with which API Gateway writes logs, for every API of this account and Region. Its
// actions are those of AWS's AmazonAPIGatewayPushToCloudWatchLogs, which API Gateway looks for when the role is set; its
// resources are the log groups of this account and Region only, where AWS's policy names everything.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func ownAccountLogging(scope constructs.Construct, rest awsapigateway.RestApi) {
	role := awsiam.NewRole(scope, jsii.String("LoggingRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		Description: jsii.String("Lets API Gateway write the logs of every API in this account and Region"),
		// Inline, so that the permission exists as soon as the role does: API Gateway tries it out at once.
		InlinePolicies: &map[string]awsiam.PolicyDocument{"WriteLogs": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
			Statements: &[]awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("WriteLogs"),
				Actions: jsii.Strings("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
					"logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents"),
				Resources: &[]*string{logging.GroupARN(scope, jsii.String("*"))},
			})},
		})},
	})
	nag.Accept(role, nag.Accepted{Rule: "AwsSolutions-IAM5", Finding: `/^Resource::arn:[^:]+:logs:.+:log-group:\*$/g`,
		Reason: "The setting serves every API of the account and Region, whose log groups API Gateway names itself."})
	nag.Accept(role, grant.Inline()...)
	account := awsapigateway.NewCfnAccount(scope, jsii.String("Account"), &awsapigateway.CfnAccountProps{CloudWatchRoleArn: role.RoleArn()})
	// Deleting one stage must not take away logging from the other APIs of the account.
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	account.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	// A stage with logging is refused until the account has its role.
	rest.DeploymentStage().Node().AddDependency(account)
}
