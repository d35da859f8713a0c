// Package alarm tells people that something goes wrong which no single request shows.
package alarm

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/logging"
)

// service is the principal as which CloudWatch encrypts and publishes what an alarm says.
const service = "cloudwatch.amazonaws.com"

// SMSSpendProps configures the alarm on what is spent on SMS.
type SMSSpendProps struct {
	// Alarms says how much may be spent and who hears. SMSSpendUSD is required.
	Alarms config.Alarms
	// Key encrypts what the alarm says on its way. The alarm adds itself to the key's policy. Required.
	Key *logging.Key
}

// NewSMSSpend adds an alarm to scope that notifies a topic, and by it the address of props, when SMS of this calendar
// month have cost more than the stage expects: somebody makes the pool send codes to numbers that earn money for their
// owner (SMS pumping, threat U20). The alarm does not stop them; the account's spending limit does, which CloudFormation
// cannot set. It panics if props are invalid.
//
// The metric has no dimensions: it is that of the account and Region. Hours without SMS have no data, and no alarm.
// https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
func NewSMSSpend(scope constructs.Construct, id string, props SMSSpendProps) {
	check.Props(scope, id,
		check.Given(props.Alarms.SMSSpendUSD > 0, "Alarms.SMSSpendUSD"),
		check.Given(props.Key != nil, "Key"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	stack := awscdk.Stack_Of(self)
	// The name is fixed, so that key and topic can name the alarm before it exists.
	name := *stack.StackName() + "-" + id
	condition := onlyFor(stack, name)
	props.Key.AllowService("EncryptAlarms", service, condition, "kms:Decrypt", "kms:GenerateDataKey")
	topic := newTopic(self, props, condition)
	awscloudwatch.NewCfnAlarm(self, jsii.String("Alarm"), &awscloudwatch.CfnAlarmProps{
		AlarmName: jsii.String(name),
		AlarmDescription: jsii.Sprintf("SMS of this month have cost the account more than %d USD: see who signs up, "+
			"and lower the spending limit in AWS End User Messaging", props.Alarms.SMSSpendUSD),
		Namespace:          jsii.String("AWS/SNS"),
		MetricName:         jsii.String("SMSMonthToDateSpentUSD"),
		Statistic:          jsii.String("Maximum"),
		Period:             jsii.Number(300),
		EvaluationPeriods:  jsii.Number(1),
		Threshold:          jsii.Number(props.Alarms.SMSSpendUSD),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
		ActionsEnabled:     jsii.Bool(true),
		AlarmActions:       &[]any{topic},
	})
}

// newTopic adds the topic that the alarm notifies, and returns its ARN. Its policy lets the alarm publish, over TLS, and
// nobody else; the account's own people need no policy.
func newTopic(scope constructs.Construct, props SMSSpendProps, condition map[string]any) string {
	topic := *awssns.NewCfnTopic(scope, jsii.String("Topic"), &awssns.CfnTopicProps{
		KmsMasterKeyId: jsii.String(props.Key.ID),
	}).Ref()
	awssns.NewCfnTopicPolicy(scope, jsii.String("TopicPolicy"), &awssns.CfnTopicPolicyProps{
		Topics: jsii.Strings(topic),
		PolicyDocument: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid:        jsii.String("TellAlarms"),
				Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(service), nil)},
				Actions:    jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic), Conditions: &condition,
			}),
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid:        jsii.String("RefusePlainText"),
				Effect:     awsiam.Effect_DENY,
				Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
				Actions:    jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic),
				Conditions: &map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			}),
		}}),
	})
	if props.Alarms.Email != "" {
		awssns.NewCfnSubscription(scope, jsii.String("Subscription"), &awssns.CfnSubscriptionProps{
			TopicArn: jsii.String(topic), Protocol: jsii.String("email"), Endpoint: jsii.String(props.Alarms.Email),
		})
	}
	return topic
}

// onlyFor is true of what CloudWatch does for the one alarm.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func onlyFor(stack awscdk.Stack, name string) map[string]any {
	return map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()},
		"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("cloudwatch"), Resource: jsii.String("alarm"), ResourceName: jsii.String(name),
			ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})},
	}
}
