package threats

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// The parts that keep the record of changes.
const (
	keeper         = "Operations.SecurityEvents"
	keeperFunction = keeper + "Function"
	keeperRole     = keeper + "Role"
	securityTopic  = keeper + "Topic"
	recordBucket   = "Data.SecurityEvents"
	archiveKey     = "Data.ArchiveKey"

	undeliveredQueue = keeper + "Undelivered"
	heartbeatRule    = keeper + "HeartbeatRule"
)

// object abbreviates what a pattern consists of.
type object = map[string]any

func anyOf(texts ...string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// recording is the threat to which the record of changes is the answer.
var recording = []Threat{
	{
		ID:    "U53",
		Title: "Change the stage without the pipeline, or change customers' accounts, and leave no record",
		Sources: []string{
			hackPrivesc, hackPersistence,
			"https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html",
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
		},
		Closed: "CloudTrail's events of pools, roles, stacks, keys, web ACLs, functions, API, buckets, tables, parameter, " +
			"secrets, logs and e-mail, of the support desk and of customers' accounts, and of every change that would end the " +
			"record, are written to a bucket to which only the function writes, and whose objects nobody can delete before " +
			"their retention ends. Only CloudFormation and the root user can end its key. What is not the exact work of the " +
			"pipeline, the desk or the end-to-end suite is mailed. Forged events are refused. Fields that may hold secrets " +
			"are omitted from the record and the mails. Events that fail for good wait whole in a queue that only the " +
			"function reads, with an alarm. An hourly call of the function must come back as an event: within four hours an " +
			"alarm tells that the record has ended, also by a topic with another key.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"test.TestRecordedEventsReachTheRulesThatAreForThem",
			"lambda/securityevents.TestNothingSecretIsKept",
			"lambda/securityevents.TestWhatIsSeriousIsToldOf",
			"lambda/securityevents.TestOnlyExactlyWhatIsExpectedIsQuiet",
			"lambda/securityevents.TestWhatIsNoEventFails",
			"lambda/securityevents.TestAHeartbeatCountsOnceItIsKept",
			"lambda/securityevents.TestNobodyElsesCallIsAHeartbeat",
			"lambda/securityevents.TestAHeartbeatCountsOnlyInItsOwnTime",
			"test/access.TestAdministratorsCannotTouchTheRecord",
			"test/access.TestAdministratorsCannotEndTheArchiveKey",
			"test/access.TestAdministratorsCannotUseTheQueueOfTheRecord",
			"test/access.TestOnlyTheRecordsRulesSendToItsQueue",
			"test.TestNobodyGetsTheRightsOfADeploymentUnseen",
			"test.TestEveryOperationThatChangesSomethingReachesARule",
		},
		Limit: "EventBridge gets events only while a trail of the account logs management events, within minutes and by " +
			"best effort; the trail of an organization is stopped in another account. Nobody is told if, in these minutes, " +
			"somebody replaces the function by one that logs heartbeats and records nothing else, or lets nothing but " +
			"heartbeats through rule Rules: only drift and the account's trail show that. Heartbeats can be forged by " +
			"PutMetricData, PutLogEvents or Invoke, and by Invoke an event of the record, too; no rule tells of these " +
			"calls. No forged event replaces one that is recorded. Events of IAM are in us-east-1 only. Calls that " +
			"are refused before they are parsed name no parameters: those of twelve services are kept for the whole Region, " +
			"others are not. What the stage's own functions do to accounts is not recorded. A mail's link to unsubscribe " +
			"needs no credentials. A change by CloudFormation with the stage's execution role counts as the pipeline's. " +
			"That role and the root user can change the policies of bucket, key and queue, and so lift the lock, destroy " +
			"the record or disable the keys of logs and archive both. The management account of an organization may " +
			"act as the root user on the policies of bucket and queue, which is mailed. A stack that is started with " +
			"CloudFormation's role is mailed, unless it has the role already. So is an assumption of the role that " +
			"starts deployments, but not at STS's endpoint in a third Region, and not in a stage without a pipeline, " +
			"where everybody of the account may assume it.",
		check: func(in *Inspection) {
			in.recordsChanges()
			in.locksTheRecord()
			in.losesNoEvent()
			// The heartbeat shows the end of the record.
			in.calledHourly(in.The(function, keeperFunction), in.The(eventRule, heartbeatRule))
			f := in.The(function, keeperFunction)
			f.At("Environment", "Variables", "EVENTS_BUCKET").Reads("${" + recordBucket + "}")
			f.At("Environment", "Variables", "SECURITY_TOPIC").Reads("${" + securityTopic + "}")
			f.At("Environment", "Variables", "UNDELIVERED_QUEUE").Reads(in.The(queue, undeliveredQueue).Ref())
			f.At("Environment", "Variables", "STAGE_ID").Is(in.ID)
			f.At("Environment", "Variables", "DEPLOY_ROLE").Reads(in.executionRole())
			f.At("Environment", "Variables", "EXPECTED_ROLES").Reads(in.expectedRoles())
			in.roleOf(keeperRole).mayNot(slices.Concat(scans, tableWrites,
				[]string{"s3:Get*", "s3:List*", "s3:Delete*", "s3:Bypass*", "cognito-idp:*"})...)
		},
	},
}

// executionRole is the name of CloudFormation's role.
func (in *Inspection) executionRole() string { return in.Config.ExecutionRole(in.Account()) }

// startingRole is the name of the role that starts deployments.
func (in *Inspection) startingRole() string { return in.Config.StartingRole(in.Account()) }

