package delivery

import "strings"

// boundary is the permissions boundary of every role of the stage: what its functions, support desk, customers and
// guests do, on the stage's own resources. It grants nothing by itself. It holds no action of IAM, STS or
// CloudFormation, so that no code of the stage can create a role for itself.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func (s stage) boundary() []statement {
	tables := s.arn("dynamodb", "table/"+s.id()+"-*")
	return []statement{
		{
			sid: "Items", resources: []string{tables, tables + "/index/*"},
			actions: []string{
				"dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
				"dynamodb:Query", "dynamodb:UpdateItem",
			},
		},
		{
			sid: "Objects", resources: []string{"arn:aws:s3:::" + strings.ToLower(s.id()) + "-*"},
			actions: []string{
				"s3:DeleteObjectVersion", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucketVersions",
				"s3:PutObject",
			},
			conditions: equals("aws:ResourceAccount", s.account),
		},
		{
			sid: "Keys", resources: []string{s.arn("kms", "key/*")}, conditions: s.tagged(),
			actions: []string{
				"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
			},
		},
		{
			sid: "Users", resources: []string{s.arn("cognito-idp", "userpool/*")}, conditions: s.tagged(),
			actions: []string{
				"cognito-idp:AdminDeleteSoftwareToken", "cognito-idp:AdminDeleteUser",
				"cognito-idp:AdminDisableProviderForUser", "cognito-idp:AdminDisableUser",
				"cognito-idp:AdminEnableUser", "cognito-idp:AdminGetUser", "cognito-idp:AdminLinkProviderForUser",
				"cognito-idp:AdminSetUserMFAPreference", "cognito-idp:AdminUserGlobalSignOut",
				"cognito-idp:ListUsers",
			},
		},
		{
			// The API's id is not known here, and execute-api supports no tags. Each method's own authorization decides who may
			// call it.
			sid: "Browse", resources: []string{s.arn("execute-api", "*/v1/GET/products")},
			actions: []string{"execute-api:Invoke"},
		},
		{
			sid:       "ClientIds",
			resources: []string{s.arn("ssm", "parameter/securecart/"+strings.ToLower(s.name)+"/*")},
			actions:   []string{"ssm:GetParameter"},
		},
		{
			// API Gateway's role writes to any log group that an API is configured with, and creates the groups.
			sid: "Logs", resources: []string{s.arn("logs", "log-group:*")},
			actions: []string{
				"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
				"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
			},
		},
		{
			// An SMS goes to a telephone number, which is not a resource; a trace belongs to the account.
			sid: "MessagesAndTraces", resources: []string{"*"},
			actions: []string{"sns:Publish", "xray:PutTelemetryRecords", "xray:PutTraceSegments"},
		},
	}
}

// ceiling is the permissions boundary of the bootstrap's roles. The CDK's policies let its deploy role start and delete
// every stack of the account, and reach buckets of other accounts. The boundary grants nothing by itself.
func (s stage) ceiling() []statement {
	return []statement{
		{sid: "NoMoreThanGranted", actions: []string{"*"}, resources: []string{"*"}},
		{
			sid: "ThisStageOnly", deny: true, notResources: []string{s.stacks()},
			actions: []string{
				"cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet",
				"cloudformation:CreateStack", "cloudformation:CreateStackRefactor", "cloudformation:DeleteChangeSet",
				"cloudformation:DeleteStack", "cloudformation:ExecuteChangeSet",
				"cloudformation:ExecuteStackRefactor", "cloudformation:RollbackStack",
				"cloudformation:UpdateStack", "cloudformation:UpdateTerminationProtection",
			},
		},
		{
			sid: "ThisAccountOnly", deny: true, resources: []string{"*"},
			actions: []string{"s3:*", "kms:*"},
			// A request without a resource names no account.
			conditions: map[string]any{
				"StringNotEquals": map[string]any{"aws:ResourceAccount": s.account},
				"Null":            map[string]any{"aws:ResourceAccount": "false"},
			},
		},
	}
}
