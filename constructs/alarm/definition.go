package alarm

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/nag"
)

// metric is a series that CloudWatch holds, as an alarm reads it.
type metric struct {
	// id names the series in the alarm's expression.
	id string
	// namespace and name are those under which AWS publishes the metric.
	namespace, name string
	// dimensions are pairs of name and value.
	dimensions [][2]string
	// statistic makes one number of the values of a period: "Sum", "SampleCount", "Maximum", "p99".
	statistic string
}

// missing says how an alarm treats a period without data. Each alarm states it, because by default CloudWatch changes
// the state to INSUFFICIENT_DATA.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
type missing string

const (
	// nothingHappened is for metrics that are published only when something happens: no data is good.
	nothingHappened missing = "notBreaching"
	// asBefore is for metrics that are published less often than the alarm asks: no data changes nothing.
	asBefore missing = "ignore"
	// wentSilent is for what must happen at known times: no data is the failure.
	wentSilent missing = "breaching"
)

// silence is the expression of 1 for a period without data or with the value 0, and of 0 for every other. Without FILL
// the alarm would start late: CloudWatch looks at more periods than the alarm evaluates, and does not treat any as
// missing while it finds enough older values.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func silence(id string) string { return "IF(FILL(" + id + ", 0) > 0, 0, 1)" }

// outage is what customers cannot do while an alarm lasts.
type outage int

const (
	signingIn outage = 1 << iota
	buying
)

// definition is one alarm.
type definition struct {
	// id is the alarm's name within the stage, such as "TokensErrors".
	id string
	// says is the sentence that notified people read.
	says    string
	runbook config.Runbook
	// metrics are what the alarm reads. Its value is the only one of them, or expression.
	metrics    []metric
	expression string
	// period is the seconds of one value. The alarm starts when need of the last of values reach the threshold.
	period, of, need int
	threshold        config.Threshold
	missing          missing
	// stops is what customers cannot do while the alarm lasts. Nothing if zero.
	stops outage
	// fallback also notifies the topic that the other key encrypts.
	fallback bool
}

// description is the text of the notification: what happened, why the alarm starts there, and which page to read.
func (d definition) description() string {
	return fmt.Sprintf("%s. Starts at %v: %s. What to do: docs/runbooks/%s.md",
		d.says, d.threshold.Value, d.threshold.Why, d.runbook)
}

// add makes the alarm, which notifies nobody if actions is nil. It makes one call to the jsii kernel, because a stage
// has nearly a hundred alarms.
func (d definition) add(scope constructs.Construct, name string, actions *[]any) {
	alarm := awscloudwatch.NewCfnAlarm(scope, jsii.String(d.id), &awscloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(name),
		AlarmDescription:   jsii.String(d.description()),
		Metrics:            d.queries(),
		EvaluationPeriods:  jsii.Number(d.of),
		DatapointsToAlarm:  jsii.Number(d.need),
		Threshold:          jsii.Number(d.threshold.Value),
		ComparisonOperator: jsii.String("GreaterThanOrEqualToThreshold"),
		TreatMissingData:   jsii.String(string(d.missing)),
		ActionsEnabled:     jsii.Bool(actions != nil),
		AlarmActions:       actions,
	})
	if actions == nil {
		nag.Accept(alarm, nag.Rule("HIPAA.Security-CloudWatchAlarmAction",
			"The configuration of the stage, which is not Production, keeps the alarm's page quiet; the dashboard shows "+
				"its state."))
	}
}

// queries are the metrics, and the expression if there is one. Exactly one of them is the alarm's value.
func (d definition) queries() []any {
	queries := make([]any, 0, len(d.metrics)+1)
	for _, m := range d.metrics {
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id:         jsii.String(m.id),
			ReturnData: jsii.Bool(d.expression == ""),
			MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Stat: jsii.String(m.statistic), Period: jsii.Number(d.period),
				Metric: &awscloudwatch.CfnAlarm_MetricProperty{
					Namespace: jsii.String(m.namespace), MetricName: jsii.String(m.name), Dimensions: m.properties(),
				},
			},
		})
	}
	if d.expression != "" {
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String("value"), Expression: jsii.String(d.expression), ReturnData: jsii.Bool(true),
		})
	}
	return queries
}

// properties are the dimensions as CloudFormation takes them, nil if there are none.
func (m metric) properties() any {
	if len(m.dimensions) == 0 {
		return nil
	}
	properties := make([]any, 0, len(m.dimensions))
	for _, d := range m.dimensions {
		properties = append(properties, &awscloudwatch.CfnAlarm_DimensionProperty{
			Name: jsii.String(d[0]), Value: jsii.String(d[1]),
		})
	}
	return properties
}
