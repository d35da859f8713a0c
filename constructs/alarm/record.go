package alarm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
)

// Record is the record of changes, whose losses and whose end are watched.
type Record struct {
	// Function is the name of the function that writes it, Log that of its log group. Both are required.
	Function, Log string
	// Rules are the names of the rules that hand events to the function. Required.
	Rules []string
	// Undelivered is the name of the queue that takes events which failed for good. Required.
	Undelivered string
}

// mostMetrics is how many metrics one alarm may read.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
const mostMetrics = 10

// ofRecord begins the ids of the alarms on the record.
const ofRecord = "SecurityEvents"

// heartbeats are the events of the function's own hourly calls that came back and were recorded.
func (r Record) heartbeats() counted {
	return counted{"Heartbeats", r.Log, `{ $.heartbeat IS TRUE && $.level = "INFO" }`}
}

// alarms are those of a record that has ended, and of events that wait to be replayed or are lost. They also notify by
// the other key: if the key of logs is disabled, the function cannot tell of that, so that event waits or is lost.
func (r Record) alarms(namespace string) []definition {
	lost := config.Threshold{Value: 1, Why: "each is a change that nobody will find"}
	dropped := func(name string) metric {
		return metric{strings.ToLower(name), "AWS/Lambda", name, [][2]string{{"FunctionName", r.Function}}, "Sum"}
	}
	queued := func(id, name, statistic string) metric {
		return metric{id, "AWS/SQS", name, [][2]string{{"QueueName", r.Undelivered}}, statistic}
	}
	all := []definition{
		{
			id: ofRecord + "Silent", says: "Nothing has been recorded for three hours, not even the function's own call",
			runbook: config.EventsMissing,
			metrics: []metric{{"beats", namespace, r.heartbeats().id, nil, "Sum"}}, expression: silence("beats"),
			period: hour, of: 3, need: 3, missing: wentSilent, fallback: true,
			threshold: config.Threshold{Value: 1, Why: "each hour's call must come back. It says so once after the first " +
				"deploy, too"},
		},
		{
			id: ofRecord + "Undelivered", says: "Events wait in the queue to be replayed", runbook: config.EventsMissing,
			metrics: []metric{queued("waiting", "ApproximateNumberOfMessagesVisible", "Maximum")},
			period:  300, of: 1, need: 1, missing: nothingHappened, fallback: true,
			threshold: config.Threshold{Value: 1, Why: "each is missing in the record, and leaves the queue after 14 days"},
		},
		{
			// Lambda counts an event as dropped although the queue has it, and then once more if the queue refused it. What
			// arrives in the queue is counted here, too: while a message that nobody can replay keeps Undelivered on, that
			// alarm tells of no further one.
			id: ofRecord + "Dropped", says: "Lambda or EventBridge gave up events of the record",
			runbook: config.EventsMissing,
			metrics: []metric{
				dropped("AsyncEventsDropped"), dropped("DeadLetterErrors"), queued("arrived", "NumberOfMessagesSent", "Sum"),
			},
			expression: "FILL(asynceventsdropped, 0) + FILL(deadlettererrors, 0) + FILL(arrived, 0)",
			period:     300, of: 1, need: 1, missing: nothingHappened, fallback: true, threshold: lost,
		},
	}
	return append(all, r.handedOver(lost)...)
}

// handedOver are the alarms on events that EventBridge could neither hand to the function nor save in the queue. What
// it could save, the queue's own alarm tells.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
func (r Record) handedOver(lost config.Threshold) []definition {
	var all []definition
	for some := range slices.Chunk(r.Rules, mostMetrics) {
		d := definition{
			id:      fmt.Sprintf("%sRulesFailed%d", ofRecord, len(all)+1),
			says:    "EventBridge can neither hand events over nor save them in the queue",
			runbook: config.EventsMissing,
			period:  300, of: 1, need: 1, missing: nothingHappened, fallback: true, threshold: lost,
		}
		var sum []string
		for i, rule := range some {
			id := fmt.Sprintf("rule%d", i+1)
			d.metrics = append(d.metrics,
				metric{id, "AWS/Events", "InvocationsFailedToBeSentToDlq", [][2]string{{"RuleName", rule}}, "Sum"})
			sum = append(sum, "FILL("+id+", 0)")
		}
		d.expression = strings.Join(sum, " + ")
		all = append(all, d)
	}
	return all
}
