// Package alarmmath computes what CloudWatch makes of series, as far as the stages' alarms go: arithmetic, comparisons,
// IF and FILL, and the state that follows. A result of a missing value is missing. Division by zero is missing, too.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
package alarmmath

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
)

// Missing is a period without data.
var Missing = math.NaN()

// Compute returns the value of an expression for one period, in which at tells the value of each series.
func Compute(expression string, at func(id string) float64) (float64, error) {
	parsed, err := parser.ParseExpr(expression)
	if err != nil {
		return Missing, err
	}
	return compute(parsed, at)
}

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
		return Missing, err
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
			return Missing, nil
		}
		if values[0] != 0 {
			return values[1], nil
		}
		return values[2], nil
	}
	return 0, fmt.Errorf("%v of %d values is no function that alarms use", e.Fun, len(values))
}

// State returns CloudWatch's state for the last values of an alarm, oldest first. If enough values exist, missing ones
// are skipped; otherwise each is treated as the alarm says. "ignore" keeps the previous state unless the existing
// values decide alone.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
func State(values []float64, threshold float64, of, need int, treatment, before string) string {
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
