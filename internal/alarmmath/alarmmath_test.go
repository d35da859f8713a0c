package alarmmath_test

import (
	"math"
	"testing"

	"github.com/securecart/identity/internal/alarmmath"
)

// TestStatesAreThoseOfCloudWatchsDocumentation tries the rows of its two tables that alarms can meet: 0 is good, 1 is
// bad.
func TestStatesAreThoseOfCloudWatchsDocumentation(t *testing.T) {
	m := alarmmath.Missing
	for _, row := range []struct {
		values                            []float64
		of, need                          int
		breaching, notBreaching, ignoring string
	}{
		{[]float64{0, m, 1, m, 1}, 3, 3, "OK", "OK", "OK"},
		{[]float64{m, m, m, m, 0}, 3, 3, "OK", "OK", "OK"},
		{[]float64{m, m, m, m, m}, 3, 3, "ALARM", "OK", "before"},
		{[]float64{0, 1, 1, m, 1}, 3, 3, "ALARM", "ALARM", "ALARM"},
		{[]float64{m, m, 1, m, m}, 3, 3, "ALARM", "OK", "before"},
		{[]float64{0, m, 1, m, 1}, 3, 2, "ALARM", "ALARM", "ALARM"},
		{[]float64{0, 0, 1, 0, 1}, 3, 2, "ALARM", "ALARM", "ALARM"},
		{[]float64{m, m, m, m, 1}, 3, 2, "ALARM", "OK", "before"},
	} {
		for treatment, want := range map[string]string{
			"breaching": row.breaching, "notBreaching": row.notBreaching, "ignore": row.ignoring,
		} {
			if got := alarmmath.State(row.values, 1, row.of, row.need, treatment, "before"); got != want {
				t.Errorf("%v, %d of %d, %s: %s, want %s", row.values, row.need, row.of, treatment, got, want)
			}
		}
	}
}

func TestExpressionsAreComputedAsCloudWatchDoes(t *testing.T) {
	at := func(id string) float64 {
		return map[string]float64{"two": 2, "zero": 0, "none": alarmmath.Missing}[id]
	}
	for expression, want := range map[string]float64{
		"100 * two / 4": 50, "two - 1 + two": 3, "(two + two) * two": 8, "IF(two >= 2, 7, 8)": 7, "IF(two > 2, 7, 8)": 8,
		"IF(zero == 0, two, 0)": 2, "FILL(none, 5)": 5, "FILL(two, 5)": 2, "two / zero": alarmmath.Missing,
		"none + 1": alarmmath.Missing, "IF(none > 0, 1, 2)": alarmmath.Missing,
	} {
		got, err := alarmmath.Compute(expression, at)
		if err != nil || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s: %v, %v; want %v", expression, got, err, want)
		}
	}
	for _, expression := range []string{"1 +", "two % 2", "MAX(two)", "two[0]", "IF(1, 2)"} {
		if got, err := alarmmath.Compute(expression, at); err == nil {
			t.Errorf("%s: %v, want an error", expression, got)
		}
	}
}
