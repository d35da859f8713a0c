package alarm

import (
	"strings"

	"github.com/securecart/identity/config"
)

// Table is a DynamoDB table that is watched.
type Table struct {
	// ID begins the names of its alarms, such as "Orders". Name is the table's own. Both are required.
	ID, Name string
	// Index is the name of its global secondary index. None if empty.
	Index string
	// Operations are those that functions and customers use, such as "GetItem": DynamoDB counts its own errors by
	// operation. Required.
	Operations []string
	// SigningIn and Buying say what customers cannot do while the table refuses requests.
	SigningIn, Buying bool
}

// alarms returns the alarms of one table and its index.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
func (t Table) alarms(limits config.Thresholds) []definition {
	var stops outage
	if t.SigningIn {
		stops |= signingIn
	}
	if t.Buying {
		stops |= buying
	}
	alarms := make([]definition, 0, 3)
	for _, kind := range []string{"Read", "Write"} {
		metrics := []metric{t.metric("table", kind+"ThrottleEvents", nil)}
		expression := ""
		if t.Index != "" {
			metrics = append(metrics, t.metric("index", kind+"ThrottleEvents", []string{"GlobalSecondaryIndexName", t.Index}))
			expression = "FILL(table, 0) + FILL(index, 0)"
		}
		alarms = append(alarms, definition{
			id: t.ID + kind + "Throttles", says: "The table " + t.ID + " refuses " + strings.ToLower(kind) + "s",
			runbook: config.TableFailing, metrics: metrics, expression: expression,
			period: 60, of: 5, need: 3, threshold: limits.TableThrottles, missing: nothingHappened, stops: stops,
		})
	}
	errors := definition{
		id: t.ID + "SystemErrors", says: "DynamoDB fails requests to the table " + t.ID, runbook: config.TableFailing,
		period: 60, of: 5, need: 3, threshold: limits.TableSystemErrors, missing: nothingHappened, stops: stops,
	}
	sum := make([]string, 0, len(t.Operations))
	for _, operation := range t.Operations {
		id := strings.ToLower(operation)
		errors.metrics = append(errors.metrics, t.metric(id, "SystemErrors", []string{"Operation", operation}))
		sum = append(sum, "FILL("+id+", 0)")
	}
	errors.expression = strings.Join(sum, " + ")
	return append(alarms, errors)
}

// metric returns a metric of the table. The further dimension is optional.
func (t Table) metric(id, name string, further []string) metric {
	dimensions := [][2]string{{"TableName", t.Name}}
	if len(further) == 2 {
		dimensions = append(dimensions, [2]string{further[0], further[1]})
	}
	return metric{id, "AWS/DynamoDB", name, dimensions, "Sum"}
}
