package delivery

import "strings"

// functions grants what the handlers, their roles, schedules and settings need.
func (s stage) functions() []grant {
	roles, bounded := s.iam("role/"+s.id()+"-*"), equals("iam:PermissionsBoundary", s.policy(BoundaryName(s.name)))
	return []grant{
		{
			sid: "Functions", resources: []string{s.arn("lambda", "function:"+s.id()+"-*")},
			read: []string{
				"lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionRecursionConfig",
				"lambda:GetFunctionScalingConfig", "lambda:GetPolicy", "lambda:GetRuntimeManagementConfig",
			},
			write: []string{
				"lambda:AddPermission", "lambda:CreateFunction", "lambda:DeleteFunction",
				"lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency",
				"lambda:PutFunctionRecursionConfig", "lambda:PutRuntimeManagementConfig", "lambda:RemovePermission",
				"lambda:TagResource", "lambda:UntagResource", "lambda:UpdateFunctionCode",
				"lambda:UpdateFunctionConfiguration",
			},
		},
		{
			sid:       "ReadFunctionCode",
			resources: []string{"arn:aws:s3:::cdk-" + s.qualifier + "-assets-" + s.account + "-" + s.region + "/*"},
			write:     []string{"s3:GetObject", "s3:GetObjectVersion"},
		},
		{
			sid: "Roles", resources: []string{roles},
			read: []string{
				"iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
			},
			write: []string{
				"iam:DeleteRole", "iam:PassRole", "iam:TagRole", "iam:UntagRole",
				"iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
			},
		},
		{
			// A role without the boundary could be granted anything, and passed to a function.
			sid: "BoundedRoles", resources: []string{roles}, conditions: bounded,
			write: []string{
				"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
				"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
			},
		},
		{
			sid: "Rules", resources: []string{s.arn("events", "rule/"+s.id()+"-*")},
			read: []string{"events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"},
			write: []string{
				"events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets",
				"events:TagResource", "events:UntagResource",
			},
		},
		{
			// Each template reads the version of its bootstrap.
			sid: "BootstrapVersion", resources: []string{s.arn("ssm", "parameter/cdk-bootstrap/"+s.qualifier+"/version")},
			read: []string{"ssm:GetParameters"},
		},
		{
			sid: "Parameters", resources: []string{s.arn("ssm", "parameter/securecart/"+strings.ToLower(s.name)+"/*")},
			read: []string{"ssm:GetParameters", "ssm:ListTagsForResource"},
			write: []string{
				"ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource",
			},
		},
	}
}

// logs grants what log groups and log deliveries need.
func (s stage) logs() []grant {
	return []grant{
		{
			sid: "Logs", resources: s.logGroups(),
			read: []string{
				"logs:DescribeIndexPolicies", "logs:DescribeMetricFilters", "logs:DescribeSubscriptionFilters",
				"logs:GetDataProtectionPolicy", "logs:ListTagsForResource",
			},
			write: []string{
				"logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteMetricFilter",
				"logs:DeleteRetentionPolicy", "logs:DeleteSubscriptionFilter", "logs:DisassociateKmsKey",
				"logs:PutMetricFilter", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter",
				"logs:TagResource", "logs:UntagResource",
			},
		},
		{
			// Log deliveries and the resource policies that let services write logs do not belong to a log group.
			sid: "LogDeliveries", resources: []string{"*"},
			read: []string{
				"logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery",
				"logs:ListLogDeliveries",
			},
			write: []string{
				"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:PutResourcePolicy",
				"logs:UpdateLogDelivery",
			},
		},
	}
}

// logGroups are the ARNs of the stage's log groups. API Gateway names its own group after the API's id.
func (s stage) logGroups() []string {
	groups := []string{
		s.id() + "-*", "/aws/lambda/" + s.id() + "-*", "/aws/vendedlogs/cognito/" + s.id() + "-*",
		"aws-waf-logs-" + s.id() + "-*", "API-Gateway-Execution-Logs_*",
	}
	arns := make([]string, 0, len(groups))
	for _, group := range groups {
		arns = append(arns, s.arn("logs", "log-group:"+group))
	}
	return arns
}
