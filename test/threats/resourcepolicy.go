package threats

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

// letsIn expects a resource's policy to have exactly these allowing statements.
func (in *Inspection) letsIn(r Resource, document string, openings []string) {
	reader := &policyReader{stage: in.Synthesized, stack: *r.stack}
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
