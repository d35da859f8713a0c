package deployed_test

import (
	"math"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

func TestAlarmsAreReadWithTheNamesOfWhatTheyWatch(t *testing.T) {
	s := stagetest.Dev(t)
	found := false
	for _, alarm := range s.Alarms {
		if alarm.AlarmName != "SecureCart-Dev-TokensErrors" {
			continue
		}
		found = true
		function := alarm.Metrics[0].MetricStat.Metric.Dimensions[0].Value
		named := false
		for _, f := range s.Functions {
			named = named || f.Name == function
		}
		if !named || alarm.Period() != 60 {
			t.Errorf("the alarm watches %s every %d s", function, alarm.Period())
		}
		value, err := alarm.Value(func(m deployed.MetricStat) float64 {
			return map[string]float64{"Errors": 1, "Invocations": 4}[m.Metric.MetricName]
		})
		if err != nil || value != 25 {
			t.Errorf("one of four runs failed: %v, %v; want 25", value, err)
		}
		if got := alarm.State([]float64{25, math.NaN(), 25}, "before"); got != "ALARM" {
			t.Errorf("state %s", got)
		}
	}
	if !found || len(s.Alarms) < 70 || len(s.CompositeAlarms) != 2 {
		t.Errorf("%d alarms, %d of them composite", len(s.Alarms), len(s.CompositeAlarms))
	}
	for _, composite := range s.CompositeAlarms {
		if names := composite.Alarms(); len(names) < 5 || !strings.HasPrefix(names[0], "SecureCart-Dev-") {
			t.Errorf("%s waits for %v", composite.AlarmName, names)
		}
	}
}

func TestAlarmsThatAreNotCertainStopTheStart(t *testing.T) {
	for property, value := range map[string]any{
		"ComparisonOperator": "LessThanThreshold", "ExtendedStatistic": "p90",
	} {
		_, err := deployed.Load(stagetest.Reviewed(t, "SecureCart-Dev", func(templates map[string]assembly.Template) {
			for id, r := range templates["Operations"].OfType("AWS::CloudWatch::Alarm") {
				if strings.HasPrefix(id, "AlarmsTokensErrors") {
					r.Properties[property] = value
				}
			}
		}))
		if err == nil || !strings.Contains(err.Error(), property) {
			t.Errorf("%s: got %v, want an error", property, err)
		}
	}
}
