package threats

import "slices"

// The topics that alarms notify, and the alarm on spending.
const (
	notifyTopic   = "Operations.AlarmsNotify"
	pageTopic     = "Operations.AlarmsPage"
	fallbackTopic = "Operations.AlarmsFallback"
	spendingAlarm = "Operations.AlarmsSmsSpend"
)

// tellsNobodyElse expects each topic to have the subscription of the address that the stage configures, and no other:
// others would read how the account is doing.
func (in *Inspection) tellsNobodyElse() {
	known := 0
	for name, address := range map[string]string{
		notifyTopic: in.Config.Alarms.Email, pageTopic: in.Config.Alarms.Pager, fallbackTopic: in.Config.Alarms.Email,
		securityTopic: in.Config.SecurityEvents.Email,
	} {
		told := slices.DeleteFunc(slices.Clone(in.Any(subscription)), func(s Resource) bool {
			return s.At("TopicArn").Text() != in.The(topic, name).Ref()
		})
		if configured := map[bool]int{true: 1}[address != ""]; len(told) != configured {
			in.The(topic, name).Fail("has %d subscriptions, want %d", len(told), configured)
		}
		known += len(told)
		for _, s := range told {
			s.At("Protocol").Is("email")
			s.At("Endpoint").Is(address)
		}
	}
	if all := in.Any(subscription); len(all) != known {
		in.Fail(in.ID, "has %d subscriptions, of which %d are to a topic of ours", len(all), known)
	}
}

// watchesSpending expects an alarm on what the account spends on SMS.
func (in *Inspection) watchesSpending() {
	spending := in.The(alarm, spendingAlarm)
	query := spending.At("Metrics", 0)
	query.At("Id").Is("spent")
	query.At("ReturnData").Is(true)
	query.At("MetricStat", "Metric", "Namespace").Is("AWS/SNS")
	query.At("MetricStat", "Metric", "MetricName").Is("SMSMonthToDateSpentUSD")
	query.At("MetricStat", "Metric", "Dimensions").Absent()
	query.At("MetricStat", "Stat").Is("Maximum")
	query.At("MetricStat", "Period").Is(300)
	spending.At("ComparisonOperator").Among("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
	spending.At("Threshold").Is(in.Config.Alarms.SMSSpendUSD)
	spending.At("EvaluationPeriods").Is(1)
	spending.At("DatapointsToAlarm").Is(1)
	spending.At("TreatMissingData").Is("notBreaching")
	spending.At("ActionsEnabled").Is(true)
	spending.At("AlarmActions").Lists(in.The(topic, notifyTopic).Ref())
}
