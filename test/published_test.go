package test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
)

const docs = "https://docs.aws.amazon.com/"

// published are the metrics that alarms may read: namespace, name and dimensions that AWS publishes, and the page that
// documents them. An alarm on a metric that AWS does not publish would silently never start.
var published = map[string]string{
	"AWS/Lambda Invocations FunctionName":          lambdaMetrics,
	"AWS/Lambda Errors FunctionName":               lambdaMetrics,
	"AWS/Lambda Throttles FunctionName":            lambdaMetrics,
	"AWS/Lambda Duration FunctionName":             lambdaMetrics,
	"AWS/Lambda ConcurrentExecutions FunctionName": lambdaMetrics,

	"AWS/ApiGateway 4XXError ApiName Stage":                 apiMetrics,
	"AWS/ApiGateway 5XXError ApiName Stage":                 apiMetrics,
	"AWS/ApiGateway Count ApiName Stage":                    apiMetrics,
	"AWS/ApiGateway Latency ApiName Stage":                  apiMetrics,
	"AWS/ApiGateway 5XXError ApiName Method Resource Stage": apiMetrics,
	"AWS/ApiGateway Count ApiName Method Resource Stage":    apiMetrics,

	"AWS/Cognito SignInSuccesses UserPool UserPoolClient":                      poolMetrics,
	"AWS/Cognito SignInThrottles UserPool UserPoolClient":                      poolMetrics,
	"AWS/Cognito SignUpSuccesses UserPool UserPoolClient":                      poolMetrics,
	"AWS/Cognito SignUpThrottles UserPool UserPoolClient":                      poolMetrics,
	"AWS/Cognito TokenRefreshThrottles UserPool UserPoolClient":                poolMetrics,
	"AWS/Cognito FederationSuccesses IdentityProvider UserPool UserPoolClient": poolMetrics,
	"AWS/Cognito AccountTakeoverRisk Operation RiskLevel UserPoolId":           riskMetrics,
	"AWS/Cognito CompromisedCredentialRisk Operation RiskLevel UserPoolId":     riskMetrics,

	"AWS/DynamoDB ReadThrottleEvents TableName":                           tableMetrics,
	"AWS/DynamoDB ReadThrottleEvents GlobalSecondaryIndexName TableName":  tableMetrics,
	"AWS/DynamoDB WriteThrottleEvents TableName":                          tableMetrics,
	"AWS/DynamoDB WriteThrottleEvents GlobalSecondaryIndexName TableName": tableMetrics,
	"AWS/DynamoDB SystemErrors Operation TableName":                       tableMetrics,

	"AWS/WAFV2 AllowedRequests Region Rule WebACL": docs + "waf/latest/developerguide/waf-metrics.html",
	"AWS/WAFV2 BlockedRequests Region Rule WebACL": docs + "waf/latest/developerguide/waf-metrics.html",

	"AWS/Logs IncomingLogEvents LogGroupName": docs +
		"AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html",
	"AWS/SQS ApproximateNumberOfMessagesVisible QueueName": queueMetrics,
	"AWS/SQS NumberOfMessagesSent QueueName":               queueMetrics,
	"AWS/Lambda AsyncEventsDropped FunctionName":           lambdaMetrics,
	"AWS/Lambda DeadLetterErrors FunctionName":             lambdaMetrics,
	"AWS/Events InvocationsFailedToBeSentToDlq RuleName":   docs + "eventbridge/latest/userguide/eb-monitoring.html",

	"AWS/SES Reputation.BounceRate":    docs + "ses/latest/dg/reputationdashboard-cloudwatch-alarm.html",
	"AWS/SES Reputation.ComplaintRate": docs + "ses/latest/dg/reputationdashboard-cloudwatch-alarm.html",
	"AWS/SNS SMSMonthToDateSpentUSD":   docs + "sns/latest/dg/sns-monitoring-using-cloudwatch.html",
	"AWS/Usage CallCount Class Resource Service Type": "https://aws.amazon.com/blogs/security/" +
		"manage-your-aws-kms-api-request-rates-using-service-quotas-and-amazon-cloudwatch/",
}

const (
	lambdaMetrics = docs + "lambda/latest/dg/monitoring-metrics-types.html"
	apiMetrics    = docs + "apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html"
	poolMetrics   = docs + "cognito/latest/developerguide/metrics-for-cognito-user-pools.html"
	riskMetrics   = docs + "cognito/latest/developerguide/user-pool-settings-viewing-threat-protection-metrics.html"
	queueMetrics  = docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
	tableMetrics  = docs + "amazondynamodb/latest/developerguide/metrics-dimensions.html"
)

// statistics are the meaningful statistics of some metrics; all others are counts, whose statistic is Sum.
var statistics = map[string]string{
	"Duration": "p99", "Latency": "p99", "ConcurrentExecutions": "Maximum", "SMSMonthToDateSpentUSD": "Maximum",
	"ApproximateNumberOfMessagesVisible": "Maximum",
	"Reputation.BounceRate":              "Average", "Reputation.ComplaintRate": "Average",
}

func TestAlarmsReadOnlyWhatAWSPublishesOrTheStageCounts(t *testing.T) {
	used := map[string]bool{}
	eachStage(t, func(in *threats.Inspection) {
		counted := map[string]bool{}
		for _, filter := range in.Every("AWS::Logs::MetricFilter") {
			of := filter.At("MetricTransformations", 0)
			counted[of.At("MetricNamespace").Text()+" "+of.At("MetricName").Text()] = true
			of.At("MetricValue").Is("1")
		}
		for _, alarm := range in.Every(metricAlarm) {
			for _, r := range readings(alarm) {
				key := r.key()
				used[key] = true
				if published[key] == "" && !counted[key] {
					alarm.Fail("reads %q, which nobody publishes", key)
				}
				statistic := cmp.Or(statistics[r.metric], "Sum")
				counts := strings.HasSuffix(r.metric, "Successes") && r.statistic == "SampleCount"
				if r.statistic != statistic && !counts {
					alarm.Fail("reads %s of %s, want %s", r.statistic, key, statistic)
				}
			}
		}
		for key := range counted {
			if !used[key] {
				in.Fail(in.ID, "counts %s, and no alarm reads it", key)
			}
		}
	})
	for key, page := range published {
		if !used[key] {
			t.Errorf("%q (%s) is read by no alarm: remove it", key, page)
		}
	}
}

// key is the series in the form of published.
func (r reading) key() string {
	return strings.Join(append([]string{r.namespace, r.metric}, slices.Sorted(maps.Keys(r.dimensions))...), " ")
}
