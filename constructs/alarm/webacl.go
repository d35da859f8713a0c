package alarm

import "github.com/securecart/identity/config"

// WebACL is a web ACL that is watched.
type WebACL struct {
	// ID begins the names of its alarms. Metric is the metric name of the ACL itself. Both are required.
	ID, Metric string
	// Log is the name of the log group of its requests. Required.
	Log string
	// SignUpRule is the metric name of the rule that limits sign-ups and codes. None if empty.
	SignUpRule string
}

// alarms returns the alarms of one web ACL. AWS WAF publishes a metric only when it is not zero.
// https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
func (w WebACL) alarms(region string, t config.Thresholds) []definition {
	of := func(id, name, rule string) metric { return w.metric(region, id, name, rule) }
	alarms := []definition{{
		id: w.ID + "Blocked", says: "The web ACL of the stack " + w.ID + " refuses many requests, in percent",
		runbook: config.CredentialStuffing,
		metrics: []metric{of("blocked", "BlockedRequests", "ALL"), of("allowed", "AllowedRequests", "ALL")},
		expression: enough("FILL(blocked, 0) + FILL(allowed, 0)", t.Requests,
			"100 * FILL(blocked, 0) / (FILL(blocked, 0) + FILL(allowed, 0))"),
		period: 300, of: 3, need: 2, threshold: t.BlockedPercent, missing: nothingHappened,
	}, {
		id:      w.ID + "FirewallLogMissing",
		says:    "The web ACL of the stack " + w.ID + " answers requests, and its log has no event",
		runbook: config.LogsMissing,
		metrics: []metric{
			of("blocked", "BlockedRequests", "ALL"), of("allowed", "AllowedRequests", "ALL"), incoming(w.Log),
		},
		expression: "IF(FILL(events, 0) == 0, FILL(blocked, 0) + FILL(allowed, 0), 0)",
		period:     300, of: 3, need: 3, threshold: t.UnloggedRequests, missing: nothingHappened,
	}}
	if w.SignUpRule != "" {
		alarms = append(alarms, definition{
			id: w.ID + "SignUpRate", says: "One address or more asks for far more sign-ups and codes than a customer would",
			runbook: config.BotSignUps, metrics: []metric{of("blocked", "BlockedRequests", w.SignUpRule)},
			period: 300, of: 2, need: 2, threshold: t.BlockedSignUps, missing: nothingHappened,
		})
	}
	return alarms
}

func (w WebACL) metric(region, id, name, rule string) metric {
	return metric{id, "AWS/WAFV2", name, [][2]string{{"Region", region}, {"Rule", rule}, {"WebACL", w.Metric}}, "Sum"}
}
