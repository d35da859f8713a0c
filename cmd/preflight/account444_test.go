package main

import (
	"strings"
)

// account444 is an account without problems and without deployed stacks.
func account444() map[string][]answer {
	return map[string][]answer{
		"GetCallerIdentity": said(caller(account, "arn:aws:sts::"+account+":assumed-role/Deployer/jane")),
		"GetParameter": said(`{"Parameter":{"Name":"/cdk-bootstrap/hnb659fds/version","Type":"String","Value":"30",` +
			`"Version":1}}`),
		"GetParameters": said(`{"Parameters":[{"Name":"x","Value":"x"}],"InvalidParameters":[]}`),
		"DescribeSecret": said(`{"ARN":"arn:aws:secretsmanager:eu-central-1:444455556666:secret:x-AbCdEf","Name":"x",` +
			`"VersionIdsToStages":{"11111111-1111-4111-8111-111111111111":["AWSCURRENT"],` +
			`"22222222-2222-4222-8222-222222222222":["AWSPREVIOUS"]}}`),
		"DescribeUserPoolDomain": said(`{"DomainDescription":{}}`),
		"DescribeCertificate": said(`{"Certificate":{"CertificateArn":"` + arn + `","DomainName":"securecart.example",` +
			`"SubjectAlternativeNames":["securecart.example","*.securecart.example"],"Status":"ISSUED",` +
			`"NotAfter":1.8125856E9}}`),
		"ses:GetAccount": said(`{"ProductionAccessEnabled":true,"SendingEnabled":true,"EnforcementStatus":"HEALTHY",` +
			`"SendQuota":{"Max24HourSend":50000,"MaxSendRate":14,"SentLast24Hours":12}}`),
		"GetEmailIdentity":           said(identitySaid(true, "SUCCESS", policy("email.cognito-idp.amazonaws.com", account))),
		"GetSMSSandboxAccountStatus": said(sandboxSaid("false")),
		"GetSMSAttributes":           said(spendLimit("50")),
		"GetAccountSettings": said(`{"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":900},` +
			`"AccountUsage":{"FunctionCount":7}}`),
		"ListServiceQuotas":     said(quotaPage("", "120", "120", "50", "25", "30")),
		"apigateway:GetAccount": said(`{"throttleSettings":{"rateLimit":10000,"burstLimit":5000}}`),
		"DescribeResourcePolicies": said(`{"resourcePolicies":[{"policyName":"AWSLogDeliveryWrite20150319",` +
			`"policyDocument":"{}"}]}`),
		"DescribeTrails":        said(trails("eu-west-1", true)),
		"GetTrailStatus":        said(`{"IsLogging":true}`),
		"GetEventSelectors":     said(selectors("All", true)),
		"ListRuleNamesByTarget": said(`{"RuleNames":["SecureCartRoles"]}`),
		"DescribeStack":         refusal("DescribeStack", "ValidationError", "Stack with id x does not exist"),
		"DescribeStacks":        said(stackList("", "", "SecureCart-Production-UserPool DELETE_FAILED false")),
	}
}

func caller(account, arn string) string {
	return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>` +
		arn +
		`</Arn><UserId>AROA:jane</UserId><Account>` + account +
		`</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
}

func identitySaid(verified bool, dkim, policy string) string {
	text := `{"IdentityType":"DOMAIN","VerifiedForSendingStatus":true,"VerificationStatus":"SUCCESS"`
	if !verified {
		text = `{"IdentityType":"DOMAIN","VerifiedForSendingStatus":false,"VerificationStatus":"PENDING"`
	}
	if policy != "" {
		policy = `"CognitoNotices":"` + strings.ReplaceAll(policy, `"`, `\"`) + `"`
	}
	return text + `,"DkimAttributes":{"SigningEnabled":true,"Status":"` + dkim + `"},"Policies":{` + policy + `}}`
}

func policy(service, account string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"Notices","Effect":"Allow","Principal":{"Service":"` + service +
		`"},"Action":["ses:SendEmail","ses:SendRawEmail"],` +
		`"Resource":"arn:aws:ses:eu-west-1:444455556666:identity/securecart.example",` +
		`"Condition":{"StringEquals":{"aws:SourceAccount":"` + account + `"}}}]}`
}

func sandboxSaid(in string) string {
	return `<GetSMSSandboxAccountStatusResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">` +
		`<GetSMSSandboxAccountStatusResult><IsInSandbox>` + in + `</IsInSandbox>` +
		`</GetSMSSandboxAccountStatusResult></GetSMSSandboxAccountStatusResponse>`
}

func spendLimit(limit string) string {
	entry := `<entry><key>MonthlySpendLimit</key><value>` + limit + `</value></entry>`
	if limit == "" {
		entry = ""
	}
	return `<GetSMSAttributesResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">` +
		`<GetSMSAttributesResult><attributes>` + entry +
		`</attributes></GetSMSAttributesResult></GetSMSAttributesResponse>`
}

// quotaPage holds the categories in the order authentication, read, creation, federation, recovery, and one of no
// interest.
func quotaPage(next string, values ...string) string {
	names := []string{"UserAuthentication", "UserRead", "UserCreation", "UserFederation", "UserAccountRecovery"}
	quotas := []string{`{"ServiceCode":"cognito-idp","QuotaCode":"L-66E6DF30","QuotaName":"User pools per account",` +
		`"Value":1000.0}`}
	for i, value := range values {
		if value != "" {
			quotas = append(quotas, `{"ServiceCode":"cognito-idp","QuotaCode":"L-0000000`+string(rune('1'+i))+
				`","QuotaName":"Rate of `+names[i]+` requests","Value":`+value+`}`)
		}
	}
	if next != "" {
		next = `,"NextToken":"` + next + `"`
	}
	return `{"Quotas":[` + strings.Join(quotas, ",") + `]` + next + `}`
}

// stackList holds stacks written as "name state protected", each with the user pool as output if it has one.
func stackList(next, pool string, stacks ...string) string {
	var members strings.Builder
	for _, stack := range stacks {
		parts := strings.Fields(stack)
		members.WriteString(`<member><StackName>` + parts[0] + `</StackName><StackStatus>` + parts[1] +
			`</StackStatus><EnableTerminationProtection>` + parts[2] + `</EnableTerminationProtection>` +
			`<CreationTime>2026-11-01T00:00:00Z</CreationTime><Outputs><member><OutputKey>UserPoolId</OutputKey><OutputValue>` +
			pool +
			`</OutputValue></member></Outputs></member>`)
	}
	if next != "" {
		next = `<NextToken>` + next + `</NextToken>`
	}
	return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">` +
		`<DescribeStacksResult><Stacks>` +
		members.String() + `</Stacks>` + next + `</DescribeStacksResult></DescribeStacksResponse>`
}
