package threats

import (
	"strings"
)

// logBucket takes the access logs of the other buckets.
const logBucket = "Data.AccessLogs"

// private expects a bucket to be private, versioned, encrypted, TLS-only and, unless it holds the logs of others, logged.
func (in *inspection) private(b resource) {
	b.at("PublicAccessBlockConfiguration").is(map[string]any{
		"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
	})
	b.at("VersioningConfiguration", "Status").is("Enabled")
	b.at("OwnershipControls", "Rules").is([]any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}})
	encryption := b.at("BucketEncryption", "ServerSideEncryptionConfiguration")
	if len(encryption.each()) != 1 {
		encryption.fail("has %d rules, want one", len(encryption.elements()))
	}
	encryption.at(0, "ServerSideEncryptionByDefault", "SSEAlgorithm").among("aws:kms", "AES256")
	in.keeps(b)
	if b.name() != logBucket {
		// The log bucket takes logs under these names only, and S3 would not say that it has given up.
		_, name, _ := strings.Cut(b.name(), ".")
		b.at("LoggingConfiguration", "DestinationBucketName").reads("${" + logBucket + "}")
		b.at("LoggingConfiguration", "LogFilePrefix").is(name + "/")
	}
	if b.name() == logBucket {
		b.at("LoggingConfiguration").absent() // each line written would be one more to write
		b.at("CorsConfiguration").absent()    // no browser reads who asked for what
	}
	for _, rule := range b.at("CorsConfiguration", "CorsRules").elements() {
		rule.at("AllowedOrigins").lists(in.Config.Web.Origin)
		rule.at("AllowedMethods").lists("GET")
		rule.at("ExposedHeaders").within("ETag")
		rule.at("MaxAge").between(0, hour)
	}
	in.refusesPlainText(b, bucketPolicy, "Bucket",
		"Deny s3:* to AWS * on "+b.ref("Arn")+","+b.ref("Arn")+"/* if Bool aws:SecureTransport false",
		"Deny s3:* to AWS * on "+b.ref("Arn")+","+b.ref("Arn")+"/* if NumericLessThan s3:TlsVersion 1.2")
}

// confidential expects a topic to be encrypted with the key of the logs, and TLS-only.
func (in *inspection) confidential(t resource) {
	t.at("KmsMasterKeyId").reads(in.the(kmsKey, logKey).ref())
	in.refusesPlainText(t, topicPolicy, "Topics", "Deny sns:Publish to AWS * on "+t.ref()+" if Bool aws:SecureTransport false")
}

// refusesPlainText expects a resource to have one policy of the type, which names it in this property, with these denials. A
// second policy would take the place of the first.
func (in *inspection) refusesPlainText(r resource, typ, property string, denials ...string) {
	var policies int
	var said []string
	for _, p := range in.any(typ) {
		names := p.at(property)
		if elements := names.elements(); len(elements) == 1 {
			names = elements[0]
		}
		if names.text() == r.ref() {
			policies++
			reader := &policyReader{stage: in.Synthesized, stack: *p.stack}
			said = append(said, lines(reader.document(p.Properties["PolicyDocument"]))...)
		}
	}
	if policies != 1 {
		r.fail("has %d policies, want one", policies)
	}
	for _, denial := range difference(denials, said) {
		r.fail("has no policy that says %q", denial)
	}
}

// keeps expects a bucket to lose old versions only, and, if it holds the logs of others, what is past its time.
func (in *inspection) keeps(b resource) {
	for _, rule := range b.at("LifecycleConfiguration", "Rules").each() {
		rule.at("Status").is("Enabled")
		if b.name() != logBucket {
			rule.holds("AbortIncompleteMultipartUpload", "Id", "NoncurrentVersionExpiration", "Status")
			rule.at("NoncurrentVersionExpiration", "NoncurrentDays").between(recoveryDays, 3653)
			continue
		}
		least := 1.0
		if in.production() {
			least = retentionDays
		}
		rule.at("ExpirationInDays").between(least, 3653)
		rule.at("NoncurrentVersionExpiration", "NoncurrentDays").between(least, 3653)
	}
}

// recoveryDays is how long a table's past can be had back, the longest that DynamoDB offers, and at least how long an object can
// after it was overwritten or deleted.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
const recoveryDays = 35
