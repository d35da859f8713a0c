package threats

import (
	"slices"
	"strings"
)

// fromService is an Allow of a resource's policy to a service, for one resource of this account.
func (in *Inspection) fromService(actions, service, on, source string) string {
	return "Allow " + actions + " to Service " + service + " on " + on +
		" if ArnLike aws:SourceArn " + source + " and StringEquals aws:SourceAccount " + in.Account()
}

// openings are all that the policies of buckets, keys and topic may allow, by the resource that the policy stands in.
func (in *Inspection) openings() map[string][]string {
	whole := "Allow kms:* to AWS arn:aws:iam::" + in.Account() + ":root on *"
	open := map[string][]string{
		dataKey:   {whole},
		proofsKey: {whole},

		archiveKey: {whole},
		usersKey:   append(in.throughCognito(), whole),
		logKey: {whole, "Allow kms:Decrypt,kms:DescribeKey,kms:Encrypt,kms:GenerateDataKey," +
			"kms:GenerateDataKeyWithoutPlaintext,kms:ReEncryptFrom,kms:ReEncryptTo" +
			" to Service logs." + in.Config.Region + ".amazonaws.com on *" +
			" if ArnLike kms:EncryptionContext:aws:logs:arn " + in.arn("logs", "log-group:*")},
	}
	for _, name := range []string{"Media", "Documents", "SecurityEvents", "UserExports"} {
		open[logBucket+"Policy"] = append(open[logBucket+"Policy"], in.fromService("s3:PutObject",
			"logging.s3.amazonaws.com", "${"+logBucket+".Arn}/"+name+"/*", "${Data."+name+".Arn}"))
	}
	const cloudWatch = "cloudwatch.amazonaws.com"
	alarms := in.arn("cloudwatch", "alarm:"+in.ID+"-*")
	open[logKey] = append(open[logKey], in.fromService("kms:Decrypt,kms:GenerateDataKey", cloudWatch, "*", alarms))
	notify := "${" + notifyTopic + "}"
	publish := func(to string, statement func(actions, on string) string) {
		open[logKey] = append(open[logKey], statement("kms:Decrypt,kms:GenerateDataKey", "*"))
		open[to+"Policy"] = append(open[to+"Policy"], statement("sns:Publish", notify))
	}
	open[pageTopic+"Policy"] = []string{in.fromService("sns:Publish", cloudWatch, "${"+pageTopic+"}", alarms)}
	record := in.arn("cloudwatch", "alarm:"+in.ID+"-SecurityEvents*")
	open[archiveKey] = append(open[archiveKey],
		in.fromService("kms:Decrypt,kms:GenerateDataKey", cloudWatch, "*", record))
	open[fallbackTopic+"Policy"] = []string{
		in.fromService("sns:Publish", cloudWatch, "${"+fallbackTopic+"}", record),
	}
	open[undeliveredQueue+"Policy"] = []string{"Allow sqs:SendMessage to Service events.amazonaws.com on ${" +
		undeliveredQueue + ".Arn} if ArnLike aws:SourceArn " + in.arn("events", "rule/"+in.ID+"-SecurityEvents-*") +
		" and ArnNotLike aws:SourceArn " + in.arn("events", "rule/*/*")} // of other buses
	open[notifyTopic+"Policy"] = []string{in.fromService("sns:Publish", cloudWatch, notify, alarms)}
	publish(notifyTopic, func(actions, on string) string {
		return in.fromService(actions, "budgets.amazonaws.com", on, "arn:aws:budgets::"+in.Account()+":*")
	})
	if in.Config.Alarms.Budget.ByTag {
		publish(notifyTopic, func(actions, on string) string {
			return "Allow " + actions + " to Service costalerts.amazonaws.com on " + on +
				" if StringEquals aws:SourceAccount " + in.Account()
		})
	}
	return open
}

// throughCognito are the openings of the key of a pool with a replica: for Cognito, for the pool and its replica only,
// and for callers of this account through Cognito.
func (in *Inspection) throughCognito() []string {
	const use = "Allow kms:Decrypt,kms:Encrypt,kms:GenerateDataKeyWithoutPlaintext,kms:ReEncryptFrom,kms:ReEncryptTo to "
	const cognito = "Service cognito-idp.amazonaws.com,identitystore.amazonaws.com on *"
	copied := strings.ReplaceAll(in.arn("cognito-idp", "userpool/"+in.Config.Region+"_*"),
		":"+in.Config.Region+":", ":"+in.Config.Replica+":")
	pools := []string{in.arn("cognito-idp", "userpool/"+in.Config.Region+"_*"), copied}
	slices.Sort(pools)
	these := strings.Join(pools, ",")
	account := " and StringEquals aws:SourceAccount " + in.Account()
	caller := "AWS * on * if StringEquals kms:CallerAccount " + in.Account() +
		" and StringEquals kms:ViaService cognito-idp." + in.Config.Region + ".amazonaws.com"
	context := " and StringLike kms:EncryptionContext:aws:cognito-idp:userpool-arn " + these
	return []string{
		use + cognito + " if ArnLike aws:SourceArn " + these + account + context,
		use + caller + context,
		"Allow kms:DescribeKey to " + cognito + " if ArnLike aws:SourceArn " + these + account,
		"Allow kms:DescribeKey to " + caller,
	}
}

// letsIn expects a resource's policy to have exactly these allowing statements.
func (in *Inspection) letsIn(r Resource, document string, openings []string) {
	if r.judgedBefore() {
		return
	}
	reader := &policyReader{stage: in.Target, stack: r.stack}
	var allowed []string
	for _, s := range reader.document(r.Properties[document]) {
		if s.effect != "Deny" {
			allowed = append(allowed, s.String())
		}
	}
	for _, line := range difference(allowed, openings) {
		r.At(document).Fail("lets in: %s", line)
	}
	for _, line := range difference(openings, allowed) {
		r.At(document).Fail("does not say %q", line)
	}
	for _, text := range reader.problems {
		r.At(document).Fail("%s", text)
	}
}
