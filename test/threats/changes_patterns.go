package threats

import (
	"maps"
	"slices"
	"strings"
)

// patterns are the recorded changes, by the rule. Of other resources than the parameter they take names only, which an
// edit leaves as they are.
func (in *Inspection) patterns() map[string]object {
	if in.mayDiffer(parameter) {
		return in.recorded()
	}
	return in.patternsBefore()
}

// recorded are the changes that must be let through, by the rule: the beginnings of the names of operations, as
// CloudTrail spells them, separated by spaces, and what else of an event must be so.
func (in *Inspection) recorded() map[string]object {
	all := in.recordedOfPools()
	for _, more := range []map[string]object{in.recordedOfPlatform(), in.recordedOfData(), in.recordedOfAccount()} {
		maps.Copy(all, more)
	}
	return all
}

// readToo are the rules that also let through what only reads.
var readToo = map[string]bool{"Accounts": true, "Desk": true, "Rules": true, "Bootstrap": true}

// changesOf is the detail of a pattern: services' operations, and where they must have happened. A name that ends in
// "." is whole.
func changesOf(services, names string, where object) object {
	var sources, operations []any
	for _, service := range strings.Fields(services) {
		sources = append(sources, service+".amazonaws.com")
	}
	where["eventSource"] = sources
	for _, name := range strings.Fields(names) {
		if whole, found := strings.CutSuffix(name, "."); found {
			operations = append(operations, whole)
		} else {
			operations = append(operations, object{"prefix": name})
		}
	}
	if len(operations) > 0 {
		where["eventName"] = operations
	}
	return where
}

// with is the detail of a pattern in which one of the parameters of the request matches.
func with(match []any, names ...string) object {
	if len(names) == 1 {
		return object{"requestParameters": object{names[0]: match}}
	}
	var either []any
	for _, name := range names {
		either = append(either, with(match, name))
	}
	return object{"$or": either}
}

// ofManagement is without events about data: an object that is written would be an event about itself.
func ofManagement(where object) object {
	where["managementEvent"] = []any{true}
	return where
}

// ruleChange is one way to change a rule.
func ruleChange(where object) object {
	changed := changesOf("", "Delete Disable Enable Put Remove Tag Untag", where)
	delete(changed, "eventSource") // which all ways share
	return changed
}

func wildcard(texts ...string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = object{"wildcard": text}
	}
	return list
}

func (in *Inspection) recordedOfPools() map[string]object {
	pool, identities := in.Only(userPool).Ref(), in.Only(identityPool).Ref()
	who := func(match object) object { return object{"userIdentity": match} }
	return map[string]object{
		"UserPool": changesOf("cognito-idp", "Add Create Delete Set Start Stop Tag Untag Update",
			with(append(anyOf(pool), wildcard("*:userpool/"+pool)...), "userPoolId", "resourceArn")),
		"IdentityPool": changesOf("cognito-identity", "Delete Merge Set Tag Unlink Untag Update",
			with(append(anyOf(identities), wildcard("*:identitypool/"+identities)...), "identityPoolId", "resourceArn")),
		// Everybody but the stage's own functions.
		"Accounts": changesOf("cognito-idp", "Admin ListUsers", object{
			"requestParameters": object{"userPoolId": anyOf(pool)}, "$or": []any{
				who(object{"arn": []any{object{"anything-but": object{
					"prefix": "arn:aws:sts::" + in.Account() + ":assumed-role/" + in.ID + "-",
				}}}}),
				who(object{"type": []any{object{"anything-but": "AssumedRole"}}}),
				who(object{"sessionContext": object{"sessionIssuer": object{
					"userName": anyOf(in.ID+"-Support", in.ID+"-Privacy"),
				}}}),
			},
		}),
		"Desk": changesOf("sts", "AssumeRole.",
			with(wildcard("*:role/"+in.ID+"-Support", "*:role/"+in.ID+"-Privacy"), "roleArn")),
	}
}

func (in *Inspection) recordedOfPlatform() map[string]object {
	mine, pipeline := wildcard("*"+in.ID+"-*"), "SecureCart-Delivery-"+in.Config.Name
	stacks, deployer := append(slices.Clone(mine), wildcard("*"+pipeline+"*")...), wildcard("*:role/"+in.executionRole())
	keys := anyOf()
	for _, name := range []string{logKey, proofsKey, dataKey, archiveKey} {
		keys = append(keys, in.The(kmsKey, name).Ref("Arn"))
	}
	roles := []any{
		object{"prefix": in.ID + "-"}, object{"prefix": "cdk-" + in.Config.Delivery.Bootstrap() + "-"},
		object{"prefix": pipeline + "-"},
	}
	return map[string]object{
		"Roles": changesOf("iam", "Add Attach Create Delete Detach Put Remove Set Tag Untag Update", object{"$or": []any{
			with(roles, "roleName"), with(wildcard("*:policy/"+pipeline+"-*"), "policyArn"),
			with(wildcard("*:oidc-provider/token.actions.githubusercontent.com"), "openIDConnectProviderArn"),
		}}),
		"Stacks": changesOf("cloudformation cloudcontrolapi",
			"Cancel Continue Create Delete Execute Rollback Set Signal Update",
			object{"$or": []any{
				with(stacks, "stackName"), with(stacks, "changeSetName"), with(deployer, "roleARN"), with(deployer, "roleArn"),
			}}),
		// A difference tries the first role and is refused; CloudFormation itself assumes the second.
		"Bootstrap": changesOf("sts", "AssumeRole.", object{
			"requestParameters": object{"roleArn": append(wildcard("*:role/"+in.startingRole()), deployer...)},
			"errorCode":         []any{object{"exists": false}},
			"userIdentity":      object{"type": []any{object{"anything-but": "AWSService"}}},
		}),
		"Keys": changesOf("kms", `Cancel Create Delete Disable Enable Import Put Replicate Retire Revoke Rotate Schedule Tag
			Untag Update`, object{"resources": object{"ARN": keys}}),
		"WebACLs": changesOf("wafv2", "Associate Delete Disassociate Put Update", object{}),
		"Functions": changesOf("lambda", "Add Create Delete Publish Put Remove Update",
			ofManagement(with(mine, "functionName", "resourceArn", "role"))),
		"Api": changesOf("apigateway", "Create Delete Flush Import Put Update",
			with(anyOf(in.Only(restAPI).Ref()), "restApiId")),
	}
}

