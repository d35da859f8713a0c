package securityevents

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// queueSeconds is how long an undelivered event waits to be replayed: 14 days, the longest that SQS retains a message.
const queueSeconds = 14 * 24 * 60 * 60

// queue holds the events that failed for good, until somebody replays them.
type queue struct{ name, url, arn string }

// newQueue adds the queue. SQS encrypts it with a key of its own: the queue must take events exactly when a key of the
// stage is unusable.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
func newQueue(scope constructs.Construct) queue {
	resource := awssqs.NewCfnQueue(scope, jsii.String("Undelivered"), &awssqs.CfnQueueProps{
		SqsManagedSseEnabled:   jsii.Bool(true),
		MessageRetentionPeriod: jsii.Number(queueSeconds),
	})
	return queue{name: *resource.AttrQueueName(), url: *resource.Ref(), arn: *resource.AttrArn()}
}

// allowSaveAndReplay lets the function's role send events that it failed to keep, and receive and delete them to replay
// them. Lambda sends them with this role.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func (q queue) allowSaveAndReplay() iamrole.Grants {
	return iamrole.Grants{
		{Sid: "SaveFailedEvents", Actions: []string{"sqs:SendMessage"}, Resources: []string{q.arn}},
		{
			Sid: "ReplayEvents", Actions: []string{"sqs:DeleteMessage", "sqs:ReceiveMessage"},
			Resources: []string{q.arn},
		},
	}
}

// users are the ARNs of those who use the queue.
type users struct {
	// rules matches the rules that send what they could not hand over; otherBuses matches all rules of custom buses.
	rules, otherBuses string
	// function is the role that sends what it failed to keep, and replays.
	function string
	// deployer is CloudFormation's role.
	deployer string
}

// keepTo refuses the queue to everybody else, also to administrators. A message of somebody else would be replayed as
// if AWS had put it on the bus, and waiting events hold what the function withholds. Moving messages to another queue
// needs the permissions to receive and to delete. A principal that may change the policy could lift it, so only
// CloudFormation may. The root user cannot be locked out: it can always change a queue's policy.
// A rule of a custom bus has an ARN that begins with the name of the bus. That name could begin like the names of the
// rules, and no rule of the record would tell of it.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html#eb-arn-format
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
//
// SQS takes policies of at most 20 statements with 7 actions each, and 10 conditions.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
func (q queue) keepTo(scope constructs.Construct, users users) {
	const send = "sqs:SendMessage"
	senders := resourcepolicy.AllBut(users.function)
	senders["Bool"] = map[string]any{"aws:PrincipalIsAWSService": "false"}
	awssqs.NewCfnQueuePolicy(scope, jsii.String("UndeliveredPolicy"), &awssqs.CfnQueuePolicyProps{
		Queues: jsii.Strings(q.url),
		PolicyDocument: resourcepolicy.Document(
			resourcepolicy.RefusePlainText(q.arn, "sqs:*"),
			resourcepolicy.Refuse(q.arn, "RefuseOtherSenders", senders, send),
			resourcepolicy.Refuse(q.arn, "RefuseOtherReaders", resourcepolicy.AllBut(users.function),
				"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage"),
			resourcepolicy.Refuse(q.arn, "RefuseOtherSettings", resourcepolicy.AllBut(users.deployer),
				"sqs:AddPermission", "sqs:DeleteQueue", "sqs:RemovePermission", "sqs:SetQueueAttributes"),
			resourcepolicy.Statement{
				Sid: "SaveUndelivered", Effect: "Allow", Resource: q.arn,
				Principal: resourcepolicy.Service("events.amazonaws.com"), Action: send,
				Condition: map[string]any{
					"ArnLike":    map[string]any{"aws:SourceArn": users.rules},
					"ArnNotLike": map[string]any{"aws:SourceArn": users.otherBuses},
				},
			},
		),
	})
}
