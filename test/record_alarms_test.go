package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/alarmmath"
	"github.com/securecart/identity/test/threats"
)

// condition is one condition of a pattern of JSON lines, as far as the stages use them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
var condition = regexp.MustCompile(`^\$\.(\w+) (?:(IS TRUE)|= "(\w+)")$`)

// matches reports whether a line matches all conditions of a pattern.
func matches(t *testing.T, pattern string, line map[string]any) bool {
	t.Helper()
	all := true
	for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(pattern, "{ "), " }"), " && ") {
		found := condition.FindStringSubmatch(part)
		if found == nil {
			t.Fatalf("the pattern %s is not understood: %s", pattern, part)
		}
		var want any = found[3]
		if found[2] != "" {
			want = true
		}
		all = all && line[found[1]] == want
	}
	return all
}

// TestHeartbeatsAreCountedInTheFunctionsLines: the lines are what the function logs (lambda/securityevents).
func TestHeartbeatsAreCountedInTheFunctionsLines(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "lambda", "securityevents", "testdata", "lines.json"))
	if err != nil {
		t.Fatal(err)
	}
	var calls []struct {
		What    string
		Counted int
		Lines   []map[string]any
	}
	if err := json.Unmarshal(text, &calls); err != nil || len(calls) < 10 {
		t.Fatalf("%d calls, %v", len(calls), err)
	}
	filters := 0
	eachStage(t, func(in *threats.Inspection) {
		f := named(in, "AWS::Lambda::Function", "Operations.SecurityEventsFunction")
		for _, filter := range in.Every("AWS::Logs::MetricFilter") {
			if filter.At("LogGroupName").Text() != f.At("LoggingConfig", "LogGroup").Text() {
				continue
			}
			filters++
			for _, call := range calls {
				counted := 0
				for _, line := range call.Lines {
					if matches(t, filter.At("FilterPattern").Text(), line) {
						counted++
					}
				}
				if counted != call.Counted {
					filter.Fail("counts %d lines if %s, want %d", counted, call.What, call.Counted)
				}
			}
			silent := named(in, metricAlarm, "Operations.AlarmsSecurityEventsSilent")
			of := filter.At("MetricTransformations", 0)
			silent.At("Metrics", 0, "MetricStat", "Metric", "Namespace").Is(of.At("MetricNamespace").Text())
			silent.At("Metrics", 0, "MetricStat", "Metric", "MetricName").Is(of.At("MetricName").Text())
		}
	})
	if filters == 0 {
		t.Error("nothing counts the function's lines")
	}
}

// named is the resource of this type and name.
func named(in *threats.Inspection, typ, name string) threats.Resource {
	all := in.Every(typ)
	i := slices.IndexFunc(all, func(r threats.Resource) bool { return r.Name() == name })
	if i < 0 {
		panic(in.ID + " has no " + name)
	}
	return all[i]
}

// recordAlarm is how an alarm on the record must behave.
type recordAlarm struct {
	alarm string
	// period is the seconds of one value.
	period float64
	// missing is how a period without data counts, also where FILL finds no value at all to continue from.
	missing string
	// reads are the metrics, and what they are of. A metric of the stage has no dimension.
	reads      map[string]string
	on, notYet []history
}

// history is a list of values by metric, oldest first. Other metrics, and periods after the last value, have no data.
type history map[string][]float64

const (
	waitingEvents = "ApproximateNumberOfMessagesVisible"

	ofFunction = "FunctionName ${Operations.SecurityEventsFunction}"
	ofQueue    = "QueueName ${Operations.SecurityEventsUndelivered.QueueName}"
)

var recordAlarms = []recordAlarm{
	{
		alarm: "Silent", period: 3600, missing: "breaching", reads: map[string]string{"Heartbeats": ""},
		on: []history{
			{}, // the record has never worked
			{"Heartbeats": {1, 1, 1, 1, alarmmath.Missing, alarmmath.Missing, alarmmath.Missing}},
			{"Heartbeats": {1, 0, 0, 0}},
		},
		notYet: []history{
			{"Heartbeats": {1, 1, 1, 1, alarmmath.Missing, alarmmath.Missing}},
			{"Heartbeats": {0, 0, 0, 1}},
			{"Heartbeats": {1, alarmmath.Missing, alarmmath.Missing, 1}},
		},
	},
	{
		alarm: "Undelivered", period: 300, missing: "notBreaching",
		reads:  map[string]string{waitingEvents: ofQueue},
		on:     []history{{waitingEvents: {0, 0, 1}}},
		notYet: []history{{waitingEvents: {0, 0, 0}}, {}},
	},
	{
		alarm: "Dropped", period: 300, missing: "notBreaching",
		reads: map[string]string{
			"AsyncEventsDropped": ofFunction, "DeadLetterErrors": ofFunction, "NumberOfMessagesSent": ofQueue,
		},
		on: []history{
			{"AsyncEventsDropped": {1}}, {"DeadLetterErrors": {1}}, {"NumberOfMessagesSent": {1}},
			{"AsyncEventsDropped": {0}, "DeadLetterErrors": {0}, "NumberOfMessagesSent": {1}},
		},
		notYet: []history{{}, {"AsyncEventsDropped": {0}, "DeadLetterErrors": {0}, "NumberOfMessagesSent": {0}}},
	},
}

// TestTheRecordsAlarmsTellOfEachLossInTime: [TestAlarmsStartAndEndAsTheSeriesSay] takes what an alarm reads, and how
// long it waits, from the alarm itself.
func TestTheRecordsAlarmsTellOfEachLossInTime(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		for _, want := range recordAlarms {
			alarm := named(in, metricAlarm, "Operations.AlarmsSecurityEvents"+want.alarm)
			got := map[string]string{}
			for _, r := range readings(alarm) {
				got[r.metric] = ""
				for name, value := range r.dimensions {
					got[r.metric] += name + " " + value
				}
			}
			if diff := cmp.Diff(want.reads, got); diff != "" {
				alarm.Fail("reads other metrics, or those of others (-want +got)\n%s", diff)
			}
			alarm.At("TreatMissingData").Is(want.missing)
			for _, query := range alarm.At("Metrics").Each() {
				if query.At("Expression").Got == nil {
					query.At("MetricStat", "Period").Is(want.period)
				}
			}
			for _, of := range want.on {
				if got := of.state(alarm); got != "ALARM" {
					alarm.Fail("is %s after %v", got, of)
				}
			}
			for _, of := range want.notYet {
				if got := of.state(alarm); got != "OK" {
					alarm.Fail("is %s after %v", got, of)
				}
			}
		}
	})
}

// state is an alarm's state after a history.
func (h history) state(alarm threats.Resource) string {
	metrics, ids, expression := map[string]string{}, []string{}, ""
	for _, query := range alarm.At("Metrics").Each() {
		if text, isMath := query.At("Expression").Got.(string); isMath {
			expression = text
			continue
		}
		id := query.At("Id").Text()
		metrics[id], ids = query.At("MetricStat", "Metric", "MetricName").Text(), append(ids, id)
	}
	of, periods := int(alarm.At("EvaluationPeriods").Number()), 0
	for _, values := range h {
		periods = max(periods, len(values))
	}
	var values []float64
	for i := range max(periods, of) {
		at := map[string]float64{}
		for id, metric := range metrics {
			if i < len(h[metric]) {
				at[id] = h[metric][i]
			}
		}
		values = append(values, valueOf(alarm, expression, ids, at))
	}
	return alarmmath.State(values, alarm.At("Threshold").Number(), of, int(alarm.At("DatapointsToAlarm").Number()),
		alarm.At("TreatMissingData").Text(), "before")
}
