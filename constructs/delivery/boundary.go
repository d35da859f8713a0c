package delivery

import (
	"strings"

	"github.com/securecart/identity/constructs/iamrole"
)

// boundary is the permissions boundary of every role of the stage: what its functions, support desk, customers and
// guests do, on the stage's own resources. It grants nothing by itself. It holds no action of IAM, STS or
// CloudFormation, so that no code of the stage can create a role for itself.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func (s stage) boundary() iamrole.Grants {
	tables := s.arn("dynamodb", "table/"+s.id()+"-*")
	return iamrole.Grants{
		{
			Sid: "Items", Resources: []string{tables, tables + "/index/*"},
			Actions: []string{
				"dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
				"dynamodb:Query", "dynamodb:UpdateItem",
			},
		},
		{
			Sid: "Objects", Resources: []string{"arn:aws:s3:::" + strings.ToLower(s.id()) + "-*"},
			Actions: []string{
				"s3:DeleteObjectVersion", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucketVersions",
				"s3:PutObject",
			},
			Conditions: equals("aws:ResourceAccount", s.account),
		},
		{
			Sid: "Keys", Resources: []string{s.arn("kms", "key/*")}, Conditions: s.tagged(),
			Actions: []string{
				"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
			},
		},
		{
			Sid: "Users", Resources: []string{s.arn("cognito-idp", "userpool/*")}, Conditions: s.tagged(),
			Actions: []string{
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
			Sid: "Browse", Resources: []string{s.arn("execute-api", "*/v1/GET/products")},
			Actions: []string{"execute-api:Invoke"},
		},
		{
			Sid:       "ClientIds",
			Resources: []string{s.arn("ssm", "parameter/securecart/"+strings.ToLower(s.name)+"/*")},
			Actions:   []string{"ssm:GetParameter"},
		},
		{
			// API Gateway's role writes to any log group that an API is configured with, and creates the groups.
			Sid: "Logs", Resources: []string{s.arn("logs", "log-group:*")},
			Actions: []string{
				"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
				"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents",
			},
		},
		{
			Sid: "Undelivered", Resources: []string{s.arn("sqs", s.id()+"-*")},
			Actions: []string{"sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"},
		},
		{
			// An SMS goes to a telephone number, which is not a resource; a trace belongs to the account.
			Sid: "MessagesAndTraces", Resources: []string{"*"},
			Actions: []string{"sns:Publish", "xray:PutTelemetryRecords", "xray:PutTraceSegments"},
		},
	}
}

// ceiling is the permissions boundary of the bootstrap's roles. The CDK's policies let its deploy role start and delete
// every stack of the account, and reach buckets of other accounts. The boundary grants nothing by itself.
func (s stage) ceiling() []any {
	all := iamrole.Grant{Sid: "NoMoreThanGranted", Actions: []string{"*"}, Resources: []string{"*"}}
	return []any{
		all.Statement(),
		map[string]any{
			"Sid": "ThisStageOnly", "Effect": "Deny", "NotResource": []string{s.stacks()},
			"Action": []string{
				"cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet",
				"cloudformation:CreateStack", "cloudformation:CreateStackRefactor", "cloudformation:DeleteChangeSet",
				"cloudformation:DeleteStack", "cloudformation:ExecuteChangeSet",
				"cloudformation:ExecuteStackRefactor", "cloudformation:RollbackStack",
				"cloudformation:UpdateStack", "cloudformation:UpdateTerminationProtection",
			},
		},
		map[string]any{
			"Sid": "ThisAccountOnly", "Effect": "Deny", "Resource": []string{"*"},
			"Action": []string{"s3:*", "kms:*"},
			// A request without a resource names no account.
			"Condition": map[string]any{
				"StringNotEquals": map[string]any{"aws:ResourceAccount": s.account},
				"Null":            map[string]any{"aws:ResourceAccount": "false"},
			},
		},
	}
}
