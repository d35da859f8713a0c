// Package alarm tells people that something goes wrong which no single request shows.
package alarm

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
)

// SMSSpendProps configures the alarm on what is spent on SMS.
type SMSSpendProps struct {
	// Alarms says how much may be spent and who hears. SMSSpendUSD is required.
	Alarms config.Alarms
	// Key encrypts what the alarm says on its way. The alarm adds itself to the key's policy. Required.
	Key awskms.Key
}

// NewSMSSpend adds an alarm to scope that tells the topic Alarms, and by it the address of props, when SMS of this calendar
// month have cost more than the stage expects: somebody makes the pool send codes to numbers that earn him money (SMS
// pumping, threat U20). It does not stop them; the account's spending limit does, which CloudFormation cannot set.
//
// The metric has no dimensions: it is that of the account and Region. Hours without SMS have no data, and are no alarm.
// https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
func NewSMSSpend(scope constructs.Construct, id string, props SMSSpendProps) {
	c := check.Of(scope, id)
	c.Require(props.Alarms.SMSSpendUSD > 0, "Alarms.SMSSpendUSD", "must be at least 1, got %d", props.Alarms.SMSSpendUSD)
	c.Given(props.Key != nil, "Key")
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	stack := awscdk.Stack_Of(self)
	// The name is fixed, so that key and topic can name the alarm before it exists.
	name := jsii.Sprintf("%s-%s", *stack.StackName(), id)
	condition := onlyFor(stack, name)
	props.Key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("EncryptAlarms"),
		Principals: cloudWatch(),
		Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
		Resources:  jsii.Strings("*"),
		Conditions: condition,
	}), jsii.Bool(false))

	topic := newTopic(self, props, condition)
	awscloudwatch.NewCfnAlarm(self, jsii.String("Alarm"), &awscloudwatch.CfnAlarmProps{
		AlarmName: name,
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
		AlarmActions:       &[]any{topic.Ref()},
	})
}

// newTopic adds the topic that the alarm tells. Its policy lets the alarm publish, over TLS, and nobody else; the account's
// own people need none.
func newTopic(scope constructs.Construct, props SMSSpendProps, condition *map[string]any) awssns.CfnTopic {
	topic := awssns.NewCfnTopic(scope, jsii.String("Topic"), &awssns.CfnTopicProps{KmsMasterKeyId: props.Key.KeyId()})
	awssns.NewCfnTopicPolicy(scope, jsii.String("TopicPolicy"), &awssns.CfnTopicPolicyProps{
		Topics: &[]*string{topic.Ref()},
		PolicyDocument: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("TellAlarms"), Principals: cloudWatch(),
				Actions: jsii.Strings("sns:Publish"), Resources: &[]*string{topic.Ref()}, Conditions: condition,
			}),
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("RefusePlainText"), Effect: awsiam.Effect_DENY, Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
				Actions: jsii.Strings("sns:Publish"), Resources: &[]*string{topic.Ref()},
				Conditions: &map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			}),
		}}),
	})
	if props.Alarms.Email != "" {
		awssns.NewCfnSubscription(scope, jsii.String("Subscription"), &awssns.CfnSubscriptionProps{
			TopicArn: topic.Ref(), Protocol: jsii.String("email"), Endpoint: jsii.String(props.Alarms.Email),
		})
	}
	return topic
}

func cloudWatch() *[]awsiam.IPrincipal {
	return &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil)}
}

// onlyFor is true of what CloudWatch does for the one alarm.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func onlyFor(stack awscdk.Stack, name *string) *map[string]any {
	return &map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()},
		"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("cloudwatch"), Resource: jsii.String("alarm"), ResourceName: name,
			ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})},
	}
}
