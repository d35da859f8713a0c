package test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/alarmmath"
	"github.com/securecart/identity/test/threats"
)

// bad and good are values of an alarm's series that just start it and just do not, by the alarm's expression ("" for a
// single series). limit is the threshold, least the minimum count for a share.
func series(expression, id string, limit, least float64) (bad, good map[string]float64, known bool) {
	share := func(part, whole string, of float64) (map[string]float64, map[string]float64, bool) {
		return map[string]float64{part: math.Ceil(limit*of/100) + 0.5, whole: of},
			map[string]float64{part: math.Floor(limit*of/100) - 0.5, whole: of}, true
	}
	switch {
	case expression == "":
		return map[string]float64{id: limit}, map[string]float64{id: limit * 0.99}, true
	case strings.HasSuffix(expression, "100 * errors / runs"):
		return share("errors", "runs", 1000)
	case expression == "100 * errors / requests":
		return share("errors", "requests", 1000)
	case strings.HasPrefix(expression, "IF(requests >="):
		return map[string]float64{"errors": least, "requests": least},
			map[string]float64{"errors": least - 1, "requests": least - 1}, true
	case strings.HasPrefix(expression, "IF(attempts >="):
		return map[string]float64{"successes": 0, "attempts": least},
			map[string]float64{"successes": 0, "attempts": least - 1}, true
	case strings.HasPrefix(expression, "IF(FILL(blocked, 0) + FILL(allowed, 0) >="):
		return map[string]float64{"blocked": least, "allowed": alarmmath.Missing},
			map[string]float64{"blocked": 1, "allowed": 10 * least}, true
	case expression == "IF(successes == 0, attempts, 0)":
		return map[string]float64{"successes": 0, "attempts": limit},
			map[string]float64{"successes": 1, "attempts": 9 * limit}, true
	case expression == "IF(FILL(events, 0) == 0, requests, 0)":
		return map[string]float64{"events": alarmmath.Missing, "requests": limit},
			map[string]float64{"events": 1, "requests": 9 * limit}, true
	case strings.HasPrefix(expression, "IF(FILL(events, 0) == 0, FILL(blocked, 0)"):
		return map[string]float64{"events": alarmmath.Missing, "blocked": limit, "allowed": alarmmath.Missing},
			map[string]float64{"events": 1, "blocked": limit, "allowed": limit}, true
	case expression == "IF(FILL("+id+", 0) > 0, 0, 1)":
		return map[string]float64{id: 0}, map[string]float64{id: 1}, true
	case expression == "100 * rate":
		return map[string]float64{"rate": limit / 99}, map[string]float64{"rate": limit / 101}, true
	case expression == "calls / 60":
		return map[string]float64{"calls": 60 * limit}, map[string]float64{"calls": 59 * limit}, true
	case expression == "FILL("+id+", 0)", strings.HasPrefix(expression, "FILL("+id+", 0) + "):
		return map[string]float64{id: limit}, map[string]float64{id: limit * 0.99}, true
	}
	return nil, nil, false
}

func TestAlarmsStartAndEndAsTheSeriesSay(t *testing.T) {
	tried := 0
	eachStage(t, func(in *threats.Inspection) {
		enough := map[bool]float64{
			true: in.Config.Alarms.Thresholds.SignIns.Value, false: in.Config.Alarms.Thresholds.Requests.Value,
		}
		for _, alarm := range in.Every(metricAlarm) {
			alarm.At("ComparisonOperator").Is("GreaterThanOrEqualToThreshold")
			expression, ids := "", []string{}
			for _, query := range alarm.At("Metrics").Each() {
				if text, isMath := query.At("Expression").Got.(string); isMath {
					expression = text
				} else {
					ids = append(ids, query.At("Id").Text())
				}
			}
			threshold := alarm.At("Threshold").Number()
			bad, good, known := series(expression, ids[0], threshold, enough[strings.HasPrefix(expression, "IF(attempts")])
			if !known {
				alarm.Fail("computes %q, which no series tries", expression)
				continue
			}
			value := func(of map[string]float64) float64 { return valueOf(alarm, expression, ids, of) }
			of, need := int(alarm.At("EvaluationPeriods").Number()), int(alarm.At("DatapointsToAlarm").Number())
			treatment := alarm.At("TreatMissingData").Text()
			become := func(values ...float64) string {
				return alarmmath.State(values, threshold, of, need, treatment, "before")
			}
			times := func(value float64, n int) []float64 { return slices.Repeat([]float64{value}, n) }
			quiet := value(map[string]float64{})
			undecided := map[string]string{"notBreaching": "OK", "breaching": "ALARM", "ignore": "before"}
			silent := "OK" // CloudWatch goes on with the values before
			if treatment == "breaching" {
				silent = "ALARM"
			}
			for what, c := range map[string]struct{ got, want string }{
				"just enough":             {become(times(value(bad), of)...), "ALARM"},
				"just not enough":         {become(times(value(good), of)...), "OK"},
				"bad in as few as needed": {become(append(times(value(good), of-need), times(value(bad), need)...)...), "ALARM"},
				"bad in one fewer":        {become(append(times(value(good), of-need+1), times(value(bad), need-1)...)...), "OK"},
				"over":                    {become(append(times(value(bad), need), times(value(good), of)...)...), "OK"},
				"no data":                 {become(times(quiet, of)...), undecided[treatment]},
				"no data any more":        {become(append(times(value(good), of), times(quiet, of)...)...), silent},
			} {
				tried++
				if c.got != c.want {
					alarm.Fail("%s: %s, want %s (%s, bad %v, good %v)", what, c.got, c.want, expression, value(bad), value(good))
				}
			}
		}
	})
	if tried < 2000 {
		t.Errorf("%d series were tried", tried)
	}
}

// valueOf is an alarm's value for one period. Missing series have no data.
func valueOf(alarm threats.Resource, expression string, ids []string, of map[string]float64) float64 {
	at := func(id string) float64 {
		if value, given := of[id]; given {
			return value
		}
		if !slices.Contains(ids, id) {
			alarm.Fail("computes with %q, which it does not read", id)
		}
		return alarmmath.Missing
	}
	if expression == "" {
		return at(ids[0])
	}
	value, err := alarmmath.Compute(expression, at)
	if err != nil {
		alarm.Fail("computes %q: %v", expression, err)
	}
	return value
}
