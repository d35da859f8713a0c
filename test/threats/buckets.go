package threats

import (
	"strings"
)

// logBucket takes the access logs of the other buckets.
const logBucket = "Data.AccessLogs"

// private expects a bucket to be private, versioned, encrypted, TLS-only and, unless it holds the logs of others,
// logged.
func (in *Inspection) private(b Resource) {
	b.At("PublicAccessBlockConfiguration").Is(map[string]any{
		"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
	})
	b.At("VersioningConfiguration", "Status").Is("Enabled")
	b.At("OwnershipControls", "Rules").Is([]any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}})
	encryption := b.At("BucketEncryption", "ServerSideEncryptionConfiguration")
	if len(encryption.Each()) != 1 {
		encryption.Fail("has %d rules, want one", len(encryption.Elements()))
	}
	encryption.At(0, "ServerSideEncryptionByDefault", "SSEAlgorithm").Among("aws:kms", "AES256")
	in.keeps(b)
	if b.Name() != logBucket {
		// The log bucket accepts logs only under these names, and S3 would silently stop delivery.
		_, name, _ := strings.Cut(b.Name(), ".")
		b.At("LoggingConfiguration", "DestinationBucketName").Reads("${" + logBucket + "}")
		b.At("LoggingConfiguration", "LogFilePrefix").Is(name + "/")
	}
	if b.Name() == logBucket {
		b.At("LoggingConfiguration").Absent() // each log line would cause another
		b.At("CorsConfiguration").Absent()    // no browser reads access logs
	}
	if in.lockDays(b) > 0 {
		b.At("CorsConfiguration").Absent() // no browser reads who changed what, or who there is
	} else {
		// What is filed for customers must be erasable at once.
		b.At("ObjectLockEnabled").Absent()
		b.At("ObjectLockConfiguration").Absent()
	}
	for _, rule := range b.At("CorsConfiguration", "CorsRules").Elements() {
		rule.At("AllowedOrigins").Lists(in.Config.Web.Origin)
		rule.At("AllowedMethods").Lists("GET")
		rule.At("ExposedHeaders").Within("ETag")
		rule.At("MaxAge").Between(0, 3600)
	}
	in.refusesPlainText(b, bucketPolicy, "Bucket",
		"Deny s3:* to AWS * on "+b.Ref("Arn")+","+b.Ref("Arn")+"/* if Bool aws:SecureTransport false",
		"Deny s3:* to AWS * on "+b.Ref("Arn")+","+b.Ref("Arn")+"/* if NumericLessThan s3:TlsVersion 1.2")
}

// confidential expects a topic to be encrypted with the key of the logs, or with the other one if it is the fallback,
// and TLS-only.
func (in *Inspection) confidential(t Resource) {
	key := logKey
	if t.Name() == fallbackTopic {
		key = archiveKey
	}
	t.At("KmsMasterKeyId").Reads(in.The(kmsKey, key).Ref())
	in.refusesPlainText(t, topicPolicy, "Topics",
		"Deny sns:Publish to AWS * on "+t.Ref()+" if Bool aws:SecureTransport false")
}

// refusesPlainText expects a resource to have one policy of the type, which names it in this property, with these
// denials. A second policy would replace the first.
func (in *Inspection) refusesPlainText(r Resource, typ, property string, denials ...string) {
	if r.judgedBefore() && !in.mayDiffer(typ) {
		return
	}
	var policies int
	var said []string
	for _, p := range in.Any(typ) {
		names := p.At(property)
		if elements := names.Elements(); len(elements) == 1 {
			names = elements[0]
		}
		if names.Text() == r.Ref() {
			policies++
			reader := &policyReader{stage: in.Target, stack: p.stack}
			said = append(said, lines(reader.document(p.Properties["PolicyDocument"]))...)
		}
	}
	if policies != 1 {
		r.Fail("has %d policies, want one", policies)
	}
	for _, denial := range difference(denials, said) {
		r.Fail("has no policy that says %q", denial)
	}
}

// keeps expects a bucket to lose old versions only, and, if it holds the logs of others, what is past its time.
func (in *Inspection) keeps(b Resource) {
	for _, rule := range b.At("LifecycleConfiguration", "Rules").Each() {
		rule.At("Status").Is("Enabled")
		if days := in.lockDays(b); days > 0 {
			// A day after its lock has ended nothing of it is left.
			rule.At("ExpirationInDays").Is(days)
			rule.At("NoncurrentVersionExpiration", "NoncurrentDays").Is(1)
			continue
		}
		if b.Name() != logBucket {
			rule.holds("AbortIncompleteMultipartUpload", "Id", "NoncurrentVersionExpiration", "Status")
			rule.At("NoncurrentVersionExpiration", "NoncurrentDays").Is(recoveryDays)
			continue
		}
		rule.At("ExpirationInDays").Is(in.Config.Logs.RetentionDays)
		rule.At("NoncurrentVersionExpiration", "NoncurrentDays").Is(in.Config.Logs.RetentionDays)
	}
}

// lockDays is how long a bucket locks its objects, or 0.
func (in *Inspection) lockDays(b Resource) int {
	return map[string]int{
		recordBucket: in.Config.SecurityEvents.LockDays, exportBucket: in.Config.UserExports.LockDays,
	}[b.Name()]
}

// recoveryDays is how long a table can be restored, DynamoDB's maximum, and how long overwritten and deleted objects
// can be. Longer retention would keep data that customers deleted, and cost more.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
const recoveryDays = 35