func (in *Inspection) recordedOfData() map[string]object {
	mine := wildcard("*" + in.ID + "-*")
	all := map[string]object{
		"Buckets": changesOf("s3", "", ofManagement(
			with([]any{object{"prefix": strings.ToLower(in.ID) + "-"}}, "bucketName"))),
		"Tables": changesOf("dynamodb", "Create Delete Disable Enable Export Put Restore Tag Untag Update",
			ofManagement(with(mine, "tableName", "tableArn", "sourceTableName", "sourceTableArn", "resourceArn", "backupArn",
				"targetTableName", "globalTableName"))),
		"Parameters": changesOf("ssm", "Add Delete Label Put Remove Unlabel",
			with(anyOf(in.Only(parameter).At("Name").Text()), "name", "names", "resourceId")),
		"Logs": changesOf("logs", "Associate Delete Disassociate Put",
			ofManagement(with(mine, "logGroupName", "logGroupIdentifier", "resourceIdentifier", "resourceArn"))),
	}
	secrets := anyOf()
	for _, provider := range in.Config.Providers {
		if name := provider.SecretName; name != "" {
			secrets = append(append(secrets, name), wildcard("*:secret:"+name+"-*")...)
		}
	}
	if len(secrets) > 0 {
		all["Secrets"] = changesOf("secretsmanager",
			"Cancel Delete Put Remove Replicate Restore Rotate Stop Tag Untag Update", with(secrets, "secretId"))
	}
	return all
}

// recordedOfAccount are changes of the account on which the stage rests, and of whatever tells somebody.
func (in *Inspection) recordedOfAccount() map[string]object {
	own, unnamed := []any{object{"prefix": in.ID + "-"}}, object{}
	for name := range strings.FieldsSeq(`alarmName alarmNames functionName identityPoolId keyId logGroupName name policyArn
		resourceArn restApiId roleName rule stackName tableName topicArn userPoolId`) {
		unnamed[name] = []any{object{"exists": false}}
	}
	return map[string]object{
		"Trails": changesOf("cloudtrail", `Put CreateTrail. DeleteTrail. DeregisterOrganizationDelegatedAdmin.
			RegisterOrganizationDelegatedAdmin. StartLogging. StopLogging. UpdateTrail.`, object{}),
		"Rules": changesOf("events sts", "", object{"$or": []any{
			ruleChange(with(own, "name")), ruleChange(with(own, "rule")),
			ruleChange(with(wildcard("*:rule/"+in.ID+"-*"), "resourceARN")),
			// The heartbeat, which nobody else makes.
			object{
				"eventName": anyOf("GetCallerIdentity"),
				"userIdentity": object{"sessionContext": object{"sessionIssuer": object{
					"userName": anyOf(in.ID + "-SecurityEvents"),
				}}},
			},
		}}),
		"Alarms": changesOf("monitoring", "Delete Disable Enable Put Set", object{"$or": []any{
			with(own, "alarmNames"), with(own, "alarmName"),
			object{"requestParameters": object{"muteTargets": object{"alarmNames": own}}},
			with(anyOf(in.ID), "dashboardNames"), with(anyOf(in.ID), "dashboardName"),
		}}),
		"Queues": changesOf("sqs", "Add Create Delete Purge Remove Set Start Tag Untag",
			ofManagement(with(wildcard("*"+in.ID+"-*"), "queueUrl", "queueName", "sourceArn"))),
		"Mail": changesOf("ses", "Associate Create Delete Disassociate Put Set Tag Untag Update", ofManagement(object{})),
		"Topics": changesOf("sns", "Add Confirm Create Delete Put Remove Set Subscribe Unsubscribe",
			with(wildcard("*"+in.ID+"-*"), "topicArn", "subscriptionArn", "resourceArn", "name")),
		"Account": changesOf("apigateway cognito-idp events s3", `DeleteAccountPublicAccessBlock.
			PutAccountPublicAccessBlock. PutPermission. RemovePermission. UpdateAccount. UpdateEventBus.
			UpdateProvisionedLimit.`, object{}),
		// Without the parameters nothing says what a change is about.
		"Unnamed": changesOf("apigateway cloudformation cognito-identity cognito-idp dynamodb events iam kms lambda logs "+
			"monitoring sns", "", ofManagement(object{"$or": []any{
			with([]any{true}, "omitted"),
			object{
				"requestParameters": unnamed,
				"errorCode":         wildcard("*AccessDenied*", "*Unauthorized*", "*NotAuthorized*"),
			},
		}})),
	}
}
