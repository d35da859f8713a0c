package deployed

import (
	"fmt"
	"regexp"

	"github.com/securecart/identity/internal/alarmmath"
)

// Alarm is an AWS::CloudWatch::Alarm. The local stage notifies nobody; `make drill` computes the states of alarms.
type Alarm struct {
	AlarmName, AlarmDescription string
	Metrics                     []AlarmQuery
	// The alarm starts when DatapointsToAlarm of the values of the last EvaluationPeriods reach Threshold.
	EvaluationPeriods, DatapointsToAlarm int
	Threshold                            float64
	ComparisonOperator, TreatMissingData string
	ActionsEnabled                       bool

	AlarmActions, Tags Ignored
}

// AlarmQuery is a series that an alarm reads, or the expression that computes the alarm's value from the series.
type AlarmQuery struct {
	ID, Expression string
	ReturnData     bool
	MetricStat     *MetricStat
}

// MetricStat is a series: one number for each Period, in seconds.
type MetricStat struct {
	Stat   string
	Period int
	Metric struct {
		Namespace, MetricName string
		Dimensions            []struct{ Name, Value string }
	}
}

// CompositeAlarm is an AWS::CloudWatch::CompositeAlarm: it starts when one of the alarms in its rule does.
type CompositeAlarm struct {
	AlarmName, AlarmDescription, AlarmRule string
	ActionsEnabled                         bool

	AlarmActions, OKActions, Tags Ignored
}

// alarmInRule names an alarm in the rule of a composite one.
var alarmInRule = regexp.MustCompile(`ALARM\("([^"]+)"\)`)

// Alarms returns the names of the alarms in the rule.
func (c CompositeAlarm) Alarms() []string {
	var names []string
	for _, match := range alarmInRule.FindAllStringSubmatch(c.AlarmRule, -1) {
		names = append(names, match[1])
	}
	return names
}

// Period returns the seconds that one value of the alarm covers.
func (a Alarm) Period() int {
	for _, query := range a.Metrics {
		if query.MetricStat != nil {
			return query.MetricStat.Period
		}
	}
	return 0
}

// Value returns the alarm's value for one period. Number returns the value of a series in that period.
func (a Alarm) Value(number func(MetricStat) float64) (float64, error) {
	series := map[string]MetricStat{}
	expression := ""
	for _, query := range a.Metrics {
		switch {
		case query.MetricStat != nil && query.ReturnData:
			return number(*query.MetricStat), nil
		case query.MetricStat != nil:
			series[query.ID] = *query.MetricStat
		default:
			expression = query.Expression
		}
	}
	value, err := alarmmath.Compute(expression, func(id string) float64 {
		of, found := series[id]
		if !found {
			return alarmmath.Missing
		}
		return number(of)
	})
	if err != nil {
		return alarmmath.Missing, fmt.Errorf("%s: %w", a.AlarmName, err)
	}
	return value, nil
}

// State returns "ALARM", "OK" or, if the values do not decide, before. Values are those of the alarm, oldest first.
func (a Alarm) State(values []float64, before string) string {
	return alarmmath.State(
		values, a.Threshold, a.EvaluationPeriods, a.DatapointsToAlarm, a.TreatMissingData, before)
}

func readAlarm(l *loader, r resource) error {
	alarm, err := decode[Alarm](l, r)
	if err != nil {
		return err
	}
	if alarm.ComparisonOperator != "GreaterThanOrEqualToThreshold" {
		return fmt.Errorf("its ComparisonOperator %q is not understood; there is GreaterThanOrEqualToThreshold",
			alarm.ComparisonOperator)
	}
	l.stage.Alarms = append(l.stage.Alarms, alarm)
	return nil
}
