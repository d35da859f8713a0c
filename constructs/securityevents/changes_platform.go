package securityevents

import "github.com/securecart/identity/lambda/contract"

// own matches names and ARNs of the stage's resources: a request may use either.
func (p Props) own() []any { return like("wildcard", "*"+p.StageID+"-*") }

// platform are changes of roles, stacks, keys, web ACLs, functions and the API, and of the pipeline.
func (p Props) platform() []change {
	stacks := []any{
		map[string]any{"wildcard": "*" + p.StageID + "-*"}, map[string]any{"wildcard": "*" + p.Pipeline + "*"},
	}
	deployer := like("wildcard", "*:role/"+p.Deployer)
	return []change{
		{
			// IAM is global, and its events are in us-east-1 only (docs/adr/0023-security-events.md).
			// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
			id: "Roles", sources: []string{"iam"},
			verbs: []string{
				"Add", "Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Tag", "Untag", "Update",
			},
			further: map[string]any{"$or": []any{
				parameter("roleName", []any{
					map[string]any{"prefix": p.StageID + "-"}, map[string]any{"prefix": "cdk-" + p.Bootstrap + "-"},
					map[string]any{"prefix": p.Pipeline + "-"},
				}),
				parameter("policyArn", like("wildcard", "*:policy/"+p.Pipeline+"-*")),
				parameter("openIDConnectProviderArn", like("wildcard", "*:oidc-provider/token.actions.githubusercontent.com")),
			}},
		},
		{
			// Cloud Control API changes single resources. It takes the same roles as a stack: CloudFormation assumes them.
			// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html
			// https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations.html
			// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudcontrolapi.html
			id: "Stacks", sources: []string{"cloudformation", "cloudcontrolapi"},
			verbs: []string{
				"Cancel", "Continue", "Create", "Delete", "Execute", "Rollback", "Set", "Signal", "Update",
			},
			// A stack of any name, or a single resource, gets the rights of a deployment with the execution role. How CloudTrail
			// spells that parameter is not documented.
			further: map[string]any{"$or": []any{
				parameter("stackName", stacks), parameter("changeSetName", stacks),
				parameter("roleARN", deployer), parameter("roleArn", deployer),
			}},
		},
		{
			// https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
			id: "Keys", sources: []string{"kms"},
			further: map[string]any{"resources": map[string]any{"ARN": anyOf(p.Keys...)}},
			verbs: []string{
				"Cancel", "Create", "Delete", "Disable", "Enable", "Import", "Put", "Replicate", "Retire", "Revoke", "Rotate",
				"Schedule", "Tag", "Untag", "Update",
			},
		},
		{
			// Requests name a web ACL in five ways, so changes of all web ACLs of the Region are recorded.
			// https://docs.aws.amazon.com/waf/latest/developerguide/logging-using-cloudtrail.html
			id: "WebACLs", sources: []string{"wafv2"},
			verbs: []string{"Associate", "Delete", "Disassociate", "Put", "Update"},
		},
		{
			// CloudTrail appends the version of Lambda's API to these names.
			// https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
			id: "Functions", sources: []string{"lambda"},
			verbs: []string{"Add", "Create", "Delete", "Publish", "Put", "Remove", "Update"},
			// A function of any name gets the rights of one of the stage's with its role.
			further: managed(parameters(p.own(), "functionName", "resourceArn", "role")),
		},
		{
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/cloudtrail.html
			id: "Api", sources: []string{"apigateway"}, further: parameter("restApiId", anyOf(p.APIID)),
			verbs: []string{"Create", "Delete", "Flush", "Import", "Put", "Update"},
		},
	}
}

// bootstrap are assumptions of the role that starts deployments, and of CloudFormation's. The CDK tries the first for
// every difference that it shows, and continues without it, so refused attempts are left out. CloudFormation assumes
// its role for everything that it deploys, so calls of services are left out, too.
// https://github.com/aws/aws-cdk-cli/blob/main/packages/@aws-cdk/toolkit-lib/lib/api/environment/environment-access.ts
func (p Props) bootstrap() change {
	return change{
		id: "Bootstrap", sources: []string{"sts"}, names: []string{"AssumeRole"}, reads: true,
		further: map[string]any{
			"requestParameters": map[string]any{"roleArn": []any{
				map[string]any{"wildcard": "*:role/" + p.Starter},
				map[string]any{"wildcard": "*:role/" + p.Deployer},
			}},
			"errorCode":    like("exists", false),
			"userIdentity": map[string]any{"type": like("anything-but", "AWSService")},
		},
	}
}

// stored are changes of buckets, tables, the parameter and logs, but not of the data in them.
func (p Props) stored() []change {
	return []change{
		{
			// All changes of a bucket's settings.
			// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
			id: "Buckets", sources: []string{"s3"},
			further: managed(parameter("bucketName", like("prefix", bucketsOf(p.StageID)))),
		},
		{
			// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
			id: "Tables", sources: []string{"dynamodb"},
			verbs: []string{
				"Create", "Delete", "Disable", "Enable", "Export", "Put", "Restore", "Tag", "Untag", "Update",
			},
			further: managed(parameters(p.own(), "tableName", "tableArn", "sourceTableName", "sourceTableArn", "resourceArn",
				"backupArn", "targetTableName", "globalTableName")),
		},
		{
			// Triggers read the clients' ids from this parameter.
			// https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html
			id: "Parameters", sources: []string{"ssm"},
			verbs:   []string{"Add", "Delete", "Label", "Put", "Remove", "Unlabel"},
			further: parameters(anyOf(p.ClientsParameter), "name", "names", "resourceId"),
		},
		{
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cwl.html
			id: "Logs", sources: []string{"logs"}, verbs: []string{"Associate", "Delete", "Disassociate", "Put"},
			further: managed(parameters(p.own(), "logGroupName", "logGroupIdentifier", "resourceIdentifier", "resourceArn")),
		},
	}
}

