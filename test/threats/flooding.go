package threats

import (
	"maps"
	"strings"
)

// flooding are the threats by mass: many sign-ups, many guesses, many messages.
var flooding = []Threat{
	{
		ID:      "U5",
		Title:   "Find out whether somebody is a customer by trying to sign up: UsernameExistsException",
		Sources: []string{bypassEnumeration, cognitoScanner + " (account-oracle)", hackUserPools},
		Closed:  "A separate rate rule limits how many sign-ups one address may try, through managed login and API together.",
		Proofs:  []Proof{Templates},
		Limit: "Within that rate, or from many addresses, the attack still works: Cognito reveals it, whatever the " +
			"client's settings.",
		check: func(in *Inspection) {
			in.poolFirewall().limitsSignUps("signup", "confirmsignup")
		},
	},
	{
		ID:    "U20",
		Title: "Send codes to numbers that earn the attacker money (SMS pumping)",
		Sources: []string{
			"https://aws.amazon.com/blogs/security/" +
				"reduce-risks-of-user-sign-up-fraud-and-sms-pumping-with-amazon-cognito-user-pools/",
		},
		Closed: "Staging and Production send no SMS. No sign-up sends one, since none may carry a number (U40). The strict " +
			"rate rule covers operations that send or check a code. Where SMS is a factor, an alarm monitors the month's " +
			"spending.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test/threats.TestOnlyDevelopmentSendsSMS"},
		Limit: "Where SMS is a factor, each sign-in of a customer with a verified number sends one, under the general rate " +
			"rule only. CloudFormation cannot set the account's spending limit and list of countries; operators must, in AWS " +
			"End User Messaging.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			in.poolFirewall().limitsSignUps("resendconfirmationcode", "forgotpassword", "confirmforgotpassword",
				"updateuserattributes", "getuserattributeverificationcode", "verifyuserattribute")
			in.tellsNobodyElse()
			if !in.Config.Users.SendsSMS() {
				pool.At("SmsConfiguration").Absent()
				return
			}
			pool.At("SmsConfiguration", "SnsRegion").Is(in.Config.Region) // where the alarm looks
			in.watchesSpending()
		},
	},
	{
		ID:    "U21",
		Title: "Send SMS at the shop's cost through Cognito's SMS role",
		Sources: []string{
			cdkDefaults + " (no SourceAccount, no SourceArn)", cognitoGuide + "user-pool-sms-settings.html",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		},
		Closed: "Only Cognito may assume the role, for user pools of this account and with this pool's external id. The " +
			"role may only publish.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			sms := in.Only(userPool).At("SmsConfiguration")
			if sms.Got == nil {
				for _, r := range in.everyRole() {
					r.publishesOnlyTo(in.The(topic, securityTopic).Ref())
				}
				return
			}
			sms.At("SnsCallerArn").Reads("${" + smsRole + ".Arn}")
			sender := in.roleOf(smsRole)
			sender.does("sns:Publish")
			sender.trusts("Allow sts:AssumeRole to Service cognito-idp.amazonaws.com" +
				" if ArnLike aws:SourceArn " + in.arn("cognito-idp", "userpool/*") +
				" and StringEquals aws:SourceAccount " + in.Account() +
				" and StringEquals sts:ExternalId " + sms.At("ExternalId").Text())
		},
	},
	{
		ID:      "U22",
		Title:   "Sign up accounts by machine, or spray passwords over many accounts",
		Sources: []string{cognitoGuide + "user-pool-waf.html", hackUserPools + " (brute force)"},
		Closed: "A web ACL that protects only the pool rate-limits each address and blocks common attacks. Blocked " +
			"requests are logged.",
		Proofs: []Proof{Templates},
		Limit:  "A limit per address does not cover an attack from many addresses; threat protection does, in Production.",
		check: func(in *Inspection) {
			acl := in.poolFirewall()
			acl.limitsAddresses(in.Config.WebACL.SignIn, signInRequests)
			acl.knowsAttacks()
			in.guards()
		},
	},
	{
		ID:    "U35",
		Title: "Attack accounts without a trace",
		Sources: []string{
			cognitoGuide + "exporting-quotas-and-usage.html", hackPersistence + " (what CloudTrail leaves out)",
		},
		Closed: "The pool logs failed messages and, in Production, every sign-in, sign-up and password change with its " +
			"risk, also into a locked bucket. Web ACLs log requests. Changes of accounts by others than the stage's functions " +
			"are recorded (U53).",
		Proofs: []Proof{Templates},
		Limit: "The log of user activity needs plan Plus, so other stages lack it. The trail that CloudTrail's events need " +
			"is outside these stacks; operators must set it up.",
		check: func(in *Inspection) {
			delivery := in.Only(logDelivery)
			delivery.At("UserPoolId").Reads(in.Only(userPool).Ref())
			levels := map[string]string{}
			for _, source := range delivery.At("LogConfigurations").Each() {
				levels[source.At("EventSource").Text()] = source.At("LogLevel").Text()
				source.holds("EventSource", "LogLevel", "CloudWatchLogsConfiguration")
				source.At("CloudWatchLogsConfiguration").holds("LogGroupArn")
				if _, ours := in.destination(source); !ours {
					source.At("CloudWatchLogsConfiguration").Fail("is no log group of this stage")
				}
			}
			want := map[string]string{"userNotification": "ERROR"} // messages that failed
			if in.Config.Logs.UserActivity || in.production() {
				want["userAuthEvents"] = "INFO"
			}
			if !maps.Equal(levels, want) {
				delivery.At("LogConfigurations").Fail("log %v, want %v", levels, want)
			}
			for _, acl := range in.Every(webACL) {
				in.logsRequests(acl)
			}
			in.keepsLogs()
		},
	},
}

// smsRole is the role with which Cognito sends SMS.
const smsRole = "UserPool.UsersSmsRole"

// delivery are the logical ids of the log groups that Cognito delivers to.
func (in *Inspection) delivery() []string {
	var ids []string
	for _, d := range in.Any(logDelivery) {
		for _, source := range d.At("LogConfigurations").Elements() {
			if group, ours := in.destination(source); ours {
				ids = append(ids, group.id)
			}
		}
	}
	return ids
}

// destination is the log group of this stage that a source is delivered to, if it is one.
func (in *Inspection) destination(source Value) (Resource, bool) {
	arn := source.At("CloudWatchLogsConfiguration", "LogGroupArn").Text()
	for _, g := range in.Any(logGroup) {
		name, _ := g.At("LogGroupName").Got.(string)
		// Under another prefix the account's policy for delivered logs would exceed its limit.
		if strings.HasPrefix(name, "/aws/vendedlogs/cognito/") && arn == in.arn("logs", "log-group:"+name) {
			return g, true
		}
	}
	return Resource{}, false
}
