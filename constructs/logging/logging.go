// Package logging keeps what a stage writes down of what happened: log groups that last as long as the stage says, and
// the key that encrypts them. What is written is decided where it is written.
package logging

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// Settings say how logs are kept. A stage has one for all its logs.
type Settings struct {
	// RetentionDays is how long events are kept, one of the numbers that CloudWatch Logs takes. Required.
	RetentionDays int
	// Retain keeps the groups when their stack is deleted.
	Retain bool
	// Key encrypts the groups. Required.
	Key *Key
}

// Check says what is wrong with the settings, as the field Logs of other props.
func (s Settings) Check() check.Broken {
	return check.All(
		check.Given(s.RetentionDays > 0, "Logs.RetentionDays"),
		check.Given(s.Key != nil, "Logs.Key"),
	)
}

// GroupProps configures a log group.
type GroupProps struct {
	// Name is the group's name; CloudFormation's choice if empty.
	Name string
	// Settings say how the group is kept. Required.
	Settings Settings
}

// NewGroup adds a log group to scope, encrypted with the key. It panics if props are invalid.
func NewGroup(scope constructs.Construct, id string, props GroupProps) awslogs.LogGroup {
	check.Props(scope, id, props.Settings.Check())
	return newGroup(scope, id, props, &awslogs.LogGroupProps{EncryptionKey: props.Settings.Key.resource})
}

// DeliveryGroupProps configures a log group without a customer-managed key.
type DeliveryGroupProps struct {
	GroupProps
	// Reason says why the group has no key. Required.
	Reason string
}

// NewDeliveryGroup adds a log group for a service that refuses to deliver to one with a customer-managed key.
// CloudWatch Logs encrypts it with a key of its own. The settings may lack a key. It panics if props are invalid.
func NewDeliveryGroup(scope constructs.Construct, id string, props DeliveryGroupProps) awslogs.LogGroup {
	check.Props(scope, id,
		check.Given(props.Settings.RetentionDays > 0, "Logs.RetentionDays"),
		check.Given(props.Reason != "", "Reason"),
	)
	group := newGroup(scope, id, props.GroupProps, &awslogs.LogGroupProps{})
	nag.Accept(group, nag.InHIPAAAndPCI("CloudWatchLogGroupEncrypted", props.Reason))
	return group
}

func newGroup(scope constructs.Construct, id string, props GroupProps, own *awslogs.LogGroupProps) awslogs.LogGroup {
	own.RemovalPolicy = lifetime.Policy(props.Settings.Retain)
	if props.Name != "" {
		own.LogGroupName = jsii.String(props.Name)
	}
	group := awslogs.NewLogGroup(scope, jsii.String(id), own)
	// The construct takes an enum of days; the number itself is what config holds and CloudFormation wants.
	group.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(props.Settings.RetentionDays))
	return group
}

// GroupARN is the ARN of the group called name as services that deliver to it want it: without the ":*" that the
// group's own attribute ends in. It is not a reference, so resources that use it must depend on the group.
func GroupARN(scope constructs.Construct, name string) string {
	return *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: jsii.String(name),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
