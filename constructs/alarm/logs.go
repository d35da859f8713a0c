package alarm

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// Logs are the log groups that are watched, by name.
type Logs struct {
	// API is the access log of the API. Pool is what the user pool delivers. Both are required.
	API, Pool string
}

// counted is a metric that AWS does not publish. CloudWatch Logs counts the lines of a group that match a pattern.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
type counted struct{ id, group, pattern string }

// authorizerFailures are requests whose token API Gateway could not validate; it publishes no metric of them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func (l Logs) authorizerFailures() counted {
	return counted{"AuthorizerFailures", l.API,
		`{ $.responseType = "AUTHORIZER_FAILURE" || $.responseType = "AUTHORIZER_CONFIGURATION_ERROR" }`}
}

// undelivered are the messages that Cognito could not deliver; it publishes no metric of them.
// https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
func (l Logs) undelivered() counted {
	return counted{"UndeliveredMessages", l.Pool, `{ $.eventSource = "USER_NOTIFICATION" }`}
}

// add makes CloudWatch Logs count into a metric of the stage's own namespace.
func (c counted) add(scope constructs.Construct, namespace string) {
	awslogs.NewCfnMetricFilter(scope, jsii.String(c.id+"Count"), &awslogs.CfnMetricFilterProps{
		LogGroupName: jsii.String(c.group), FilterPattern: jsii.String(c.pattern),
		MetricTransformations: []any{&awslogs.CfnMetricFilter_MetricTransformationProperty{
			MetricNamespace: jsii.String(namespace), MetricName: jsii.String(c.id), MetricValue: jsii.String("1"),
		}},
	})
}

// alarms returns the alarms of counted lines, and of logs that stay empty.
func (l Logs) alarms(namespace string, api API, t config.Thresholds) []definition {
	of := func(c counted, says string, page config.Runbook, threshold config.Threshold) definition {
		return definition{
			id: c.id, says: says, runbook: page, metrics: []metric{{"counted", namespace, c.id, nil, "Sum"}},
			period: 300, of: 1, need: 1, threshold: threshold, missing: nothingHappened,
		}
	}
	failures := of(l.authorizerFailures(), "API Gateway cannot judge tokens", config.CannotBuy, t.AuthorizerFailures)
	failures.stops = buying
	return []definition{
		failures,
		of(l.undelivered(), "The user pool cannot deliver messages", config.MailPaused, t.UndeliveredMessages),
		{
			id: "ApiLogMissing", says: "The API answers requests, and its access log has no event", runbook: config.LogsMissing,
			metrics:    []metric{api.metric("requests", "Count", "Sum"), incoming(l.API)},
			expression: "IF(FILL(events, 0) == 0, requests, 0)",
			period:     300, of: 3, need: 3, threshold: t.UnloggedRequests, missing: nothingHappened,
		},
	}
}

// incoming returns the metric of the lines that a log group gets.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
func incoming(group string) metric {
	return metric{"events", "AWS/Logs", "IncomingLogEvents", [][2]string{{"LogGroupName", group}}, "Sum"}
}
