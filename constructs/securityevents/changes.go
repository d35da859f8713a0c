package securityevents

import "slices"

// change is a set of CloudTrail's events that one rule lets through.
type change struct {
	// id is the rule's in the stage.
	id string
	// source is the service that answered, such as "kms.amazonaws.com", names are the operations as CloudTrail spells
	// them. All of the service's if empty.
	source string
	names  []string
	// further is what else of the event's detail must be so, above all which resource it is about.
	further map[string]any
}

// anyOf matches if the event has one of the values.
func anyOf(values ...string) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}

// like matches texts by a pattern with "*", and the comparison of this kind, such as "prefix".
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
func like(comparison string, value any) []any { return []any{map[string]any{comparison: value}} }

func parameters(name string, match []any) map[string]any {
	return map[string]any{"requestParameters": map[string]any{name: match}}
}

// changes are all that is kept, for one stage.
func (p Props) changes() []change {
	return slices.Concat(p.identities(), p.people(), p.platform(), p.stored(), watching(p.StageID))
}

// identities are changes of the user pool and the identity pool. Cognito sends all operations of user pools to
// CloudTrail: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
func (p Props) identities() []change {
	return []change{
		{
			id: "UserPool", source: "cognito-idp.amazonaws.com", further: parameters("userPoolId", anyOf(p.Pool.ID)),
			names: []string{
				"AddCustomAttributes", "CreateGroup", "CreateIdentityProvider", "CreateManagedLoginBranding",
				"CreateResourceServer", "CreateUserImportJob", "CreateUserPoolClient", "CreateUserPoolDomain",
				"DeleteIdentityProvider", "DeleteManagedLoginBranding", "DeleteResourceServer", "DeleteUserPool",
				"DeleteUserPoolClient", "DeleteUserPoolDomain", "SetLogDeliveryConfiguration",
				"SetRiskConfiguration", "SetUICustomization", "SetUserPoolMfaConfig", "StartUserImportJob",
				"UpdateGroup", "UpdateIdentityProvider", "UpdateManagedLoginBranding", "UpdateResourceServer",
				"UpdateUserPool", "UpdateUserPoolClient", "UpdateUserPoolDomain",
			},
		},
		{
			id: "IdentityPool", source: "cognito-identity.amazonaws.com",
			further: parameters("identityPoolId", anyOf(p.IdentityPoolID)),
			names: []string{
				"DeleteIdentityPool", "SetIdentityPoolRoles", "SetPrincipalTagAttributeMap", "UpdateIdentityPool",
			},
		},
	}
}

// people are what anybody but the stage's own functions does to accounts of customers, and who takes a role of the
// support desk. The functions' own log says what they do.
func (p Props) people() []change {
	desk := anyOf(p.StageID+"-Support", p.StageID+"-Privacy")
	issuer := map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{"userName": desk}}}
	return []change{
		{
			id: "Accounts", source: "cognito-idp.amazonaws.com",
			names: []string{
				"AdminAddUserToGroup", "AdminConfirmSignUp", "AdminCreateUser", "AdminDeleteSoftwareToken",
				"AdminDeleteUser", "AdminDeleteUserAttributes", "AdminDisableProviderForUser", "AdminDisableUser",
				"AdminEnableUser", "AdminInitiateAuth", "AdminLinkProviderForUser", "AdminResetUserPassword",
				"AdminRespondToAuthChallenge", "AdminSetUserMFAPreference", "AdminSetUserPassword",
				"AdminSetUserSettings", "AdminUpdateUserAttributes", "AdminUserGlobalSignOut",
			},
			further: map[string]any{
				"requestParameters": map[string]any{"userPoolId": anyOf(p.Pool.ID)},
				"$or": []any{
					map[string]any{"userIdentity": map[string]any{
						"arn": like("anything-but", map[string]any{"wildcard": "*:assumed-role/" + p.StageID + "-*"}),
					}},
					map[string]any{"userIdentity": issuer},
				},
			},
		},
		{
			id: "Desk", source: "sts.amazonaws.com", names: []string{"AssumeRole"},
			further: parameters("roleArn", []any{
				map[string]any{"wildcard": "*:role/" + p.StageID + "-Support"},
				map[string]any{"wildcard": "*:role/" + p.StageID + "-Privacy"},
			}),
		},
	}
}

