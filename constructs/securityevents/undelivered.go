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

// allowSend lets the function's role send what it failed to keep: Lambda sends it with this role.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func (q queue) allowSend() iamrole.Grants {
	return iamrole.Grants{{Sid: "SaveFailedEvents", Actions: []string{"sqs:SendMessage"}, Resources: []string{q.arn}}}
}

// admit lets these rules send what they could not hand over, and refuses everybody else but the function's role: a
// message of somebody else would be replayed as if AWS had put it on the bus.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
func (q queue) admit(scope constructs.Construct, rules []string, role string) {
	const send = "sqs:SendMessage"
	awssqs.NewCfnQueuePolicy(scope, jsii.String("UndeliveredPolicy"), &awssqs.CfnQueuePolicyProps{
		Queues: jsii.Strings(q.url),
		PolicyDocument: resourcepolicy.Document(
			resourcepolicy.RefusePlainText(q.arn, "sqs:*"),
			resourcepolicy.Statement{
				Sid: "RefuseOtherSenders", Effect: "Deny", Resource: q.arn, Principal: resourcepolicy.Everybody, Action: send,
				Condition: map[string]any{
					"ArnNotEquals": map[string]any{"aws:PrincipalArn": role},
					"Bool":         map[string]any{"aws:PrincipalIsAWSService": "false"},
				},
			},
			resourcepolicy.Statement{
				Sid: "SaveUndelivered", Effect: "Allow", Resource: q.arn,
				Principal: resourcepolicy.Service("events.amazonaws.com"), Action: send,
				Condition: map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rules}},
			},
		),
	})
}
