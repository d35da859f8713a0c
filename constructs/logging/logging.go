// Package logging provisions a stage's log groups, with the stage's retention, and the key that encrypts them. Each
// writer decides what it logs.
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

// Settings are the retention and encryption of log groups. A stage uses one for all its logs.
type Settings struct {
	// RetentionDays is how long events are retained, one of the numbers that CloudWatch Logs accepts. Required.
	RetentionDays int
	// Retain keeps the groups when their stack is deleted.
	Retain bool
	// Key encrypts the groups. Required.
	Key *Key
}

// Check returns the rules that the settings break, for props with a field Logs.
func (s Settings) Check() check.Broken {
	return check.All(
		s.kept(),
		check.Given(s.Key != nil, "Logs.Key"),
	)
}

// GroupProps configures a log group.
type GroupProps struct {
	// Name is the group's name; CloudFormation's choice if empty.
	Name string
	// Settings are the group's retention and encryption. Required.
	Settings Settings
}

// Group is a log group.
type Group struct{ resource awslogs.LogGroup }

// ARN is the group's ARN with the trailing ":*" that policies need.
func (g *Group) ARN() string { return *g.resource.LogGroupArn() }

// Name is the group's name.
func (g *Group) Name() string { return *g.resource.LogGroupName() }

// Resource is the group for the CDK's own constructs.
func (g *Group) Resource() awslogs.LogGroup { return g.resource }

// NewGroup adds a log group to scope, encrypted with the key. It panics if props are invalid.
func NewGroup(scope constructs.Construct, id string, props GroupProps) *Group {
	check.Props(scope, id, props.Settings.Check())
	return newGroup(scope, id, props, &awslogs.LogGroupProps{EncryptionKey: props.Settings.Key.resource})
}

// DeliveryGroupProps configures a log group without a customer-managed key.
type DeliveryGroupProps struct {
	GroupProps
	// Reason says why the group has no key. Required.
	Reason string
}

// NewDeliveryGroup adds a log group for a service that cannot deliver to a group with a customer-managed key.
// CloudWatch Logs encrypts it with its own key; a key in the settings is not required. It panics if props are invalid.
func NewDeliveryGroup(scope constructs.Construct, id string, props DeliveryGroupProps) *Group {
	check.Props(scope, id,
		props.Settings.kept(),
		check.Given(props.Reason != "", "Reason"),
	)
	group := newGroup(scope, id, props.GroupProps, &awslogs.LogGroupProps{})
	nag.Accept(group.resource, nag.InHIPAAAndPCI("CloudWatchLogGroupEncrypted", props.Reason))
	return group
}

func newGroup(scope constructs.Construct, id string, props GroupProps, own *awslogs.LogGroupProps) *Group {
	own.Retention = retention[props.Settings.RetentionDays]
	own.RemovalPolicy = lifetime.Policy(props.Settings.Retain)
	if props.Name != "" {
		own.LogGroupName = jsii.String(props.Name)
	}
	return &Group{awslogs.NewLogGroup(scope, jsii.String(id), own)}
}

// retention are the CDK's constants for numbers of days. Setting the number itself would take three more calls to the
// jsii kernel.
var retention = map[int]awslogs.RetentionDays{
	1:    awslogs.RetentionDays_ONE_DAY,
	3:    awslogs.RetentionDays_THREE_DAYS,
	5:    awslogs.RetentionDays_FIVE_DAYS,
	7:    awslogs.RetentionDays_ONE_WEEK,
	14:   awslogs.RetentionDays_TWO_WEEKS,
	30:   awslogs.RetentionDays_ONE_MONTH,
	60:   awslogs.RetentionDays_TWO_MONTHS,
	90:   awslogs.RetentionDays_THREE_MONTHS,
	120:  awslogs.RetentionDays_FOUR_MONTHS,
	150:  awslogs.RetentionDays_FIVE_MONTHS,
	180:  awslogs.RetentionDays_SIX_MONTHS,
	365:  awslogs.RetentionDays_ONE_YEAR,
	400:  awslogs.RetentionDays_THIRTEEN_MONTHS,
	545:  awslogs.RetentionDays_EIGHTEEN_MONTHS,
	731:  awslogs.RetentionDays_TWO_YEARS,
	1096: awslogs.RetentionDays_THREE_YEARS,
	1827: awslogs.RetentionDays_FIVE_YEARS,
	2192: awslogs.RetentionDays_SIX_YEARS,
	2557: awslogs.RetentionDays_SEVEN_YEARS,
	2922: awslogs.RetentionDays_EIGHT_YEARS,
	3288: awslogs.RetentionDays_NINE_YEARS,
	3653: awslogs.RetentionDays_TEN_YEARS,
}

// kept returns a broken rule unless CloudWatch Logs accepts the number of days. A group without a number keeps its
// events for ever.
func (s Settings) kept() check.Broken {
	return check.Require(retention[s.RetentionDays] != "", "Logs.RetentionDays",
		"must be a number of days that CloudWatch Logs takes, got %d", s.RetentionDays)
}

// GroupARN is the ARN of the group called name, without the trailing ":*" of the group's own attribute, as services
// that deliver to it require. It is not a reference, so resources that use it must depend on the group.
func GroupARN(scope constructs.Construct, name string) string {
	return *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: jsii.String(name),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
