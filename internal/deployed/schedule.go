package deployed

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Schedule is an AWS::Events::Rule that calls functions at a fixed rate.
type Schedule struct {
	Name, ARN string
	// Every is the time between two calls; the first comes that long after the start.
	Every time.Duration
	// Functions are the ARNs of the functions that it calls.
	Functions []string
}

// rateExpression is the only supported form of a schedule: "For a singular value, the unit must be singular (for
// example, rate(1 day)), otherwise plural (for example, rate(5 days))",
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-rate-expressions
var rateExpression = regexp.MustCompile(`^rate\((?:1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,3}) (minute|hour|day)s)\)$`)

func parseRate(text string) (time.Duration, error) {
	match := rateExpression.FindStringSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf("ScheduleExpression %q is not understood; "+
			"there is rate(<value> <unit>) of minutes, hours or days", text)
	}
	count, unit := 1, match[1]+match[3]
	if match[2] != "" {
		count, _ = strconv.Atoi(match[2]) // a few digits
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	return time.Duration(count) * units[unit], nil
}

// EventRule is an AWS::Events::Rule that hands events of AWS to functions. The local stage has no such events.
type EventRule struct {
	Name, ARN string
	// Pattern is the pattern of the events, as JSON.
	Pattern json.RawMessage
	// Reads also hands over events of CloudTrail about operations that only read.
	Reads bool
	// Functions are the ARNs of the functions that it calls.
	Functions []string
}

// readRule reads a rule that calls functions: at a fixed rate, or for events that match a pattern.
func readRule(l *loader, r resource) error {
	if err := r.stated("State", "Targets"); err != nil {
		return err
	}
	rule, err := decode[struct {
		Name, ScheduleExpression, State string
		EventPattern                    json.RawMessage
		Targets                         []struct {
			Arn, ID string
			// A failed call is not repeated before the next one, nor saved.
			RetryPolicy, DeadLetterConfig Ignored
		}
		Description, Tags Ignored
	}](l, r)
	if err != nil {
		return err
	}
	const reads = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
	if rule.State != "ENABLED" && (rule.State != reads || rule.EventPattern == nil) {
		return fmt.Errorf("its State %q is not understood; there are ENABLED and, for events, %s", rule.State, reads)
	}
	if (rule.ScheduleExpression == "") == (rule.EventPattern == nil) {
		return errors.New("one of ScheduleExpression and EventPattern must be stated: what AWS does without, or with " +
			"both, is not served")
	}
	var name, arn string
	var functions []string
	if err := l.name(r, &name, &arn); err != nil {
		return err
	}
	for _, target := range rule.Targets {
		functions = append(functions, target.Arn)
	}
	l.later = append(l.later, func() error {
		for _, function := range functions {
			if _, ok := l.stage.Functions[function]; !ok {
				return fmt.Errorf("stack %s, %s: target %s is no function", r.stack.Name, r.id, function)
			}
		}
		return nil
	})
	if rule.EventPattern != nil {
		l.stage.EventRules = append(l.stage.EventRules, EventRule{
			Name: name, ARN: arn, Pattern: rule.EventPattern, Reads: rule.State == reads, Functions: functions,
		})
		return nil
	}
	every, err := parseRate(rule.ScheduleExpression)
	l.stage.Schedules = append(l.stage.Schedules, Schedule{name, arn, every, functions})
	return err
}
