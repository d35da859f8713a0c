package check_test

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestAccount(t *testing.T) {
	parameter := func(value string) map[string][]answer {
		return map[string][]answer{"GetParameter": said(`{"Parameter":{"Value":"` + value + `"}}`)}
	}
	services := func(names ...string) map[string][]answer {
		for i, name := range names {
			names[i] = `"/aws/service/global-infrastructure/regions/eu-central-1/services/` + name + `"`
		}
		return map[string][]answer{"GetParameters": said(`{"Parameters":[],"InvalidParameters":[` + strings.Join(names, ",") + `]}`)}
	}
	testFindings(t, map[string]finding{
		"the root user": {
			changes: map[string][]answer{"GetCallerIdentity": said(caller(account, "arn:aws:iam::"+account+":root"))},
			check:   "credentials",
			want:    []string{"warning: the credentials are those of the root user of account 444455556666"},
			remedy:  "root-user",
		},
		"not bootstrapped": {
			changes: map[string][]answer{"GetParameter": refusal("GetParameter", "ParameterNotFound", "")},
			check:   "bootstrap", want: []string{"failure: 444455556666 in eu-central-1 is not bootstrapped for the CDK"},
			remedy: "node_modules/.bin/cdk bootstrap aws://444455556666/eu-central-1",
		},
		"bootstrapped long ago": {
			changes: parameter("5"),
			check:   "bootstrap",
			want:    []string{"failure: the bootstrap stack has version 5, and the templates need 6"},
			remedy:  "cdk bootstrap",
		},
		"just enough": {
			changes: parameter("6"),
			check:   "bootstrap",
			want:    []string{"ok: version 6, and the templates need 6"},
		},
		"by somebody else": {
			changes: parameter("x"),
			check:   "bootstrap",
			want:    []string{`warning: /cdk-bootstrap/hnb659fds/version holds "x", which is no version`},
			remedy:  "cdk bootstrap",
		},
		"a service is missing": {
			changes: services("apigateway"),
			check:   "region",
			want:    []string{"warning: AWS does not list apigateway in eu-central-1"},
			remedy:  "regional-product-services",
		},
		"no such Region": {
			changes: services("cognito-idp", "cognito-identity", "apigateway", "lambda", "dynamodb", "kms", "s3", "sns"),
			check:   "region",
			want: []string{
				`failure: AWS lists no service in "eu-central-1": there is no such Region, or none for these credentials`,
			},
		},
	})
}

func TestSecrets(t *testing.T) {
	one := func(s *config.Stage) { s.Providers = s.Providers[:1] }
	version := func(id string) func(*config.Stage) {
		return func(s *config.Stage) {
			first := s.Providers[0]
			first.SecretVersion = id
			s.Providers = []config.Provider{first, {Kind: config.SAML, Name: "Partner"}}
		}
	}
	testFindings(t, map[string]finding{
		"missing": {
			stage:   one,
			changes: map[string][]answer{"DescribeSecret": refusal("DescribeSecret", "ResourceNotFoundException", "")},
			check:   "secrets", want: []string{"failure: securecart/prod/google, the client secret of Google, does not exist"},
			remedy: "aws secretsmanager create-secret --name securecart/prod/google",
		},
		"about to be deleted": {
			stage: one,
			changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x","DeletedDate":1.7965E9,` +
				`"VersionIdsToStages":{"a":["AWSCURRENT"]}}`)},
			check: "secrets",
			want: []string{
				"failure: securecart/prod/google, the client secret of Google, is going to be deleted, and cannot be read " +
					"until it is restored",
			},
			remedy: "restore-secret --secret-id securecart/prod/google",
		},
		"without a value": {
			stage: one, changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x"}`)},
			check:  "secrets",
			want:   []string{"failure: securecart/prod/google, the client secret of Google, has no value yet"},
			remedy: "put-secret-value",
		},
		"with an old value only": {
			stage:   one,
			changes: map[string][]answer{"DescribeSecret": said(`{"Name":"x","VersionIdsToStages":{"a":["AWSPREVIOUS"]}}`)},
			check:   "secrets", want: []string{"failure: securecart/prod/google, the client secret of Google, has no value yet"},
		},
		"with the version of the config": {
			stage: version("22222222-2222-4222-8222-222222222222"), check: "secrets",
			want: []string{
				"ok: securecart/prod/google, the client secret of Google, has version 22222222-2222-4222-8222-222222222222",
			},
		},
		"without the version of the config": {
			stage: version("33333333-3333-4333-8333-333333333333"), check: "secrets",
			want: []string{
				"failure: securecart/prod/google, the client secret of Google, has no version 33333333-3333-4333-8333-333333333333",
			},
			remedy: "list-secret-version-ids --secret-id securecart/prod/google",
		},
	})
}

