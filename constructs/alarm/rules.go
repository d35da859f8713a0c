package alarm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
)

// mostMetrics is how many metrics one alarm may read.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
const mostMetrics = 10

// handedOver are the alarms on events that EventBridge could not hand to a function: it repeats what fails for a while,
// and counts what fails for good, such as a function that is gone or lets the rule call it no more.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
func handedOver(rules []string) []definition {
	var all []definition
	for some := range slices.Chunk(rules, mostMetrics) {
		d := definition{
			id:      fmt.Sprintf("RulesFailed%d", len(all)+1),
			says:    "EventBridge cannot hand events over, so that no record of them is kept",
			runbook: config.EventsMissing,
			period:  300, of: 1, need: 1, missing: nothingHappened,
			threshold: config.Threshold{Value: 1, Why: "each is a change that nobody will find"},
		}
		var sum []string
		for i, rule := range some {
			id := fmt.Sprintf("rule%d", i+1)
			d.metrics = append(d.metrics,
				metric{id, "AWS/Events", "FailedInvocations", [][2]string{{"RuleName", rule}}, "Sum"})
			sum = append(sum, "FILL("+id+", 0)")
		}
		d.expression = strings.Join(sum, " + ")
		all = append(all, d)
	}
	return all
}
