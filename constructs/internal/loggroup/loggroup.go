// Package loggroup adds log groups that keep their events as long as the stage says.
package loggroup

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/lifetime"
)

// Props configures a log group.
type Props struct {
	// Name is the group's name; CloudFormation's choice if nil.
	Name *string
	// RetentionDays is how long events are kept, one of the numbers that CloudWatch Logs takes. Required.
	RetentionDays int
	// Retain keeps the group when its stack is deleted.
	Retain bool
}

// New adds a log group to scope. CloudWatch Logs encrypts it with a key of its own.
func New(scope constructs.Construct, id string, props Props) awslogs.LogGroup {
	group := awslogs.NewLogGroup(scope, jsii.String(id), &awslogs.LogGroupProps{
		LogGroupName:  props.Name,
		RemovalPolicy: lifetime.Policy(props.Retain),
	})
	// The construct takes an enum of days; the number itself is what config holds and CloudFormation wants.
	group.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(props.RetentionDays))
	return group
}