func TestDomain(t *testing.T) {
	prefix := func(s *config.Stage) { s.Domain = config.Domain{Prefix: "securecart"} }
	described := func(account, status string) []answer {
		return said(`{"DomainDescription":{"UserPoolId":"eu-central-1_Ours",` +
			`"AWSAccountId":"` + account + `","Domain":"securecart","Status":"` + status + `"}}`)
	}
	held := func(stacks []answer) map[string][]answer {
		return map[string][]answer{"DescribeUserPoolDomain": described(account, "ACTIVE"), "DescribeStacks": stacks}
	}
	ours := said(stackList("", "eu-central-1_Ours", "SecureCart-Prod-UserPool UPDATE_COMPLETE true"))
	testFindings(t, map[string]finding{
		"a free prefix": {stage: prefix, dns: names{}, check: "domain", want: []string{"ok: securecart is free"}},
		"a prefix that Cognito does not know": {
			stage:   prefix,
			dns:     names{},
			changes: map[string][]answer{"DescribeUserPoolDomain": refusal("", "ResourceNotFoundException", "")},
			check:   "domain", want: []string{"ok: securecart is free"},
		},
		"a prefix that answers": {
			stage: prefix, dns: names{"ip securecart.auth.eu-central-1.amazoncognito.com": nil}, check: "domain",
			want:   []string{"warning: securecart is not this account's, and answers in DNS: another account seems to have it"},
			remedy: "another Domain.Prefix",
		},
		"ours": {stage: prefix, changes: held(ours), check: "domain", want: []string{"ok: securecart is this stage's"}},
		"ours, and broken": {
			stage:   prefix,
			changes: map[string][]answer{"DescribeUserPoolDomain": described(account, "FAILED"), "DescribeStacks": ours},
			check:   "domain",
			want:    []string{"warning: securecart is this stage's, and Cognito could not set it up"},
			remedy:  "custom-domain",
		},
		"another account's": {
			stage: prefix, changes: map[string][]answer{"DescribeUserPoolDomain": described("999900001111", "ACTIVE")},
			check:  "domain",
			want:   []string{"failure: securecart belongs to account 999900001111"},
			remedy: "another Domain.Prefix",
		},
		"another pool's": {
			stage:   prefix,
			changes: held(said(stackList("", "eu-central-1_Other", "SecureCart-Prod-UserPool UPDATE_COMPLETE true"))),
			check:   "domain",
			want: []string{
				"failure: securecart belongs to user pool eu-central-1_Ours of this account, which is not this stage's",
			},
			remedy: "aws cognito-idp delete-user-pool-domain --domain securecart --user-pool-id eu-central-1_Ours",
		},
		"a leftover": {
			stage:   prefix,
			changes: held(refusal("DescribeStacks", "ValidationError", "Stack with id SecureCart-Prod-UserPool does not exist")),
			check:   "domain",
			want: []string{
				"failure: securecart belongs to user pool eu-central-1_Ours of this account, which is not this stage's",
			},
		},
		"a parent without a record": {
			dns: names{}, check: "parent domain",
			want: []string{
				"failure: securecart.example, the parent of auth.securecart.example, has no A record, and Cognito wants one",
			},
			remedy: "give securecart.example an A record",
		},
		"a parent with addresses of another kind": {
			dns: names{"ip6 securecart.example": nil}, check: "parent domain",
			want: []string{
				"failure: securecart.example, the parent of auth.securecart.example, has no A record, and Cognito wants one",
			},
		},
		"no DNS": {
			dns: names{"ip4 securecart.example": unreachable}, check: "parent domain",
			want: []string{
				"warning: not checked: the look-up of securecart.example failed: lookup securecart.example: server misbehaving",
			},
			remedy: "run it where",
		},
	})
}

