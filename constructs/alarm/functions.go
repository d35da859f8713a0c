package alarm

import (
	"github.com/securecart/identity/config"
)

// Kind says who waits for a function's answer.
type Kind int

const (
	// Handler functions answer a route of the API.
	Handler Kind = iota
	// Trigger functions answer the user pool while a customer waits to sign in.
	Trigger
	// Scheduled functions answer nobody.
	Scheduled
	// Keeper functions record events: each failed run may lose one.
	Keeper
)

// hour is the seconds between two runs of a scheduled function.
const hour = 3600

// Function is a function that is watched.
type Function struct {
	// ID begins the names of its alarms, such as "Tokens". Name is the function's own. Both are required.
	ID, Name string
	// Log is the name of its log group. Required.
	Log  string
	Kind Kind
	// TimeoutSeconds is how long a run may take. Required.
	TimeoutSeconds int
	// SigningIn and Buying say what customers cannot do while the function fails.
	SigningIn, Buying bool
}

// alarms returns the alarms of one function.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (f Function) alarms(t config.Thresholds) []definition {
	failing, slow, runbook := t.HandlerErrorsPercent, t.HandlerDurationPercent, config.HandlerFailing
	if f.Kind == Trigger {
		failing, slow, runbook = t.TriggerErrorsPercent, t.TriggerDurationPercent, config.TriggerFailing
	}
	if f.Kind == Keeper {
		runbook = config.EventsMissing
	}
	slow.Value *= float64(f.TimeoutSeconds) * 1000 / 100
	var stops outage
	if f.SigningIn {
		stops |= signingIn
	}
	if f.Buying {
		stops |= buying
	}
	one := func(id, name, statistic string) []metric { return []metric{f.metric(id, name, statistic)} }
	errors := definition{
		id: f.ID + "Errors", says: "Runs of the function " + f.ID + " fail, in percent", runbook: runbook,
		metrics:    append(one("errors", "Errors", "Sum"), one("runs", "Invocations", "Sum")...),
		expression: "100 * errors / runs",
		// Several minutes must fail, so that a single failure among few runs starts nothing.
		period: 60, of: 5, need: 3, threshold: failing, missing: nothingHappened, stops: stops,
	}
	if f.Kind == Trigger {
		errors.need = 2
	}
	if f.Kind == Keeper {
		// Each failure may lose an event, however many others are recorded in the same minute.
		errors.of, errors.need = 1, 1
		errors.says, errors.expression = "Runs of the function "+f.ID+" fail", ""
		errors.metrics = one("errors", "Errors", "Sum")
		errors.threshold = config.Threshold{Value: 1, Why: "each may be a change that nobody will find"}
	}
	var alarms []definition
	if f.Kind == Scheduled {
		// There is one run an hour, which fails or is missing.
		errors.period, errors.of, errors.need = hour, 2, 2
		alarms = append(alarms, definition{
			id: f.ID + "Silent", says: "The function " + f.ID + " has not run for three hours", runbook: runbook,
			metrics: one("runs", "Invocations", "Sum"), expression: silence("runs"), period: hour, of: 3, need: 3,
			threshold: config.Threshold{Value: 1, Why: "it is to run every hour. It says so once after the first deploy, too"},
			missing:   wentSilent,
		})
	}
	return append(alarms, []definition{
		errors,
		{
			id: f.ID + "Throttles", says: "Lambda refuses to run the function " + f.ID, runbook: config.QuotaThrottled,
			metrics: one("throttles", "Throttles", "Sum"),
			period:  60, of: 5, need: 2, threshold: t.FunctionThrottles, missing: nothingHappened, stops: stops,
		},
		{
			id: f.ID + "Duration", says: "Runs of the function " + f.ID + " come near its time-out, in milliseconds",
			runbook: runbook, metrics: one("duration", "Duration", "p99"),
			period: 60, of: 5, need: 3, threshold: slow, missing: nothingHappened,
		},
		{
			id: f.ID + "Concurrency", says: "Many runs of the function " + f.ID + " are under way at once",
			runbook: config.QuotaThrottled, metrics: one("concurrent", "ConcurrentExecutions", "Maximum"),
			period: 60, of: 5, need: 3, threshold: t.ConcurrentRuns, missing: nothingHappened,
		},
	}...)
}

func (f Function) metric(id, name, statistic string) metric {
	return metric{id, "AWS/Lambda", name, [][2]string{{"FunctionName", f.Name}}, statistic}
}
