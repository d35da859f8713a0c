package threats

import "slices"

// losesNoEvent expects events that failed for good to wait as long as SQS can, in a queue. Nobody else sends to it,
// because its events are replayed as if AWS had put them on the bus. Nobody else reads it, because its events are
// whole. Only CloudFormation changes that. The queue's encryption rests on no key of the stage, since it must take
// events when such a key is unusable.
func (in *Inspection) losesNoEvent() {
	q := in.The(queue, undeliveredQueue)
	if all := in.Any(queue); len(all) != 1 {
		in.Fail(in.ID, "has %d queues, want one", len(all))
	}
	q.At("SqsManagedSseEnabled").Is(true)
	q.At("KmsMasterKeyId").Absent()
	q.At("MessageRetentionPeriod").Is(14 * 24 * 60 * 60)
	q.At("RedrivePolicy").Absent()
	q.At("RedriveAllowPolicy").Absent()
	in.refusesPlainText(q, queuePolicy, "Queues",
		"Deny sqs:* to AWS * on "+q.Ref("Arn")+" if Bool aws:SecureTransport false",
		"Deny sqs:SendMessage to AWS * on "+q.Ref("Arn")+allBut("${"+keeperRole+".Arn}")+
			" and Bool aws:PrincipalIsAWSService false",
		"Deny sqs:ChangeMessageVisibility,sqs:DeleteMessage,sqs:PurgeQueue,sqs:ReceiveMessage to AWS * on "+q.Ref("Arn")+
			allBut("${"+keeperRole+".Arn}"),
		"Deny sqs:AddPermission,sqs:DeleteQueue,sqs:RemovePermission,sqs:SetQueueAttributes to AWS * on "+q.Ref("Arn")+
			allBut("arn:aws:iam::"+in.Account()+":role/"+in.executionRole()))
	for _, f := range in.Every(function) {
		if f.Name() == keeperFunction {
			f.At("DeadLetterConfig", "TargetArn").Reads(q.Ref("Arn"))
		} else {
			f.At("DeadLetterConfig").Absent()
		}
	}
}

// allBut is the condition of a denial to everybody but one role.
func allBut(role string) string { return " if ArnNotEquals aws:PrincipalArn " + role }

// calledHourly expects a rule to call a function once an hour without input, and nothing else.
func (in *Inspection) calledHourly(f, rule Resource) {
	rule.At("ScheduleExpression").Is("rate(1 hour)")
	rule.At("EventPattern").Absent()
	rule.At("Name").Absent() // rules of the record have names, by which they may send to the queue of undelivered events
	rule.At("State").Is("ENABLED")
	if n := len(rule.At("Targets").Each()); n != 1 {
		rule.At("Targets").Fail("are %d, want one", n)
	}
	rule.At("Targets", 0).holds("Arn", "Id")
	rule.At("Targets", 0, "Arn").Reads(f.Ref("Arn"))
	in.mayCall(f, "events.amazonaws.com", rule.Ref("Arn"))
}

// locksTheRecord expects the bucket of the record to be locked for the configured days, in Production for a year.
func (in *Inspection) locksTheRecord() {
	b := in.The(bucket, recordBucket)
	in.locks(b, in.Config.SecurityEvents.LockDays, "SecurityEvents")
	if in.production() {
		b.At("ObjectLockConfiguration", "Rule", "DefaultRetention", "Days").Between(365, 3650)
	}
	in.The(topic, securityTopic) // whose subscription U20 judges
	in.keepsTheArchiveKey()
}

// keepsTheArchiveKey expects that only CloudFormation and the account's root user can end the key without which the
// record and the exports cannot be read.
func (in *Inspection) keepsTheArchiveKey() {
	key := in.The(kmsKey, archiveKey)
	reader := &policyReader{stage: in.Target, stack: key.stack}
	denial := "Deny kms:CreateGrant,kms:DeleteImportedKeyMaterial,kms:DisableKey,kms:PutKeyPolicy,kms:ReplicateKey," +
		"kms:ScheduleKeyDeletion,kms:UpdatePrimaryRegion to AWS * on * if ArnNotEquals aws:PrincipalArn arn:aws:iam::" +
		in.Account() + ":role/" + in.executionRole() + ",arn:aws:iam::" + in.Account() + ":root"
	for range difference([]string{denial}, lines(reader.document(key.Properties["KeyPolicy"]))) {
		key.At("KeyPolicy").Fail("does not say %q", denial)
	}
}

// locks expects a bucket to lock its objects for so many days. Only the stage's role of this name writes objects, and
// only CloudFormation changes the settings that the lock rests on.
func (in *Inspection) locks(b Resource, days int, writer string) {
	b.At("ObjectLockEnabled").Is(true)
	b.At("ObjectLockConfiguration").Is(object{"ObjectLockEnabled": "Enabled", "Rule": object{"DefaultRetention": object{
		"Mode": "GOVERNANCE", "Days": float64(days),
	}}})
	role := "arn:aws:iam::" + in.Account() + ":role/"
	in.refusesPlainText(b, bucketPolicy, "Bucket",
		"Deny s3:BypassGovernanceRetention,s3:DeleteObject,s3:DeleteObjectVersion,s3:PutObjectLegalHold,"+
			"s3:PutObjectRetention,s3:ReplicateDelete to AWS * on "+b.Ref("Arn")+"/*",
		"Deny s3:PutObject,s3:ReplicateObject to AWS * on "+b.Ref("Arn")+"/*"+allBut(role+in.ID+"-"+writer),
		"Deny s3:DeleteBucket,s3:DeleteBucketPolicy,s3:PutBucketObjectLockConfiguration,s3:PutBucketPolicy,"+
			"s3:PutBucketVersioning,s3:PutEncryptionConfiguration,s3:PutLifecycleConfiguration,"+
			"s3:PutReplicationConfiguration to AWS * on "+b.Ref("Arn")+allBut(role+in.executionRole()))
}

// publishesOnlyTo expects the role to publish to nothing but the topic: neither to another nor to a telephone.
func (r role) publishesOnlyTo(topic string) {
	for _, s := range r.granted {
		if slices.Contains(s.actions, "sns:Publish") && (len(s.actions) != 1 || !slices.Equal(s.resources, []string{topic})) {
			r.Fail("may publish to more than the topic of security events: %s", s)
		}
	}
	if r.Name() != keeperRole {
		r.mayNot("sns:Publish")
	}
}