// own matches names and ARNs of functions and tables of the stage: a request may name one in either way.
func (p Props) own() []any { return like("wildcard", "*"+p.StageID+"-*") }

// platform are changes of what the stage runs on.
func (p Props) platform() []change {
	return []change{
		{
			// IAM is global, and its events are in us-east-1 only (docs/adr/0023-security-events.md).
			// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
			id: "Roles", source: "iam.amazonaws.com",
			further: parameters("roleName", like("prefix", p.StageID+"-")),
			names: []string{
				"AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy",
				"DetachRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy",
				"UpdateRole",
			},
		},
		{
			// https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
			id: "Keys", source: "kms.amazonaws.com",
			further: map[string]any{"resources": map[string]any{"ARN": anyOf(p.Keys...)}},
			names: []string{
				"CancelKeyDeletion", "CreateGrant", "DisableKey", "DisableKeyRotation", "EnableKey", "PutKeyPolicy",
				"RevokeGrant", "ScheduleKeyDeletion",
			},
		},
		{
			// Requests name what they are about in five ways, so changes of every web ACL of the Region are kept.
			// https://docs.aws.amazon.com/waf/latest/developerguide/logging-using-cloudtrail.html
			id: "WebACLs", source: "wafv2.amazonaws.com",
			names: []string{
				"AssociateWebACL", "DeleteLoggingConfiguration", "DeleteWebACL", "DisassociateWebACL",
				"PutLoggingConfiguration", "UpdateWebACL",
			},
		},
		{
			// CloudTrail adds the version of the API to these names.
			// https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
			id: "Functions", source: "lambda.amazonaws.com",
			further: parameters("functionName", p.own()),
			names: []string{
				"AddPermission20150331v2", "CreateEventSourceMapping20150331", "CreateFunctionUrlConfig",
				"DeleteFunction20150331", "DeleteFunctionConcurrency20171031", "PutFunctionConcurrency20171031",
				"RemovePermission20150331v2", "UpdateFunctionCode20150331v2",
				"UpdateFunctionConfiguration20150331v2", "UpdateFunctionUrlConfig",
			},
		},
		{
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/cloudtrail.html
			id: "Api", source: "apigateway.amazonaws.com", further: parameters("restApiId", anyOf(p.APIID)),
			names: []string{
				"CreateAuthorizer", "CreateDeployment", "CreateStage", "DeleteAuthorizer", "DeleteMethod",
				"DeleteRestApi", "DeleteStage", "PutIntegration", "PutMethod", "PutRestApi", "UpdateAuthorizer",
				"UpdateIntegration", "UpdateMethod", "UpdateRestApi", "UpdateStage",
			},
		},
	}
}

// stored are changes of what holds data, but not of the data.
func (p Props) stored() []change {
	return []change{
		{
			// All changes of a bucket's settings. What is written to it is no management event.
			// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
			id: "Buckets", source: "s3.amazonaws.com",
			further: map[string]any{
				"requestParameters": map[string]any{"bucketName": like("prefix", bucketsOf(p.StageID))},
				"managementEvent":   []any{true},
			},
		},
		{
			// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
			id: "Tables", source: "dynamodb.amazonaws.com",
			further: parameters("tableName", p.own()),
			names: []string{
				"DeleteResourcePolicy", "DeleteTable", "PutResourcePolicy", "UpdateContinuousBackups", "UpdateTable",
			},
		},
		{
			// The parameter tells triggers which client is which.
			// https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html
			id: "Parameters", source: "ssm.amazonaws.com", names: []string{"DeleteParameter", "PutParameter"},
			further: parameters("name", anyOf(p.ClientsParameter)),
		},
	}
}

// watching is whatever switches off that somebody hears of all this. A trail is the account's.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/logging-using-cloudtrail.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html
func watching(stageID string) []change {
	own := like("prefix", stageID+"-")
	return []change{
		{
			id: "Trails", source: "cloudtrail.amazonaws.com",
			names: []string{"DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"},
		},
		{
			id: "Rules", source: "events.amazonaws.com",
			names: []string{"DeleteRule", "DisableRule", "PutRule", "PutTargets", "RemoveTargets"},
			further: map[string]any{"$or": []any{
				parameters("name", own), parameters("rule", own),
			}},
		},
		{
			id: "Alarms", source: "monitoring.amazonaws.com", names: []string{"DeleteAlarms", "DisableAlarmActions"},
			further: parameters("alarmNames", own),
		},
	}
}
