package alarm

import (
	"github.com/securecart/identity/config"
)

// spent is the account's spending on SMS in this month. kmsCalls is how often the account used symmetric keys.
var (
	spent    = metric{"spent", "AWS/SNS", "SMSMonthToDateSpentUSD", nil, "Maximum"}
	kmsCalls = metric{"calls", "AWS/Usage", "CallCount", [][2]string{
		{"Class", "None"}, {"Resource", "CryptographicOperationsSymmetric"}, {"Service", "KMS"}, {"Type", "API"},
	}, "Sum"}
)

// smsSpend starts when SMS of this calendar month have cost more than the stage expects: somebody may make the pool
// send codes to numbers that earn money for their owner (SMS pumping, threat U20). Only the account's spending limit,
// which CloudFormation cannot set, stops them. The metric has no dimensions: it counts the whole account in the Region.
// https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
func smsSpend(alarms config.Alarms) definition {
	return definition{
		id: "SmsSpend", says: "SMS of this month have cost the account much, in US dollars", runbook: config.SMSPumping,
		metrics: []metric{spent},
		period:  300, of: 1, need: 1, missing: nothingHappened,
		threshold: config.Threshold{
			Value: float64(alarms.SMSSpendUSD), Why: "it is what the stage expects to spend in a month",
		},
	}
}

// mail returns the alarms of SES's rates, which are shares between 0 and 1 of the whole account's mail in the Region.
// SES publishes a rate only when it changes.
// https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
func mail(t config.Thresholds) []definition {
	rate := func(id, says, name string, threshold config.Threshold) definition {
		return definition{
			id: id, says: says, runbook: config.MailPaused,
			metrics: []metric{{"rate", "AWS/SES", name, nil, "Average"}}, expression: "100 * rate",
			period: hour, of: 1, need: 1, threshold: threshold, missing: asBefore,
		}
	}
	return []definition{
		rate("MailBounces", "Much of the account's e-mail bounces, in percent", "Reputation.BounceRate", t.BouncePercent),
		rate("MailComplaints", "Recipients complain about the account's e-mail, in percent", "Reputation.ComplaintRate",
			t.ComplaintPercent),
	}
}

// kms is the alarm of the account's share of symmetric cryptographic operations, which tables, logs and cursors draw
// on. KMS publishes no throttles.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html
func kms(t config.Thresholds) definition {
	return definition{
		id: "KmsCalls", says: "The account comes near its quota of KMS, in calls a second", runbook: config.QuotaThrottled,
		metrics: []metric{kmsCalls}, expression: "calls / 60",
		period: 60, of: 5, need: 3, threshold: t.KMSCallsPerSecond, missing: nothingHappened,
	}
}
