package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestMail(t *testing.T) {
	account := func(body string) map[string][]answer { return map[string][]answer{"ses:GetAccount": said(body)} }
	with := func(body string) map[string][]answer { return map[string][]answer{"GetEmailIdentity": said(body)} }
	const (
		out      = "ok: SES in eu-west-1 is out of its sandbox, and may send 50000 messages a day"
		verified = "ok: the identity securecart.example is verified"
		arn      = "arn:aws:ses:eu-west-1:444455556666:identity/securecart.example"
		may      = "ok: Cognito may send notices of risky sign-ins as " + arn
		mayNot   = "failure: Cognito may not send notices of risky sign-ins as " + arn + " (ses:SendEmail: ImplicitDeny)"
	)
	testFindings(t, map[string]finding{
		"in the sandbox": {
			changes: account(`{"ProductionAccessEnabled":false,"SendingEnabled":true,"EnforcementStatus":"HEALTHY"}`),
			check:   "e-mail",
			want: []string{
				"failure: SES in eu-west-1 is in its sandbox: it sends to verified addresses only, and so to no customer",
				verified,
				may,
			},
			remedy: "request-production-access",
		},
		"paused": {
			changes: account(`{"ProductionAccessEnabled":true,"SendingEnabled":false,"EnforcementStatus":"SHUTDOWN"}`),
			check:   "e-mail",
			want:    []string{"failure: SES in eu-west-1 is paused for this account", verified, may}, remedy: "faqs-enforcement",
		},
		"under review": {
			changes: account(`{"ProductionAccessEnabled":true,"SendingEnabled":true,"EnforcementStatus":"PROBATION"}`),
			check:   "e-mail",
			want:    []string{"warning: SES in eu-west-1 puts this account under review: PROBATION", verified, may},
		},
		"no identity": {
			changes: map[string][]answer{"GetEmailIdentity": refusal("GetEmailIdentity", "NotFoundException", "")},
			check:   "e-mail",
			want:    []string{out, "failure: SES in eu-west-1 has no identity securecart.example"},
			remedy:  "creating-identities",
		},
		"an identity that waits": {
			changes: with(identitySaid(false, "PENDING", "")), check: "e-mail",
			want: []string{out, "failure: the identity securecart.example is not verified: it is PENDING"},
		},
		"unsigned": {
			changes: with(identitySaid(true, "NOT_STARTED", policy("email.cognito-idp.amazonaws.com", "444455556666"))),
			check:   "e-mail",
			want: []string{
				out,
				verified,
				"warning: messages of securecart.example are not signed with DKIM: large providers refuse such",
				may,
			},
			remedy: "dkim",
		},
		"no policy": {
			changes: with(identitySaid(true, "SUCCESS", "")), check: "e-mail", want: []string{out, verified, mayNot},
			remedy: `"Principal":{"Service":"email.cognito-idp.amazonaws.com"}`,
		},
		"a policy for another service": {
			changes: with(identitySaid(true, "SUCCESS", policy("lambda.amazonaws.com", "444455556666"))),
			check:   "e-mail",
			want:    []string{out, verified, mayNot},
		},
		"a policy for another account": {
			changes: with(identitySaid(true, "SUCCESS", policy("email.cognito-idp.amazonaws.com", "999900001111"))),
			check:   "e-mail",
			want:    []string{out, verified, mayNot},
		},
		"a policy for half of it": {
			changes: with(identitySaid(true, "SUCCESS", strings.Replace(
				policy("email.cognito-idp.amazonaws.com", "444455556666"), `,"ses:SendRawEmail"`, "", 1))),
			check: "e-mail",
			want:  []string{out, verified, strings.Replace(mayNot, "ses:SendEmail", "ses:SendRawEmail", 1)},
		},
		"a policy that is not understood": {
			changes: with(identitySaid(true, "SUCCESS", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+
				`"Principal":"*","Action":"ses:*","Resource":"*","Until":"x"}]}`)),
			check: "e-mail",
			want: []string{out, verified, "warning: not checked: the policy CognitoNotices of " + arn + ` is not understood: ` +
				`policy document: Statement[0]: Until: unknown element`},
		},
		"no notices, no policy": {
			stage: func(s *config.Stage) { s.Users.MFA = config.Required }, changes: with(identitySaid(true, "SUCCESS", "")),
			check: "e-mail", want: []string{out, verified},
		},
	})
}

func TestSMS(t *testing.T) {
	const outside, spends = "ok: SMS in eu-central-1 are out of their sandbox",
		"ok: SMS stop at 50 US dollars a month, and the alarm rings above 20"
	limit := func(limit string) map[string][]answer {
		return map[string][]answer{"GetSMSAttributes": said(spendLimit(limit))}
	}
	inside := map[string][]answer{"GetSMSSandboxAccountStatus": said(sandboxSaid("true"))}
	testFindings(t, map[string]finding{
		"in the sandbox": {
			changes: inside, check: "SMS", remedy: "sns-sms-sandbox-moving-to-production",
			want: []string{
				"failure: SMS in eu-central-1 are in their sandbox: they reach verified numbers only, and so no customer",
				spends,
			},
		},
		"in the sandbox, for developers": {
			stage:   func(s *config.Stage) { s.Purpose = config.Development },
			changes: inside,
			check:   "SMS",
			remedy:  "verify the numbers",
			want:    []string{"warning: SMS in eu-central-1 are in their sandbox: they reach verified numbers only", spends},
		},
		"a limit below the alarm": {
			changes: limit("19.5"), check: "SMS", remedy: "Alarms.SMSSpendUSD",
			want: []string{outside, "warning: SMS stop at 19.5 US dollars a month, and the alarm rings above 20: never"},
		},
		"a limit at the alarm": {
			changes: limit("20"),
			check:   "SMS",
			want:    []string{outside, "warning: SMS stop at 20 US dollars a month, and the alarm rings above 20: never"},
		},
		"no limit of its own": {
			changes: limit(""),
			check:   "SMS",
			want:    []string{outside, "warning: SMS stop at 1 US dollars a month, and the alarm rings above 20: never"},
		},
		"no number": {
			changes: limit("x"),
			check:   "SMS",
			want:    []string{outside, `warning: the monthly limit of SMS is "x", which is no number`},
		},
	})
}
