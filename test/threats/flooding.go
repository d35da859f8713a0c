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
			for _, s := range in.any(subscription) {
				s.at("TopicArn").reads(in.only(topic).ref())
				s.at("Protocol").is("email")
				s.at("Endpoint").is(in.Config.Alarms.Email) // others would read how the account is doing
			}
			if pool.at("SmsConfiguration").got == nil && !pool.at("EnabledMfas").contains("SMS_MFA") {
				return
			}
			pool.at("SmsConfiguration", "SnsRegion").is(in.Config.Region) // where the alarm looks
			spending := in.only(alarm)
			spending.at("Namespace").is("AWS/SNS")
			spending.at("MetricName").is("SMSMonthToDateSpentUSD")
			spending.at("Statistic").is("Maximum")
			spending.at("ComparisonOperator").among("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
			spending.at("Threshold").is(in.Config.Alarms.SMSSpendUSD)
			spending.at("Period").between(minute, hour)
			spending.at("EvaluationPeriods").is(1)
			spending.at("TreatMissingData").is("notBreaching")
			spending.at("ActionsEnabled").is(true)
			spending.at("AlarmActions").lists(in.only(topic).ref())
			if in.production() {
				in.every(subscription)
			}
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
				source.at("EventSource").among("userNotification", "userAuthEvents")
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
	},
}

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