func TestCertificate(t *testing.T) {
	certificate := func(status, end string, covered ...string) map[string][]answer {
		return map[string][]answer{"DescribeCertificate": said(`{"Certificate":{"DomainName":"` + covered[0] + `","SubjectAlternativeNames":["` +
			strings.Join(covered, `","`) + `"],"Status":"` + status + `","NotAfter":` + end + `}}`)}
	}
	const later, soon = "1.8125856E9", "1.7976E9" // 2027-06-10, 2026-12-19
	testFindings(t, map[string]finding{
		"none": {
			changes: map[string][]answer{"DescribeCertificate": refusal("", "ResourceNotFoundException", "")},
			check:   "certificate",
			want:    []string{"failure: " + arn + " does not exist in this account"},
			remedy:  "in us-east-1",
		},
		"not validated": {
			changes: certificate("PENDING_VALIDATION", later, "*.securecart.example"), check: "certificate",
			want: []string{
				"failure: the certificate of auth.securecart.example is not issued yet: it waits for its validation",
			},
			remedy: "aws acm describe-certificate --region us-east-1",
		},
		"expired": {
			changes: certificate("EXPIRED", soon, "*.securecart.example"), check: "certificate",
			want: []string{"failure: the certificate of auth.securecart.example is not usable: it is EXPIRED"},
		},
		"of another host": {
			changes: certificate("ISSUED", later, "www.securecart.example", "*.auth.securecart.example", "*.example"),
			check:   "certificate",
			want: []string{
				"failure: the certificate does not cover auth.securecart.example, but www.securecart.example, " +
					"www.securecart.example, *.auth.securecart.example, *.example",
			},
		},
		"of the host": {
			changes: certificate("ISSUED", later, "Auth.SecureCart.example"), check: "certificate",
			want: []string{"ok: the certificate in us-east-1 is issued and covers auth.securecart.example"},
		},
		"about to end": {
			changes: certificate("ISSUED", soon, "*.securecart.example"), check: "certificate",
			want:   []string{"warning: the certificate of auth.securecart.example ends on 2026-12-18, and was not renewed yet"},
			remedy: "troubleshooting-renewal",
		},
	})
}

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
			want:    []string{out, "failure: SES in eu-west-1 has no identity securecart.example"}, remedy: "creating-identities",
		},
		"an identity that waits": {
			changes: with(identity(false, "PENDING", "")), check: "e-mail",
			want: []string{out, "failure: the identity securecart.example is not verified: it is PENDING"},
		},
		"unsigned": {
			changes: with(identity(true, "NOT_STARTED", policy("email.cognito-idp.amazonaws.com", "444455556666"))),
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
			changes: with(identity(true, "SUCCESS", "")), check: "e-mail", want: []string{out, verified, mayNot},
			remedy: `"Principal":{"Service":"email.cognito-idp.amazonaws.com"}`,
		},
		"a policy for another service": {
			changes: with(identity(true, "SUCCESS", policy("lambda.amazonaws.com", "444455556666"))),
			check:   "e-mail",
			want:    []string{out, verified, mayNot},
		},
		"a policy for another account": {
			changes: with(identity(true, "SUCCESS", policy("email.cognito-idp.amazonaws.com", "999900001111"))),
			check:   "e-mail",
			want:    []string{out, verified, mayNot},
		},
		"a policy for half of it": {
			changes: with(identity(true, "SUCCESS", strings.Replace(policy("email.cognito-idp.amazonaws.com", "444455556666"), `,"ses:SendRawEmail"`, "", 1))),
			check:   "e-mail",
			want:    []string{out, verified, strings.Replace(mayNot, "ses:SendEmail", "ses:SendRawEmail", 1)},
		},
		"a policy that is not understood": {
			changes: with(identity(true, "SUCCESS", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+
				`"Principal":"*","Action":"ses:*","Resource":"*","Until":"x"}]}`)),
			check: "e-mail",
			want: []string{out, verified, "warning: not checked: the policy CognitoNotices of " + arn + ` is not understood: ` +
				`policy document: Statement[0]: Until: unknown element`},
		},
		"no notices, no policy": {
			stage: func(s *config.Stage) { s.Users.MFA = config.Required }, changes: with(identity(true, "SUCCESS", "")),
			check: "e-mail", want: []string{out, verified},
		},
	})
}

