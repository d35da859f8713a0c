package securityevents

import "github.com/securecart/identity/lambda/contract"

// own matches names and ARNs of what is the stage's: a request may name one in either way.
func (p Props) own() []any { return like("wildcard", "*"+p.StageID+"-*") }

// platform are changes of what the stage runs on, and of what deploys it.
func (p Props) platform() []change {
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
			// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html
			id: "Stacks", sources: []string{"cloudformation"},
			verbs: []string{
				"Cancel", "Continue", "Create", "Delete", "Execute", "Rollback", "Set", "Signal", "Update",
			},
			further: parameters([]any{
				map[string]any{"wildcard": "*" + p.StageID + "-*"}, map[string]any{"wildcard": "*" + p.Pipeline + "*"},
			}, "stackName", "changeSetName"),
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
			// Requests name what they are about in five ways, so changes of every web ACL of the Region are kept.
			// https://docs.aws.amazon.com/waf/latest/developerguide/logging-using-cloudtrail.html
			id: "WebACLs", sources: []string{"wafv2"},
			verbs: []string{"Associate", "Delete", "Disassociate", "Put", "Update"},
		},
		{
			// CloudTrail adds the version of the API to these names.
			// https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
			id: "Functions", sources: []string{"lambda"}, further: managed(parameters(p.own(), "functionName", "resourceArn")),
			verbs: []string{"Add", "Create", "Delete", "Publish", "Put", "Remove", "Update"},
		},
		{
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/cloudtrail.html
			id: "Api", sources: []string{"apigateway"}, further: parameter("restApiId", anyOf(p.APIID)),
			verbs: []string{"Create", "Delete", "Flush", "Import", "Put", "Update"},
		},
	}
}

// stored are changes of what holds data, but not of the data.
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
			// The parameter tells triggers which client is which.
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

// watching is whatever switches off that somebody hears of all this. A trail is the account's.
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
			names: []string{"DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"},
		},
		{
			// The heartbeat comes by this rule, which tells of changes of all others: while it is disabled, nothing comes.
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
			id: "Alarms", sources: []string{"monitoring"}, verbs: []string{"Delete", "Disable", "Put", "Set"},
			further: parameters(own, "alarmNames", "alarmName"),
		},
		{
			id: "Topics", sources: []string{"sns"},
			verbs:   []string{"Add", "Confirm", "Create", "Delete", "Put", "Remove", "Set", "Subscribe", "Unsubscribe"},
			further: parameters(p.own(), "topicArn", "subscriptionArn", "resourceArn", "name"),
		},
	}
}

// account are settings of the account that the stage rests on, and changes that do not say what they are about.
func (p Props) account() []change {
	// A pattern cannot match null here: the CDK drops it.
	unnamed := map[string]any{}
	for _, name := range []string{
		"alarmName", "alarmNames", "functionName", "identityPoolId", "keyId", "logGroupName", "name", "policyArn",
		"resourceArn", "restApiId", "roleName", "rule", "stackName", "tableName", "topicArn", "userPoolId",
	} {
		unnamed[name] = like("exists", false)
	}
	return []change{
		{
			id: "Account", sources: []string{"apigateway", "cognito-idp", "events", "s3"},
			names: []string{
				"DeleteAccountPublicAccessBlock", "PutAccountPublicAccessBlock", "PutPermission", "RemovePermission",
				"UpdateAccount", "UpdateEventBus", "UpdateProvisionedLimit",
			},
		},
		{
			// CloudTrail omits parameters above 100 KB, which a provider's metadata may have, and those of some calls that are
			// refused. All of the Region are kept, since nothing says whether they are about the stage.
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
