// Package schedule provisions a rule that calls a function once an hour.
package schedule

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
)

// Props configures a schedule.
type Props struct {
	// Function is the function to call. It must ignore the event's content. Required.
	Function *golambda.Function
	// Description says why the function is called. Required.
	Description string
}

// NewHourly adds a rule to scope that calls a function once an hour. The function's permission allows this rule only.
// It panics if props are invalid.
//
// The function must be idempotent: Lambda calls it up to two more times if it fails, and may deliver an event twice.
// EventBridge retries, for a day, only calls that Lambda did not accept.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
func NewHourly(scope constructs.Construct, id string, props Props) {
	check.Props(scope, id,
		check.Given(props.Function != nil, "Function"),
		check.Given(props.Description != "", "Description"),
	)

	self := constructs.NewConstruct(scope, jsii.String(id))
	rule := awsevents.NewCfnRule(self, jsii.String("Rule"), &awsevents.CfnRuleProps{
		Description:        jsii.String(props.Description),
		ScheduleExpression: jsii.String("rate(1 hour)"),
		State:              jsii.String("ENABLED"),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Function"), Arn: jsii.String(props.Function.ARN),
		}},
	})
	props.Function.AllowCall(self, "Invoke", "events.amazonaws.com", *rule.AttrArn())
}
