package drill

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/alarmmath"
	"github.com/securecart/identity/internal/deployed"
)

// Dimensions are those of a metric, by name.
type Dimensions map[string]string

// minute is what was counted in one, by the series.
type minute map[string][]float64

// series names a metric with its dimensions.
func series(namespace, metric string, of Dimensions) string {
	text := namespace + " " + metric
	for _, name := range slices.Sorted(maps.Keys(of)) {
		text += " " + name + "=" + of[name]
	}
	return text
}

func (d *Drill) count(namespace, metric string, of Dimensions, value float64) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	name := series(namespace, metric, of)
	d.now[name] = append(d.now[name], value)
}

// EndMinutes ends the minute that is counted in, and counts it as that many that are alike: a drill does in seconds
// what customers do in minutes.
func (d *Drill) EndMinutes(alike int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.minutes, d.now = append(d.minutes, slices.Repeat([]minute{d.now}, alike)...), minute{}
}

// beyond is how many more values than its periods CloudWatch looks at for an alarm, in case that some are missing. Its
// documentation shows two, and calls the number a matter of the alarm's kind.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
const beyond = 2

// State is the state of an alarm at the end of the minutes so far. It is empty if one period of the alarm is longer
// than those minutes: then nothing can be said.
func (d *Drill) State(alarm deployed.Alarm) (string, error) {
	values, err := d.Values(alarm)
	if len(values) == 0 {
		return "", err
	}
	return alarm.State(values, "OK"), nil
}

// Values are those of an alarm that CloudWatch looks at, oldest first: one for each period that is over.
func (d *Drill) Values(alarm deployed.Alarm) ([]float64, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	period := alarm.Period() / 60
	if period < 1 {
		return nil, nil
	}
	var values []float64
	for end := len(d.minutes); end >= period && len(values) < alarm.EvaluationPeriods+beyond; end -= period {
		value, err := alarm.Value(func(m deployed.MetricStat) float64 {
			return statistic(m.Stat, d.samples(m, d.minutes[end-period:end]))
		})
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	slices.Reverse(values)
	return values, nil
}

// samples are all values of a series in some minutes.
func (*Drill) samples(m deployed.MetricStat, minutes []minute) []float64 {
	of := Dimensions{}
	for _, dimension := range m.Metric.Dimensions {
		of[dimension.Name] = dimension.Value
	}
	name := series(m.Metric.Namespace, m.Metric.MetricName, of)
	var all []float64
	for _, counted := range minutes {
		all = append(all, counted[name]...)
	}
	return all
}

// statistic makes one number of the values of a period, which is missing if there are none.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
func statistic(name string, values []float64) float64 {
	if len(values) == 0 {
		return alarmmath.Missing
	}
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	switch name {
	case "Sum":
		return sum
	case "SampleCount":
		return float64(len(values))
	case "Average":
		return sum / float64(len(values))
	case "Maximum":
		return slices.Max(values)
	case "p99":
		sorted := slices.Sorted(slices.Values(values))
		return sorted[int(math.Ceil(0.99*float64(len(sorted))))-1]
	}
	return alarmmath.Missing
}

// Counted are the metrics that were counted in the last minute that is over, of which the value is above 0, one a line:
// the sum of what is counted, the slowest hundredth of what is measured.
func (d *Drill) Counted() []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	var lines []string
	if len(d.minutes) == 0 {
		return nil
	}
	last := d.minutes[len(d.minutes)-1]
	for _, name := range slices.Sorted(maps.Keys(last)) {
		if strings.Contains(name, "Duration") || strings.Contains(name, "Latency") {
			continue
		}
		if value := statistic("Sum", last[name]); value > 0 {
			lines = append(lines, fmt.Sprintf("%s: %v of %d", name, value, len(last[name])))
		}
	}
	return lines
}
