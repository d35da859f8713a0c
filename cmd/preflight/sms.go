package main

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/securecart/identity/config"
)

// defaultSpendLimit is the monthly limit, in US dollars, of accounts that have set none.
// https://docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html
const defaultSpendLimit = 1

func sendsSMS(s config.Stage) bool { return s.Users.SendsSMS() }

// sms checks whether codes reach customers, and whether the alarm on their costs can start.
func sms(ctx context.Context, s Subject) []Result {
	api := s.Services.Messages
	return []Result{sandbox(ctx, api, s.Stage), spending(ctx, api, s.Stage.Alarms.SMSSpendUSD)}
}

// sandbox is a warning where only developers sign in: they can verify their numbers.
func sandbox(ctx context.Context, api Messages, s config.Stage) Result {
	answer, err := api.GetSMSSandboxAccountStatus(ctx, &sns.GetSMSSandboxAccountStatusInput{})
	const page = "https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox-moving-to-production.html"
	switch {
	case err != nil:
		return unknown(err)
	case answer.IsInSandbox && s.Purpose == config.Development:
		return warning(page+", or verify the numbers that you test with",
			"SMS in %s are in their sandbox: they reach verified numbers only", s.Region)
	case answer.IsInSandbox:
		return failure(page, "SMS in %s are in their sandbox: they reach verified numbers only, and so no customer", s.Region)
	}
	return ok("SMS in %s are out of their sandbox", s.Region)
}

// spending compares the account's monthly limit, at which SMS stop, with the alarm, which starts above its threshold
// (constructs/alarm, smsspend.go).
func spending(ctx context.Context, api Messages, alarm int) Result {
	const name = "MonthlySpendLimit"
	answer, err := api.GetSMSAttributes(ctx, &sns.GetSMSAttributesInput{Attributes: []string{name}})
	if err != nil {
		return unknown(err)
	}
	limit, text := float64(defaultSpendLimit), answer.Attributes[name]
	if text != "" {
		if limit, err = strconv.ParseFloat(text, 64); err != nil {
			return warning("aws sns get-sms-attributes", "the monthly limit of SMS is %q, which is no number", text)
		}
	}
	const raise = "https://docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html, then " +
		"aws sns set-sms-attributes --attributes MonthlySpendLimit=…, or lower Alarms.SMSSpendUSD"
	if limit <= float64(alarm) {
		return warning(raise, "SMS stop at %g US dollars a month, and the alarm rings above %d: never", limit, alarm)
	}
	return ok("SMS stop at %g US dollars a month, and the alarm rings above %d", limit, alarm)
}