func TestSMS(t *testing.T) {
	const outside, spends = "ok: SMS in eu-central-1 are out of their sandbox", "ok: SMS stop at 50 US dollars a month, and the alarm rings above 20"
	limit := func(limit string) map[string][]answer {
		return map[string][]answer{"GetSMSAttributes": said(spendLimit(limit))}
	}
	inside := map[string][]answer{"GetSMSSandboxAccountStatus": said(sandbox("true"))}
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
		return map[string][]answer{"apigateway:GetAccount": said(`{"cloudwatchRoleArn":"arn:aws:iam::444455556666:role/` + name + `"}`)}
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
			want:    []string{"ok: API Gateway's role for logs in eu-central-1 is arn:aws:iam::444455556666:role/apigateway-logs"},
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

func TestStacks(t *testing.T) {
	states := map[string]finding{}
	for stack, f := range map[string]struct{ want, remedy string }{
		"CREATE_COMPLETE true":     {"ok: %s is CREATE_COMPLETE", ""},
		"UPDATE_COMPLETE true":     {"ok: %s is UPDATE_COMPLETE", ""},
		"REVIEW_IN_PROGRESS false": {"ok: %s is REVIEW_IN_PROGRESS: it has nothing in it yet", ""},
		"UPDATE_ROLLBACK_COMPLETE true": {
			"warning: %s is UPDATE_ROLLBACK_COMPLETE: the last update failed and was undone; it can be updated again",
			"make diff STAGE=Prod",
		},
		"CREATE_FAILED true": {
			"warning: %s is CREATE_FAILED: what was made was kept, and the next deploy goes on from there",
			"make deploy STAGE=Prod",
		},
		"ROLLBACK_COMPLETE false": {
			"warning: %s is ROLLBACK_COMPLETE: it could not be made, and nothing of it is left",
			"make deploy STAGE=Prod",
		},
		"ROLLBACK_COMPLETE true": {
			"failure: %s is ROLLBACK_COMPLETE: it could not be made, and has to be deleted before it can be",
			"--no-enable-termination-protection",
		},
		"ROLLBACK_FAILED false": {
			"failure: %s is ROLLBACK_FAILED: it could not be made, and has to be deleted before it can be",
			"aws cloudformation delete-stack --region eu-central-1 --stack-name %s",
		},
		"DELETE_FAILED false": {
			"failure: %s is DELETE_FAILED: something in it is in use, not empty or protected",
			"FORCE_DELETE_STACK",
		},
		"UPDATE_ROLLBACK_FAILED true": {
			"failure: %s is UPDATE_ROLLBACK_FAILED: it takes no update",
			"continue-update-rollback --region eu-central-1 --stack-name %s",
		},
		"UPDATE_IN_PROGRESS true": {
			"failure: %s is UPDATE_IN_PROGRESS: somebody deploys or deletes it now",
			"wait until",
		},
		"DELETE_IN_PROGRESS false": {
			"failure: %s is DELETE_IN_PROGRESS: somebody deploys or deletes it now",
			"wait until",
		},
		"SOMETHING_NEW false": {"warning: %s is SOMETHING_NEW, which is not known here", "view-stack-events"},
	} {
		name := "SecureCart-Prod-Api"
		states[stack] = finding{
			changes: map[string][]answer{"DescribeStacks": said(stackList("", "", name+" "+stack))}, check: "stacks",
			want: []string{strings.ReplaceAll(f.want, "%s", name)}, remedy: strings.ReplaceAll(f.remedy, "%s", name),
		}
	}
	states["several, on two pages"] = finding{
		changes: map[string][]answer{"DescribeStacks": {
			said(stackList("more", "", "SecureCart-Prod-UserPool CREATE_COMPLETE "+
				"true", "SecureCart-Dev-Api DELETE_FAILED false"))[0],
			said(stackList("", "", "SecureCart-Prod-Data ROLLBACK_FAILED true"))[0],
		}},
		check: "stacks", want: []string{
			"failure: SecureCart-Prod-Data is ROLLBACK_FAILED: it could not be made, and has to be deleted before it can be",
			"ok: SecureCart-Prod-UserPool is CREATE_COMPLETE",
		},
	}
	testFindings(t, states)
}
