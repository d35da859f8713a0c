package threats

// flooding are the threats that come in numbers: many sign-ups, many guesses, many messages.
var flooding = []Threat{
	{
		ID:      "U5",
		Title:   "Find out who is a customer by trying to sign up: UsernameExistsException",
		Sources: []string{bypassEnumeration, cognitoScanner + " (account-oracle)", hackUserPools},
		Closed: "A rate rule of its own bounds how many sign-ups one address may try, through managed login and the " +
			"API alike.",
		Proofs: []Proof{Templates},
		Limit: "Within that rate, and from many addresses, the answer can still be had: Cognito gives it, whatever " +
			"the client's settings.",
		check: func(in *inspection) {
			in.poolFirewall().limitsSignUps("signup", "confirmsignup")
		},
		weakened: []weakening{
			signUpRule,
			signUpKinds.at("RegexMatchStatement", "RegexString").becomes("^$", "forgotpassword"),
		},
	},
	{
		ID:    "U20",
		Title: "Have codes sent to numbers that earn the attacker money (SMS pumping)",
		Sources: []string{
			"https://aws.amazon.com/blogs/security/reduce-risks-of-user-sign-up-fraud-and-sms-pumping-with-amazon-cognito-user-pools/",
		},
		Closed: "Staging and Production send no SMS, and nowhere does a sign-up, since none may carry a number " +
			"(U40). Operations that send or check a code are under the strict rate rule. Where SMS is a factor, an " +
			"alarm watches the month's spending.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test/threats.TestOnlyDevelopmentSendsSMS"},
		Limit: "Where SMS is a factor, each sign-in of a customer with a verified number sends one, under the " +
			"general rate rule only. The account's spending limit and its list of countries cannot be set by " +
			"CloudFormation; they are the operator's, in AWS End User Messaging.",
		check: func(in *inspection) {
			pool := in.only(userPool)
			in.poolFirewall().limitsSignUps("resendconfirmationcode", "forgotpassword", "confirmforgotpassword",
				"updateuserattributes", "getuserattributeverificationcode", "verifyuserattribute")
			if pool.at("SmsConfiguration").got == nil && !pool.at("EnabledMfas").contains("SMS_MFA") {
				return
			}
			pool.at("SmsConfiguration", "SnsRegion").is(in.Config.Region) // where the alarm looks
			spending := in.only(alarm)
			spending.at("Namespace").is("AWS/SNS")
			spending.at("MetricName").is("SMSMonthToDateSpentUSD")
			spending.at("Statistic").is("Maximum")
			spending.at("ComparisonOperator").among("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
			spending.at("Threshold").between(1, 1000)
			spending.at("Period").between(minute, hour)
			spending.at("EvaluationPeriods").is(1)
			spending.at("ActionsEnabled").is(true)
			spending.at("AlarmActions").lists(in.only(topic).ref())
			if in.production() {
				in.only(subscription).at("TopicArn").reads(in.only(topic).ref())
				in.only(subscription).at("Protocol").is("email")
			}
		},
		weakened: []weakening{
			signUpRule,
			signUpKinds.at("RegexMatchStatement", "RegexString").becomes("^$", "signup"),
			signUpKinds.at("RegexMatchStatement", "RegexString").becomes(
				"^(awscognitoidentityproviderservice\\.)?(resendconfirmationcode|forgotpassword|confirmforgotpassword)$"),
			each(alarm).removed(),
			each(alarm).at("MetricName").becomes("NumberOfMessagesPublished"),
			each(alarm).at("Namespace").becomes("AWS/Cognito"),
			each(alarm).at("Statistic").becomes(gone, "SampleCount", "Minimum"),
			each(alarm).at("Threshold").becomes(gone, 1000000.0),
			each(alarm).at("Period").becomes(gone, 0.0, 604800.0),
			each(alarm).at("EvaluationPeriods").becomes(gone, 0.0, 288.0),
			sendsSMS.at("SmsConfiguration", "SnsRegion").becomes(gone, "us-east-1"),
			each(alarm).at("ComparisonOperator").becomes("LessThanThreshold"),
			each(alarm).at("ActionsEnabled").becomes(gone, false),
			each(alarm).at("AlarmActions").becomes(gone, []any{}, []any{"arn:aws:sns:eu-central-1:999999999999:theirs"}),
			inProduction(each(subscription).removed(), each(subscription).at("Protocol").becomes("https")),
		},
	},
	{
		ID:    "U21",
		Title: "Send SMS at the shop's cost through the role that Cognito sends them with",
		Sources: []string{
			cdkDefaults + " (no SourceAccount, no SourceArn)", cognitoGuide + "user-pool-sms-settings.html",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		},
		Closed: "Only Cognito takes the role, for user pools of this account and with this pool's external id, and " +
			"may publish only.",
		Proofs: []Proof{Policies},
		check: func(in *inspection) {
			sms := in.only(userPool).at("SmsConfiguration")
			if sms.got == nil {
				for _, r := range in.everyRole() {
					r.mayNot("sns:Publish")
				}
				return
			}
			sms.at("SnsCallerArn").reads("${" + smsRole + ".Arn}")
			sender := in.roleOf(smsRole)
			sender.may("Allow sns:Publish on *")
			sender.trusts("Allow sts:AssumeRole to Service cognito-idp.amazonaws.com if ArnLike aws:SourceArn " + in.arn("cognito-idp", "userpool/*") +
				" and StringEquals aws:SourceAccount " + in.account() + " and StringEquals sts:ExternalId " + sms.at("ExternalId").text())
		},
		weakened: []weakening{
			trustOf(smsRole).at("Condition").becomes(gone),
			one(iamRole, smsRole).at("AssumeRolePolicyDocument", "Statement").gains(
				map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": "*"}}),
			trustOf(smsRole).at("Condition", all).becomes(gone),
			trustOf(smsRole).at("Condition", "StringEquals", all).becomes(gone, "*"),
			trustOf(smsRole).at("Condition", "ArnLike", "aws:SourceArn").becomes("*", "arn:aws:cognito-idp:*:*:userpool/*"),
			trustOf(smsRole).at("Principal").becomes("*", map[string]any{"Service": "lambda.amazonaws.com"}, map[string]any{"AWS": "*"}),
			one(iamRole, smsRole).at("Policies", all, "PolicyDocument", "Statement", all, "Action").becomes(
				"sns:*", "*", []any{"sns:Publish", "sns:SetSMSAttributes"}),
			one(iamRole, smsRole).allowing("*", "sns:SetSMSAttributes", "logs:PutLogEvents"),
			sendsSMS.at("SmsConfiguration").becomes(gone),
			sendsSMS.at("SmsConfiguration", "SnsCallerArn").becomes("arn:aws:iam::111122223333:role/admin"),
			sendsSMS.at("SmsConfiguration", "ExternalId").becomes(gone, "another"),
		},
	},
	{
		ID:      "U22",
		Title:   "Let a machine sign up accounts, or spray passwords over many",
		Sources: []string{cognitoGuide + "user-pool-waf.html", hackUserPools + " (brute force)"},
		Closed: "A web ACL in front of the pool, and of nothing else, bounds what one address sends and knows common " +
			"attacks; what it refuses is logged.",
		Proofs: []Proof{Templates},
		Limit:  "A rule by address does not see who spreads the same over many; threat protection does, in Production.",
		check: func(in *inspection) {
			acl := in.poolFirewall()
			acl.limitsAddresses(signInRequests)
			acl.knowsAttacks()
			in.guards()
		},
		weakened: []weakening{firewall("UserPool"), each(userPool).repeated(" without web ACL", nil)},
	},
	{
		ID:      "U35",
		Title:   "Attack accounts without a trace",
		Sources: []string{cognitoGuide + "exporting-quotas-and-usage.html", hackPersistence + " (what CloudTrail leaves out)"},
		Closed: "The pool logs messages that failed and, in Production, every sign-in, sign-up and password change " +
			"with its risk; web ACLs log requests.",
		Proofs: []Proof{Templates},
		Limit: "User activity needs plan Plus, so other stages do without. CloudTrail is the account's, outside " +
			"these stacks, and the operator's.",
		check: func(in *inspection) {
			delivery := in.only(logDelivery)
			delivery.at("UserPoolId").reads(in.only(userPool).ref())
			levels := map[string]string{}
			for _, source := range delivery.at("LogConfigurations").each() {
				levels[source.at("EventSource").text()] = source.at("LogLevel").text()
				source.holds("EventSource", "LogLevel", "CloudWatchLogsConfiguration")
				source.at("CloudWatchLogsConfiguration").holds("LogGroupArn")
				if _, ours := in.destination(source); !ours {
					source.at("CloudWatchLogsConfiguration").fail("is no log group of this stage")
				}
			}
			if levels["userNotification"] != "ERROR" {
				delivery.at("LogConfigurations").fail("does not log messages that failed")
			}
			if in.production() && levels["userAuthEvents"] != "INFO" {
				delivery.at("LogConfigurations").fail("does not log what users do")
			}
			for _, acl := range in.every(webACL) {
				in.logsRequests(acl)
			}
			in.keepsLogs()
		},
		weakened: []weakening{
			each(logDelivery).removed(),
			each(logDelivery).at("LogConfigurations").becomes(gone, []any{}),
			each(logDelivery).at("LogConfigurations", having("EventSource", "userNotification"), "LogLevel").becomes("INFO", gone),
			each(logDelivery).at("LogConfigurations", all, "CloudWatchLogsConfiguration", "LogGroupArn").becomes(
				"arn:aws:logs:eu-central-1:999999999999:log-group:theirs"),
			each(logDelivery).at("UserPoolId").becomes("eu-central-1_another"),
			each(logDelivery).at("LogConfigurations", all, "FirehoseConfiguration").becomes(
				map[string]any{"StreamArn": "arn:aws:firehose:eu-central-1:999999999999:deliverystream/theirs"}),
			each(logDelivery).at("LogConfigurations", all, "S3Configuration").becomes(map[string]any{"BucketArn": "arn:aws:s3:::theirs"}),
			one(logGroup, "UserPool.UsersLog").removed(),
			each(logGroup).at("ResourcePolicyDocument").becomes(map[string]any{"Statement": []any{openStatement("logs:GetLogEvents")}}),
			each(logGroup).at("LogGroupClass").becomes("INFREQUENT_ACCESS", "DELIVERY"),
			each(aclLogging).removed(),
			each(aclLogging).at("LogDestinationConfigs").becomes(gone, []any{"arn:aws:s3:::aws-waf-logs-theirs"}),
			each(aclLogging).at("RedactedFields").becomes(gone),
			each(aclLogging).at("RedactedFields", all).becomes(gone),
			each(aclLogging).at("LoggingFilter").becomes(map[string]any{"DefaultBehavior": "DROP"}),
			inProduction(
				each(logDelivery).at("LogConfigurations", having("EventSource", "userAuthEvents")).becomes(gone),
				each(logDelivery).at("LogConfigurations", having("EventSource", "userAuthEvents"), "LogLevel").becomes("ERROR"),
				one(logGroup, "UserPool.UsersLog").at("RetentionInDays").becomes(30.0),
			),
		},
	},
}

// sendsSMS selects the user pool where it sends SMS, sendsNone where it does not.
var (
	sendsSMS  = those(userPool, func(r resource) bool { return r.Properties["SmsConfiguration"] != nil })
	sendsNone = those(userPool, func(r resource) bool { return r.Properties["SmsConfiguration"] == nil })
)

// smsRole is the role with which Cognito sends SMS.
const smsRole = "UserPool.UsersSmsRole"

// delivery are the logical ids of the log groups that Cognito delivers to.
func (in *inspection) delivery() []string {
	var ids []string
	for _, d := range in.any(logDelivery) {
		for _, source := range d.at("LogConfigurations").elements() {
			if group, ours := in.destination(source); ours {
				ids = append(ids, group.id)
			}
		}
	}
	return ids
}

// destination is the log group of this stage that a source is delivered to, if it is one.
func (in *inspection) destination(source value) (resource, bool) {
	arn := source.at("CloudWatchLogsConfiguration", "LogGroupArn").text()
	for _, g := range in.any(logGroup) {
		if name := g.at("LogGroupName"); name.got != nil && arn == in.arn("logs", "log-group:"+name.text()) {
			return g, true
		}
	}
	return resource{}, false
}
