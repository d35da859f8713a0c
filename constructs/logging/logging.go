// Package logging keeps what a stage writes down of what happened: log groups that last as long as the stage says, and
// the key that encrypts them. What is written is decided where it is written.
package logging

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// Props says how logs are kept. A stage has one for all its logs.
type Props struct {
	// RetentionDays is how long events are kept, one of the numbers that CloudWatch Logs takes. Required.
	RetentionDays int
	// Retain keeps the groups when their stack is deleted.
	Retain bool
	// Key encrypts the groups. It must be one of NewKey, whose policy lets CloudWatch Logs use it. Required.
	Key awskms.IKey
}

// Check records what is wrong with the props, as the field Logs of other props.
func (p Props) Check(c *check.Props) {
	c.Require(p.RetentionDays > 0, "Logs.RetentionDays", "must be at least 1, got %d", p.RetentionDays)
	c.Given(p.Key != nil, "Logs.Key")
}

// NewGroup adds a log group to scope, encrypted with the key. The name is CloudFormation's choice if nil.
func NewGroup(scope constructs.Construct, id string, name *string, props Props) awslogs.LogGroup {
	c := check.Of(scope, id)
	props.Check(c)
	c.Must()
	return newGroup(scope, id, &awslogs.LogGroupProps{LogGroupName: name, EncryptionKey: props.Key}, props)
}

// NewDeliveryGroup adds a log group for a service that refuses to deliver to one with a customer-managed key, which is
// the reason to give. CloudWatch Logs encrypts it with a key of its own. The key of props may be missing.
func NewDeliveryGroup(scope constructs.Construct, id string, name *string, props Props, reason string) awslogs.LogGroup {
	c := check.Of(scope, id)
	c.Require(props.RetentionDays > 0, "Logs.RetentionDays", "must be at least 1, got %d", props.RetentionDays)
	c.Given(reason != "", "Reason")
	c.Must()
	group := newGroup(scope, id, &awslogs.LogGroupProps{LogGroupName: name}, props)
	nag.Accept(group, nag.InHIPAAAndPCI("CloudWatchLogGroupEncrypted", reason)...)
	return group
}

func newGroup(scope constructs.Construct, id string, own *awslogs.LogGroupProps, props Props) awslogs.LogGroup {
	own.RemovalPolicy = lifetime.Policy(props.Retain)
	group := awslogs.NewLogGroup(scope, jsii.String(id), own)
	// The construct takes an enum of days; the number itself is what config holds and CloudFormation wants.
	group.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(props.RetentionDays))
	return group
}

// GroupARN is the ARN of the group called name as services that deliver to it want it: without the ":*" that the
// group's own attribute ends in. It is not a reference, so resources that use it must depend on the group.
func GroupARN(scope constructs.Construct, name *string) *string {
	return awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: name,
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