// expectedRoles are the roles whose work is told to nobody, as the function reads them. Neither a password nor an
// attribute is anybody's work, but where the pipeline makes customers of its own.
func (in *Inspection) expectedRoles() string {
	const users = "cognito-idp.amazonaws.com"
	type role struct {
		Name, Source        string
		Operations, TakenBy []string
	}
	roles := []role{
		{
			in.startingRole(), "cloudformation.amazonaws.com",
			strings.Fields("CreateChangeSet DeleteChangeSet ExecuteChangeSet"), []string{"*"},
		},
		{in.ID + "-Support", users, strings.Fields(`ListUsers AdminGetUser AdminUserGlobalSignOut AdminDisableUser
			AdminEnableUser AdminDeleteSoftwareToken AdminSetUserMFAPreference`), in.Config.Support.Agents},
		{in.ID + "-Privacy", users, strings.Fields(`ListUsers AdminGetUser AdminUserGlobalSignOut AdminDisableUser
			AdminDeleteUser`), in.Config.Support.PrivacyOfficers},
	}
	if in.Config.Delivery.Pipeline() { // Elsewhere people start deployments.
		roles[0].TakenBy = []string{"role/SecureCart-Delivery-" + in.Config.Name + "-Deploy"}
	}
	if in.Config.Delivery.Pipeline() && !in.production() {
		verify := "SecureCart-Delivery-" + in.Config.Name + "-Verify"
		roles = append(roles, role{verify, users, strings.Fields(`AdminConfirmSignUp AdminCreateUser
			AdminDeleteSoftwareToken AdminDeleteUser AdminDisableUser AdminGetUser AdminLinkProviderForUser
			AdminSetUserMFAPreference AdminSetUserPassword ListUsers`), nil})
	}
	text, err := json.Marshal(roles)
	if err != nil { // strings only
		panic(err)
	}
	return string(text)
}

// recordsChanges expects a rule for each of the recorded changes, which calls the function, and no other rule but the
// schedules.
func (in *Inspection) recordsChanges() {
	want, seen := in.patterns(), map[string]bool{}
	f := in.The(function, keeperFunction)
	for _, rule := range in.Every(eventRule) {
		if rule.Name() == hourlyRule || rule.Name() == exportRule || rule.Name() == heartbeatRule {
			continue
		}
		name := strings.TrimPrefix(rule.Name(), keeper)
		seen[name] = true
		if !rule.judgedBefore() || in.mayDiffer(parameter) { // whose name stands in a pattern
			in.handsOver(rule, want[name], f)
		}
		rule.At("Name").Is(in.ID + "-SecurityEvents-" + name) // as the queue's policy names it
		in.mayCall(f, "events.amazonaws.com", rule.Ref("Arn"))
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !seen[name] {
			in.Fail(in.ID, "has no rule %s: such changes would leave no record", name)
		}
	}
	logs := in.Any(subscriptionFilter)
	if logged := in.Config.Logs.UserActivity; (len(logs) == 1) != logged || len(logs) > 1 {
		in.Fail(in.ID, "hands %d logs over, and user activity is logged: %t", len(logs), logged)
	}
	for _, s := range logs {
		s.At("FilterPattern").Is(`{ $.eventSource = "USER_ACTIVITY" }`)
		s.At("DestinationArn").Reads(f.Ref("Arn"))
		s.At("RoleArn").Absent()
		in.mayCall(f, "logs.amazonaws.com", in.arn("logs", "log-group:"+in.logGroupOf(s)+":*"))
	}
}

// handsOver expects the rule to let through what it is for, and to hand that to the function only.
func (in *Inspection) handsOver(rule Resource, detail object, f Resource) {
	if readToo[strings.TrimPrefix(rule.Name(), keeper)] {
		rule.At("State").Is("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
	} else {
		rule.At("State").Is("ENABLED")
	}
	rule.At("ScheduleExpression").Absent()
	rule.At("EventPattern").consistsOf(object{
		"source": []any{object{"prefix": "aws."}}, "account": anyOf(in.Account()),
		"detail-type": anyOf("AWS API Call via CloudTrail"), "detail": detail,
	})
	if n := len(rule.At("Targets").Each()); n != 1 {
		rule.At("Targets").Fail("are %d, want one", n)
	}
	rule.At("Targets", 0).holds("Arn", "DeadLetterConfig", "Id", "RetryPolicy")
	rule.At("Targets", 0, "DeadLetterConfig", "Arn").Reads(in.The(queue, undeliveredQueue).Ref("Arn"))
	rule.At("Targets", 0, "RetryPolicy").Is(object{
		"MaximumEventAgeInSeconds": 86400.0, "MaximumRetryAttempts": 185.0,
	})
	rule.At("Targets", 0, "Arn").Reads(f.Ref("Arn"))
}

// mayCall expects a permission for a service to call a function for a source.
func (in *Inspection) mayCall(f Resource, service, source string) {
	if in.permitted == nil {
		in.permitted = in.permissions()
	}
	p, allowed := in.permitted[call{f.Ref("Arn"), source}]
	if !allowed {
		f.Fail("may not be called for %s", source)
		return
	}
	p.in = in
	p.At("Principal").Is(service)
	if service == "events.amazonaws.com" { // a rule's ARN names the account
		p.At("SourceAccount").Absent()
	} else {
		p.At("SourceAccount").Reads(in.Account())
	}
}

// permissions are the permissions to call functions.
func (in *Inspection) permissions() map[call]Resource {
	if !in.mayDiffer(permission) {
		return in.permissionsBefore()
	}
	all := map[call]Resource{}
	for _, p := range slices.Backward(in.Every(permission)) { // the first of two counts
		all[call{p.At("FunctionName").Text(), p.At("SourceArn").Text()}] = p
	}
	return all
}

// call is a call of a function for the sake of a source.
type call struct{ function, source string }
