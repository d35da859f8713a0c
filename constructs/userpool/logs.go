package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/logging"
)

// newLogDelivery logs messages that could not be delivered and, where the stage asks for it, what users do. The log
// group has no customer-managed key, because Cognito refuses to deliver to one that has; CloudWatch Logs encrypts it
// with a key of its own.
// https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
func newLogDelivery(scope constructs.Construct, pool awscognito.CfnUserPool, props Props) {
	// The prefix /aws/vendedlogs keeps the account's log resource policy from growing past its limit.
	name := jsii.Sprintf("/aws/vendedlogs/cognito/%s", *awscdk.Stack_Of(scope).StackName())
	group := logging.NewDeliveryGroup(scope, "Log", name, logging.Props{RetentionDays: props.Logs.RetentionDays, Retain: props.Protection.Retain},
		"Cognito refuses to deliver to a group with a customer-managed key; CloudWatch Logs encrypts it with its own.")

	destination := &awscognito.CfnLogDeliveryConfiguration_CloudWatchLogsConfigurationProperty{
		LogGroupArn: logging.GroupARN(scope, name),
	}
	configurations := []any{&awscognito.CfnLogDeliveryConfiguration_LogConfigurationProperty{
		EventSource: jsii.String("userNotification"), LogLevel: jsii.String("ERROR"), CloudWatchLogsConfiguration: destination,
	}}
	if props.Logs.UserActivity {
		configurations = append(configurations, &awscognito.CfnLogDeliveryConfiguration_LogConfigurationProperty{
			EventSource: jsii.String("userAuthEvents"), LogLevel: jsii.String("INFO"), CloudWatchLogsConfiguration: destination,
		})
	}
	delivery := awscognito.NewCfnLogDeliveryConfiguration(scope, jsii.String("LogDelivery"), &awscognito.CfnLogDeliveryConfigurationProps{
		UserPoolId:        pool.Ref(),
		LogConfigurations: configurations,
	})
	delivery.Node().AddDependency(group)
}
