// Package securityevents records who changed what in a stage, and notifies people of changes that did not come through
// the pipeline.
//
// CloudTrail sends events to EventBridge, whose rules match the changes that changes.go lists. The function
// lambda/securityevents withholds secrets, writes the rest to a locked bucket, and decides which changes are serious.
// EventBridge gets events only while a trail of the account logs them (docs/adr/0023-security-events.md).
package securityevents

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/topic"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/lambda/contract"
)

// Props configures the security events of a stage.
type Props struct {
	// Builder compiles the function. Required.
	Builder *golambda.Builder
	// StageID begins the names of the stage's stacks, roles and alarms, such as "SecureCart-Dev". Required.
	StageID string
	// Bootstrap is the qualifier of the CDK bootstrap whose role starts deployments. Required.
	Bootstrap string
	// Deployer is the name of the role with which CloudFormation changes the stage. Required.
	Deployer string
	// Starter is the name of the bootstrap's role that starts deployments. Required.
	Starter string
	// StartedBy are those who may assume the Starter, as in contract.ExpectedRole. Every other assumption notifies people.
	// Required.
	StartedBy []string
	// Pipeline begins the names of the pipeline's own stack, roles and policies. Required.
	Pipeline string
	// Secrets are the names of the providers' secrets. None if empty.
	Secrets []string
	// Email is notified of serious changes, once it has confirmed the subscription. Nobody if empty.
	Email string
	// Logs are the settings of the function's log. Their key also encrypts the notifications. Required.
	Logs logging.Settings
	// Bucket holds the record, below "changes/" and "users/". Required.
	Bucket *storage.Bucket
	// Pool is the user pool. Required.
	Pool *userpool.UserPool
	// UserActivity also records what the pool's users do; the pool must log it.
	UserActivity bool
	// IdentityPoolID, APIID and ClientsParameter name the identity pool, the REST API and the parameter of the clients'
	// ids. Required.
	IdentityPoolID, APIID, ClientsParameter string
	// Keys are the ARNs of the stage's keys. Required.
	Keys []string
	// Expected are the roles, beside CloudFormation's, whose listed operations notify nobody.
	Expected []contract.ExpectedRole
}

// SecurityEvents are the parts of the record that alarms watch.
type SecurityEvents struct {
	// Function records the events.
	Function *golambda.Function
	// Rules are the names of the rules that call it with events.
	Rules []string
	// Undelivered is the name of the queue of events that failed for good, UndeliveredURL its URL.
	Undelivered, UndeliveredURL string
}

// New adds the rules, the function, the queue and the topic to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *SecurityEvents {
	check.Props(scope, id,
		check.Given(props.Builder != nil, "Builder"),
		check.Given(props.StageID != "", "StageID"),
		check.Given(props.Bootstrap != "", "Bootstrap"),
		check.Given(props.Deployer != "", "Deployer"),
		check.Given(props.Starter != "", "Starter"),
		check.Given(len(props.StartedBy) > 0, "StartedBy"),
		check.Given(props.Pipeline != "", "Pipeline"),
		props.Logs.Check(),
		check.Given(props.Bucket != nil, "Bucket"),
		check.Given(props.Pool != nil, "Pool"),
		check.Given(props.IdentityPoolID != "", "IdentityPoolID"),
		check.Given(props.APIID != "", "APIID"),
		check.Given(props.ClientsParameter != "", "ClientsParameter"),
		check.Given(len(props.Keys) > 0, "Keys"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	undelivered := newQueue(self)
	security := topic.New(self, "Topic", topic.Props{KeyID: props.Logs.Key.ID, Email: props.Email})
	stack := awscdk.Stack_Of(self)
	account := *stack.Account()
	// The CDK leaves "Default" out of logical ids.
	function := golambda.New(self, "Default", golambda.Props{
		Builder: props.Builder, Name: "securityevents", Description: "Keeps who changed what, and tells of what is serious",
		Logs: props.Logs,
		Environment: map[string]string{
			contract.EventsBucket:  props.Bucket.Name,
			contract.SecurityTopic: security,
			contract.StageID:       props.StageID,
			contract.ExpectedRoles: props.expected(),
			contract.DeployRole:    props.Deployer,
			contract.Undelivered:   undelivered.url,
		},
		RoleName: contract.KeeperRole(props.StageID), DeadLetters: undelivered.arn,
		Grants: []iamrole.Grants{
			props.Bucket.AllowAdd("KeepChanges", "changes/"),
			props.Bucket.AllowAdd("KeepUserActivity", "users/"),
			{{Sid: "TellOfSeriousOnes", Actions: []string{"sns:Publish"}, Resources: []string{security}}},
			props.Logs.Key.AllowTopics(),
			undelivered.allowSaveAndReplay(),
		},
	})
	events := &SecurityEvents{
		Function: function, Undelivered: undelivered.name, UndeliveredURL: undelivered.url,
	}
	for _, c := range props.changes(account) {
		rule := c.add(self, props.rule(c.id), account, function, undelivered)
		events.Rules = append(events.Rules, *rule.Ref())
	}
	undelivered.keepTo(self, users{
		rules: ruleARN(stack, props.rule("*")), otherBuses: ruleARN(stack, "*/*"), function: function.Role.ARN(),
		deployer: roleARN(stack, props.Deployer),
	})
	schedule.NewHourly(self, "Heartbeat", schedule.Props{
		Function: function, Description: "Makes the function call AWS, which must come back as an event",
	})
	if props.UserActivity {
		subscribe(self, function, props.Pool.Log)
	}
	return events
}

// rule is the name of a rule. The queue's policy names the rules by their beginning, so they have names of our own:
// CloudFormation would shorten its names to 64 characters.
func (p Props) rule(id string) string { return p.StageID + "-SecurityEvents-" + id }

func roleARN(stack awscdk.Stack, name string) string {
	return *stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("iam"), Region: jsii.String(""), Resource: jsii.String("role"), ResourceName: jsii.String(name),
	})
}

