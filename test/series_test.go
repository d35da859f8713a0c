package test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
)

// missing is a period without data.
var missing = math.NaN()

// math of CloudWatch, as far as alarms use it: arithmetic, comparisons, IF and FILL. A result of a missing value is
// missing. Division by zero is missing, too.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func compute(expression ast.Expr, at func(id string) float64) (float64, error) {
	switch e := expression.(type) {
	case *ast.BasicLit:
		return strconv.ParseFloat(e.Value, 64)
	case *ast.Ident:
		return at(e.Name), nil
	case *ast.ParenExpr:
		return compute(e.X, at)
	case *ast.BinaryExpr:
		return operate(e, at)
	case *ast.CallExpr:
		return call(e, at)
	}
	return 0, fmt.Errorf("%T is nothing that alarms use", expression)
}

func operate(e *ast.BinaryExpr, at func(string) float64) (float64, error) {
	x, err := compute(e.X, at)
	if err != nil {
		return 0, err
	}
	y, err := compute(e.Y, at)
	if err != nil || math.IsNaN(x) || math.IsNaN(y) || (e.Op == token.QUO && y == 0) {
		return missing, err
	}
	truth := map[bool]float64{true: 1}
	switch e.Op {
	case token.ADD:
		return x + y, nil
	case token.SUB:
		return x - y, nil
	case token.MUL:
		return x * y, nil
	case token.QUO:
		return x / y, nil
	case token.GEQ:
		return truth[x >= y], nil
	case token.GTR:
		return truth[x > y], nil
	case token.EQL:
		return truth[x == y], nil
	}
	return 0, fmt.Errorf("%s is no operator that alarms use", e.Op)
}

func call(e *ast.CallExpr, at func(string) float64) (float64, error) {
	values := make([]float64, len(e.Args))
	for i, argument := range e.Args {
		value, err := compute(argument, at)
		if err != nil {
			return 0, err
		}
		values[i] = value
	}
	switch name := e.Fun.(*ast.Ident).Name; {
	case name == "FILL" && len(values) == 2:
		if math.IsNaN(values[0]) {
			return values[1], nil
		}
		return values[0], nil
	case name == "IF" && len(values) == 3:
		if math.IsNaN(values[0]) {
			return missing, nil
		}
		if values[0] != 0 {
			return values[1], nil
		}
		return values[2], nil
	}
	return 0, fmt.Errorf("%v of %d values is no function that alarms use", e.Fun, len(values))
}

// state is CloudWatch's state for the last values of an alarm, oldest first. If enough values exist, missing ones are
// skipped; otherwise each is treated as the alarm says. "ignore" keeps the previous state unless the existing values
// decide alone. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func state(values []float64, threshold float64, of, need int, treatment, before string) string {
	there := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	there = there[max(0, len(there)-of):]
	breaching, gaps := 0, of-len(there)
	for _, value := range there {
		if value >= threshold {
			breaching++
		}
	}
	word := map[bool]string{true: "ALARM", false: "OK"}
	switch {
	case gaps == 0 || treatment == "notBreaching":
		return word[breaching >= need]
	case treatment == "breaching":
		return word[breaching+gaps >= need]
	case breaching >= need || breaching+gaps < need:
		return word[breaching >= need]
	}
	return before
}

// TestStatesAreThoseOfCloudWatchsDocumentation tries the rows of its two tables that alarms can meet: 0 is good, 1 is
// bad.
func TestStatesAreThoseOfCloudWatchsDocumentation(t *testing.T) {
	m := missing
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
			if got := state(row.values, 1, row.of, row.need, treatment, "before"); got != want {
				t.Errorf("%v, %d of %d, %s: %s, want %s", row.values, row.need, row.of, treatment, got, want)
			}
		}
	}
}

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
		return map[string]float64{"blocked": least, "allowed": missing},
			map[string]float64{"blocked": 1, "allowed": 10 * least}, true
	case expression == "IF(successes == 0, attempts, 0)":
		return map[string]float64{"successes": 0, "attempts": limit},
			map[string]float64{"successes": 1, "attempts": 9 * limit}, true
	case expression == "IF(FILL(events, 0) == 0, requests, 0)":
		return map[string]float64{"events": missing, "requests": limit},
			map[string]float64{"events": 1, "requests": 9 * limit}, true
	case strings.HasPrefix(expression, "IF(FILL(events, 0) == 0, FILL(blocked, 0)"):
		return map[string]float64{"events": missing, "blocked": limit, "allowed": missing},
			map[string]float64{"events": 1, "blocked": limit, "allowed": limit}, true
	case expression == "IF(runs > 0, 0, 1)":
		return map[string]float64{"runs": 0}, map[string]float64{"runs": 1}, true
	case expression == "100 * rate":
		return map[string]float64{"rate": limit / 99}, map[string]float64{"rate": limit / 101}, true
	case expression == "calls / 60":
		return map[string]float64{"calls": 60 * limit}, map[string]float64{"calls": 59 * limit}, true
	case strings.HasPrefix(expression, "FILL("+id+", 0) + "):
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
			become := func(values ...float64) string { return state(values, threshold, of, need, treatment, "before") }
			times := func(value float64, n int) []float64 { return slices.Repeat([]float64{value}, n) }
			quiet := value(map[string]float64{})
			undecided := map[string]string{"notBreaching": "OK", "breaching": "ALARM", "ignore": "before"}
			for what, c := range map[string]struct{ got, want string }{
				"just enough":             {become(times(value(bad), of)...), "ALARM"},
				"just not enough":         {become(times(value(good), of)...), "OK"},
				"bad in as few as needed": {become(append(times(value(good), of-need), times(value(bad), need)...)...), "ALARM"},
				"bad in one fewer":        {become(append(times(value(good), of-need+1), times(value(bad), need-1)...)...), "OK"},
				"over":                    {become(append(times(value(bad), need), times(value(good), of)...)...), "OK"},
				"no data":                 {become(times(quiet, of)...), undecided[treatment]},
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
		return missing
	}
	if expression == "" {
		return at(ids[0])
	}
	parsed, err := parser.ParseExpr(expression)
	if err != nil {
		alarm.Fail("computes %q: %v", expression, err)
		return missing
	}
	value, err := compute(parsed, at)
	if err != nil {
		alarm.Fail("computes %q: %v", expression, err)
	}
	return value
}