// watching are changes that could end the record or its notifications. Trails belong to the account.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/logging-using-cloudtrail.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-logging-using-cloudtrail.html
func (p Props) watching() []change {
	own := like("prefix", p.StageID+"-")
	changed := begin("Delete", "Disable", "Enable", "Put", "Remove", "Tag", "Untag")
	about := func(name string, match []any) map[string]any {
		return map[string]any{"eventName": changed, "requestParameters": map[string]any{name: match}}
	}
	return []change{
		{
			id: "Trails", sources: []string{"cloudtrail"},
			verbs: []string{"Put"},
			names: []string{
				"CreateTrail", "DeleteTrail", "DeregisterOrganizationDelegatedAdmin", "RegisterOrganizationDelegatedAdmin",
				"StartLogging", "StopLogging", "UpdateTrail",
			},
		},
		{
			// This rule reports changes of all rules, so it also delivers the heartbeat: if it is disabled, an alarm starts.
			id: "Rules", sources: []string{"events", "sts"}, reads: true,
			further: map[string]any{"$or": []any{
				about("name", own), about("rule", own),
				about("resourceARN", like("wildcard", "*:rule/"+p.StageID+"-*")),
				map[string]any{
					"eventName": anyOf("GetCallerIdentity"),
					"userIdentity": map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{
						"userName": anyOf(contract.KeeperRole(p.StageID)),
					}}},
				},
			}},
		},
		{
			// A mute rule concerns the stage if it names one of its alarms. The dashboard has the stage's name.
			id: "Alarms", sources: []string{"monitoring"}, verbs: []string{"Delete", "Disable", "Enable", "Put", "Set"},
			further: map[string]any{"$or": []any{
				parameter("alarmNames", own), parameter("alarmName", own),
				map[string]any{"requestParameters": map[string]any{"muteTargets": map[string]any{"alarmNames": own}}},
				parameter("dashboardNames", anyOf(p.StageID)), parameter("dashboardName", anyOf(p.StageID)),
			}},
		},
		{
			id: "Topics", sources: []string{"sns"},
			verbs:   []string{"Add", "Confirm", "Create", "Delete", "Put", "Remove", "Set", "Subscribe", "Unsubscribe"},
			further: parameters(p.own(), "topicArn", "subscriptionArn", "resourceArn", "name"),
		},
		{
			// Sending and receiving messages are data events; purging the queue and moving messages out are not.
			// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html
			id: "Queues", sources: []string{"sqs"},
			verbs:   []string{"Add", "Create", "Delete", "Purge", "Remove", "Set", "Start", "Tag", "Untag"},
			further: managed(parameters(p.own(), "queueUrl", "queueName", "sourceArn")),
		},
	}
}

// account are changes of account settings that the stage depends on, and changes that name no resource.
func (p Props) account() []change {
	// The CDK drops null from patterns, so absence is matched field by field.
	unnamed := map[string]any{}
	for _, name := range []string{
		"alarmName", "alarmNames", "functionName", "identityPoolId", "keyId", "logGroupName", "name", "policyArn",
		"resourceArn", "restApiId", "roleName", "rule", "stackName", "tableName", "topicArn", "userPoolId",
	} {
		unnamed[name] = like("exists", false)
	}
	return []change{
		{
			// Nothing says which identities and configuration sets the stage uses, and suppressed addresses and account
			// settings concern all senders, so all changes of the Region are recorded. Sent mails are data events.
			// https://docs.aws.amazon.com/ses/latest/dg/logging-using-cloudtrail.html
			id: "Mail", sources: []string{"ses"}, further: managed(map[string]any{}),
			verbs: []string{"Associate", "Create", "Delete", "Disassociate", "Put", "Set", "Tag", "Untag", "Update"},
		},
		{
			id: "Account", sources: []string{"apigateway", "cognito-idp", "events", "s3"},
			names: []string{
				"DeleteAccountPublicAccessBlock", "PutAccountPublicAccessBlock", "PutPermission", "RemovePermission",
				"UpdateAccount", "UpdateEventBus", "UpdateProvisionedLimit",
			},
		},
		{
			// CloudTrail omits parameters above 100 KB, such as a provider's metadata, and those of some refused calls. Nothing
			// says whether such a call concerns the stage, so all of the Region are recorded.
			// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
			id: "Unnamed",
			sources: []string{
				"apigateway", "cloudformation", "cognito-identity", "cognito-idp", "dynamodb", "events", "iam", "kms", "lambda",
				"logs", "monitoring", "sns",
			},
			further: managed(map[string]any{"$or": []any{
				parameter("omitted", []any{true}),
				map[string]any{"requestParameters": unnamed, "errorCode": []any{
					map[string]any{"wildcard": "*AccessDenied*"}, map[string]any{"wildcard": "*Unauthorized*"},
					map[string]any{"wildcard": "*NotAuthorized*"},
				}},
			}}),
		},
	}
}