func ruleARN(stack awscdk.Stack, name string) string {
	return *stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String(name),
	})
}

// expected are the roles whose listed operations notify nobody, as JSON. The role with which the CDK starts deployments
// may also delete stacks, which is not listed.
// https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml
func (p Props) expected() string {
	text, err := json.Marshal(append([]contract.ExpectedRole{{
		Name:       p.Starter,
		Source:     "cloudformation.amazonaws.com",
		Operations: []string{"CreateChangeSet", "DeleteChangeSet", "ExecuteChangeSet"},
		TakenBy:    p.StartedBy,
	}}, p.Expected...))
	if err != nil { // strings only
		panic(err)
	}
	return string(text)
}

// add adds a rule that hands events to the function, which lets this rule call it. EventBridge retries for a day, its
// longest, and then saves the event in the queue.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
func (c change) add(
	scope constructs.Construct, name, account string, function *golambda.Function, undelivered queue,
) awsevents.CfnRule {
	var sources []any
	for _, source := range c.sources {
		sources = append(sources, source+".amazonaws.com")
	}
	detail := map[string]any{"eventSource": sources}
	if operations := c.operations(); len(operations) > 0 {
		detail["eventName"] = operations
	}
	state := "ENABLED"
	if c.reads {
		state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
	}
	for key, match := range c.further {
		detail[key] = match
	}
	rule := awsevents.NewCfnRule(scope, jsii.String(c.id), &awsevents.CfnRuleProps{
		Name:        jsii.String(name),
		Description: jsii.String("Keeps changes: " + c.id),
		EventPattern: map[string]any{
			// Only AWS can put events with these sources on the bus. The bus may be open to other accounts.
			// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
			"source": like("prefix", "aws."), "account": anyOf(account),
			"detail-type": anyOf("AWS API Call via CloudTrail"), "detail": detail,
		},
		State: jsii.String(state),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Function"), Arn: jsii.String(function.ARN),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: jsii.String(undelivered.arn)},
			RetryPolicy: &awsevents.CfnRule_RetryPolicyProperty{
				MaximumEventAgeInSeconds: jsii.Number(86400), MaximumRetryAttempts: jsii.Number(185),
			},
		}},
	})
	function.AllowCall(scope, c.id+"Invoke", "events.amazonaws.com", *rule.AttrArn())
	return rule
}

// operations match the names of the operations.
func (c change) operations() []any {
	return append(begin(c.verbs...), anyOf(c.names...)...)
}

// subscribe makes CloudWatch Logs call the function with what users do.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
func subscribe(scope constructs.Construct, function *golambda.Function, group string) {
	permission := function.AllowCall(scope, "UserActivityInvoke", "logs.amazonaws.com",
		logging.GroupARN(scope, group)+":*")
	permission.SetSourceAccount(awscdk.Stack_Of(scope).Account())
	filter := awslogs.NewCfnSubscriptionFilter(scope, jsii.String("UserActivity"), &awslogs.CfnSubscriptionFilterProps{
		LogGroupName:   jsii.String(group),
		FilterPattern:  jsii.String(`{ $.eventSource = "USER_ACTIVITY" }`),
		DestinationArn: jsii.String(function.ARN),
	})
	filter.Node().AddDependency(permission)
}

// bucketsOf begins the names of the stage's buckets, which CloudFormation makes of the stack's name in lower case.
func bucketsOf(stageID string) string { return strings.ToLower(stageID) + "-" }
