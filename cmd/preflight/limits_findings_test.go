package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestLimits(t *testing.T) {
	settings := func(free string) map[string][]answer {
		return map[string][]answer{"GetAccountSettings": said(`{"AccountLimit":{"ConcurrentExecutions":1000,` +
			`"UnreservedConcurrentExecutions":` + free + `}}`)}
	}
	quotas := func(answers ...answer) map[string][]answer { return map[string][]answer{"ListServiceQuotas": answers} }
	page := func(next string, values ...string) answer { return said(quotaPage(next, values...))[0] }
	const prefix = "Cognito takes, a second, of all user pools in eu-central-1: "
	testFindings(t, map[string]finding{
		"a new account": {
			changes: settings("10"), check: "concurrency", remedy: "--quota-code L-B99A9384",
			want: []string{
				"warning: 10 functions may run at once in eu-central-1, and about 300 do when the API takes what it may: " +
					"sign-ins are refused before",
			},
		},
		"just too few": {
			changes: settings("299"), check: "concurrency",
			want: []string{
				"warning: 299 functions may run at once in eu-central-1, and about 300 do when the API takes what it may: " +
					"sign-ins are refused before",
			},
		},
		"just enough": {
			changes: settings("300"), check: "concurrency",
			want: []string{"ok: 300 functions may run at once in eu-central-1, and about 300 do when the API takes what it may"},
		},
		"Lambda says nothing": {
			changes: map[string][]answer{"GetAccountSettings": said(`{}`)}, check: "concurrency",
			want: []string{"warning: Lambda did not say how many functions may run at once in eu-central-1"},
		},
		"raised, on two pages": {
			changes: quotas(page("more", "240", "", "50"), page("", "", "480", "", "25", "30")), check: "quotas",
			want: []string{
				"ok: " + prefix + "UserAuthentication 240, UserRead 480, UserCreation 50, UserFederation 25, " +
					"UserAccountRecovery 30",
			},
		},
		"lower than usual": {
			changes: quotas(page("", "120", "60", "50", "25", "30")), check: "quotas", remedy: "--quota-code L-00000002",
			want: []string{
				"warning: Cognito takes fewer requests a second in eu-central-1 than it usually does: UserRead 60 of 120",
			},
		},
		"not listed": {
			changes: quotas(page("", "120", "", "50", "25", "30")), check: "quotas",
			want: []string{
				"ok: " + prefix + "UserAuthentication 120, UserRead unknown, UserCreation 50, UserFederation 25, " +
					"UserAccountRecovery 30",
			},
		},
	})
}

func TestLogging(t *testing.T) {
	role := func(name string) map[string][]answer {
		return map[string][]answer{"apigateway:GetAccount": said(`{"cloudwatchRoleArn":"arn:aws:iam::444455556666:role/` +
			name + `"}`)}
	}
	disowned := func(s *config.Stage) { s.API.OwnsAccountLogging = false }
	policies := func(n int, named, text string) map[string][]answer {
		list := make([]string, n)
		for i := range list {
			list[i] = `{"policyName":"Other","policyDocument":"` + text + `"}`
		}
		list[n-1] = `{"policyName":"` + named + `","policyDocument":"` + text + `"}`
		return map[string][]answer{"DescribeResourcePolicies": {
			said(`{"resourcePolicies":[` + strings.Join(list[:n-1], ",") + `],"nextToken":"more"}`)[0],
			said(`{"resourcePolicies":[` + list[n-1] + `]}`)[0],
		}}
	}
	testFindings(t, map[string]finding{
		"ours": {
			changes: role("SecureCart-Prod-Api-LoggingRole-1"),
			check:   "API log role",
			want:    []string{"ok: API Gateway's role for logs in eu-central-1 is this stage's"},
		},
		"somebody's": {
			changes: role("apigateway-logs"),
			check:   "API log role",
			remedy:  "OwnsAccountLogging of Prod to false",
			want: []string{
				"warning: API Gateway's role for logs in eu-central-1 is somebody else's, and this stage would replace it: " +
					"arn:aws:iam::444455556666:role/apigateway-logs",
			},
		},
		"another stage's": {
			changes: role("SecureCart-Production-Api-LoggingRole-1"), check: "API log role",
			want: []string{
				"warning: API Gateway's role for logs in eu-central-1 is somebody else's, and this stage would replace it: " +
					"arn:aws:iam::444455556666:role/SecureCart-Production-Api-LoggingRole-1",
			},
		},
		"nobody's": {
			stage:  disowned,
			check:  "API log role",
			remedy: "OwnsAccountLogging of Prod to true",
			want: []string{
				"failure: API Gateway has no role for logs in eu-central-1, and this stage provisions none: its API would be " +
					"refused",
			},
		},
		"another's, as wanted": {
			stage:   disowned,
			changes: role("apigateway-logs"),
			check:   "API log role",
			want: []string{
				"ok: API Gateway's role for logs in eu-central-1 is arn:aws:iam::444455556666:role/apigateway-logs",
			},
		},
		"ours once": {
			stage: disowned, changes: role("SecureCart-Prod-Api-LoggingRole-1"), check: "API log role",
			want: []string{
				"warning: API Gateway's role for logs in eu-central-1 is this stage's, which does not provision it any more: " +
					"it is kept, and nobody's",
			},
		},
		"ten policies": {
			changes: policies(10, "Other", "{}"),
			check:   "log policies",
			remedy:  "delete-resource-policy",
			want: []string{
				"failure: CloudWatch Logs in eu-central-1 has 10 of 10 resource policies, and none for the logs of AWS WAF " +
					"and Cognito",
			},
		},
		"nine policies": {
			changes: policies(9, "Other", "{}"),
			check:   "log policies",
			want:    []string{"ok: CloudWatch Logs in eu-central-1 has 9 of 10 resource policies"},
		},
		"ten with AWS's": {
			changes: policies(10, "AWSLogDeliveryWrite20150319", "{}"),
			check:   "log policies",
			want:    []string{"ok: CloudWatch Logs in eu-central-1 has 10 of 10 resource policies"},
		},
		"a full one": {
			changes: policies(2, "AWSLogDeliveryWrite20150319", strings.Repeat("x", 4900)), check: "log policies",
			want: []string{
				"warning: the policy AWSLogDeliveryWrite20150319 of CloudWatch Logs in eu-central-1 has 4900 of 5120 bytes: " +
					"the next log group may not fit in",
			},
		},
	})
}
