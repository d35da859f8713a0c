package delivery

import "strings"

// boundary is the most that any role of the stage can ever be given: what its functions, its support desk, its
// customers and its guests do, on the stage's own resources. It grants nothing by itself. Nothing of IAM, STS or
// CloudFormation is in it, so that no code of the stage can make itself a role.
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
			// The id of an API is not known here, and execute-api knows no tags. What a method answers to whom is decided
			// by its own authorization.
			sid: "Browse", resources: []string{s.arn("execute-api", "*/v1/GET/products")},
			actions: []string{"execute-api:Invoke"},
		},
		{
			sid:       "ClientIds",
			resources: []string{s.arn("ssm", "parameter/securecart/"+strings.ToLower(s.name)+"/*")},
			actions:   []string{"ssm:GetParameter"},
		},
		{
			// API Gateway's role writes its logs wherever it is told to, and makes the groups.
			sid: "Logs", resources: []string{s.arn("logs", "log-group:*")},
			actions: []string{
				"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
				"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
			},
		},
		{
			// An SMS goes to a telephone number, which is no resource; a trace belongs to the account.
			sid: "MessagesAndTraces", resources: []string{"*"},
			actions: []string{"sns:Publish", "xray:PutTelemetryRecords", "xray:PutTraceSegments"},
		},
	}
}

// ceiling bounds the roles of the stage's bootstrap, whose policies are the CDK's: its deploy role may start and delete
// every stack of the account, and reach buckets of other accounts. It grants nothing by itself.
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
			// A request that is about no resource yet names no account.
			conditions: map[string]any{
				"StringNotEquals": map[string]any{"aws:ResourceAccount": s.account},
				"Null":            map[string]any{"aws:ResourceAccount": "false"},
			},
		},
	}
}
