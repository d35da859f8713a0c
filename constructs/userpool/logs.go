package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/logging"
)

// newLogDelivery logs undelivered messages and, if the stage sets it, user activity. It returns the name of the log
// group. The group has no customer-managed key, because Cognito refuses to deliver to a group with one; CloudWatch Logs
// encrypts it with its own key.
// https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
func newLogDelivery(scope constructs.Construct, poolID string, logs config.Logs, retain bool) string {
	// The prefix /aws/vendedlogs keeps the account's log resource policy from growing past its limit.
	name := "/aws/vendedlogs/cognito/" + *awscdk.Stack_Of(scope).StackName()
	group := logging.NewDeliveryGroup(scope, "Log", logging.DeliveryGroupProps{
		GroupProps: logging.GroupProps{Name: name, Settings: logging.Settings{
			RetentionDays: logs.RetentionDays, Retain: retain,
		}},
		Reason: "Cognito refuses to deliver to a group with a customer-managed key; CloudWatch Logs encrypts it with " +
			"its own.",
	})
	destination := &awscognito.CfnLogDeliveryConfiguration_CloudWatchLogsConfigurationProperty{
		LogGroupArn: jsii.String(logging.GroupARN(scope, name)),
	}
	deliver := func(source, level string) any {
		return &awscognito.CfnLogDeliveryConfiguration_LogConfigurationProperty{
			EventSource: jsii.String(source), LogLevel: jsii.String(level), CloudWatchLogsConfiguration: destination,
		}
	}
	configurations := []any{deliver("userNotification", "ERROR")}
	if logs.UserActivity {
		configurations = append(configurations, deliver("userAuthEvents", "INFO"))
	}
	awscognito.NewCfnLogDeliveryConfiguration(scope, jsii.String("LogDelivery"),
		&awscognito.CfnLogDeliveryConfigurationProps{
			UserPoolId: jsii.String(poolID), LogConfigurations: configurations,
		}).Node().AddDependency(group.Resource())
	return name
}
