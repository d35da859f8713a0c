package storage

import (
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// uploadDays is how long the parts of an unfinished upload are retained. They are billed, but no list of objects shows
// them.
const uploadDays = 1

// BucketProps configures a Bucket.
type BucketProps struct {
	// Key encrypts the objects. If nil, S3 uses its own key, which needs no grant: for objects that guests may read.
	Key *Key
	// Log receives the bucket's access log. Required.
	Log *LogBucket
	// WebOrigin is the only origin whose pages may read from the bucket. Required.
	WebOrigin string
	// Retain keeps the bucket when the stack is deleted.
	Retain bool
}

// Bucket is a private S3 bucket: no public access, TLS only, all objects owned by the bucket's owner. Overwritten and
// deleted objects can be restored for 35 days, like the tables, and are then removed.
type Bucket struct {
	Name, ARN string

	key *Key
}

// NewBucket adds a Bucket to scope. It panics if props are invalid.
func NewBucket(scope constructs.Construct, id string, props BucketProps) *Bucket {
	check.Props(scope, id,
		check.Given(props.Log != nil, "Log"),
		check.Require(config.IsOrigin(props.WebOrigin), "WebOrigin", "must be one origin, got %q", props.WebOrigin),
	)
	own := private(props.Retain)
	own.ServerAccessLogsBucket = props.Log.resource
	own.ServerAccessLogsPrefix = jsii.String(id + "/")
	own.Cors = &[]*awss3.CorsRule{{
		AllowedOrigins: jsii.Strings(props.WebOrigin),
		// Pages only read. Browsers do not upload, because no policy can limit the size, number or type of uploads with AWS
		// credentials (threats A22, A23).
		AllowedMethods: &[]awss3.HttpMethods{awss3.HttpMethods_GET},
		AllowedHeaders: jsii.Strings("*"),
		ExposedHeaders: jsii.Strings("ETag"),
		MaxAge:         jsii.Number(600),
	}}
	if props.Key != nil {
		encrypt(own, props.Key)
	}
	own.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                                  jsii.String("Expire"),
		NoncurrentVersionExpiration:         duration.Days(recoverableDays),
		AbortIncompleteMultipartUploadAfter: duration.Days(uploadDays),
	}}
	bucket := awss3.NewBucket(scope, jsii.String(id), own)
	arn := *bucket.BucketArn()
	bucket.Policy().Document().AddStatements(refuseOtherEncryption(arn, props.Key)...)
	accepted := []nag.Accepted{unreplicated()}
	if props.Key == nil {
		accepted = append(accepted, nag.InHIPAAAndPCI("S3DefaultEncryptionKMS",
			"Guests read it, and no guest is granted a KMS key; S3 encrypts it with a key of its own."))
	}
	nag.Accept(bucket, accepted...)
	return &Bucket{Name: *bucket.BucketName(), ARN: arn, key: props.Key}
}

// LogBucketProps configures a LogBucket.
type LogBucketProps struct {
	// RetentionDays is how long access logs are retained. Required.
	RetentionDays int
	// Retain keeps the bucket when the stack is deleted.
	Retain bool
}

// LogBucket holds the access logs of other buckets.
type LogBucket struct{ resource awss3.Bucket }

// NewLogBucket adds a LogBucket to scope. S3 delivers access logs only to buckets that are encrypted with its own key.
// Access to it is not logged: every log entry would create another. It panics if props are invalid.
func NewLogBucket(scope constructs.Construct, id string, props LogBucketProps) *LogBucket {
	check.Props(scope, id, check.Given(props.RetentionDays > 0, "RetentionDays"))
	own := private(props.Retain)
	days := duration.Days(props.RetentionDays)
	own.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                                  jsii.String("Expire"),
		Expiration:                          days,
		NoncurrentVersionExpiration:         days,
		AbortIncompleteMultipartUploadAfter: duration.Days(uploadDays),
	}}
	bucket := awss3.NewBucket(scope, jsii.String(id), own)
	bucket.Policy().Document().AddStatements(refuseOtherEncryption(*bucket.BucketArn(), nil)...)
	nag.Accept(bucket, unreplicated(), nag.InHIPAAAndPCI("S3DefaultEncryptionKMS",
		"S3 delivers access logs only to buckets that are encrypted with a key of its own."))
	return &LogBucket{bucket}
}

// blockAll is read once, because reading it is a call to the jsii kernel.
var blockAll = sync.OnceValue(awss3.BlockPublicAccess_BLOCK_ALL)

// private are the properties of every bucket.
func private(retain bool) *awss3.BucketProps {
	return &awss3.BucketProps{
		BlockPublicAccess: blockAll(),
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Versioned:         jsii.Bool(true),
		RemovalPolicy:     lifetime.Policy(retain),
	}
}

// encrypt encrypts a bucket with a key of ours, of which S3 makes one for the bucket: otherwise it would ask KMS for
// every object.
func encrypt(own *awss3.BucketProps, key *Key) {
	own.Encryption = awss3.BucketEncryption_KMS
	own.EncryptionKey = key.resource
	own.BucketKeyEnabled = jsii.Bool(true)
}

// unreplicated accepts that buckets are not replicated.
func unreplicated() nag.Accepted {
	return nag.InHIPAAAndPCI("S3BucketReplicationEnabled",
		"A stage lives in one Region, and so does what it holds; versions undo mistakes, and S3 keeps each in "+
			"several data centres.")
}

// refuseOtherEncryption refuses uploads that request another encryption than the bucket's: the shop could not read such
// an object. Uploads that request none get the bucket's.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
func refuseOtherEncryption(arn string, key *Key) []awsiam.PolicyStatement {
	const keyID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	condition, allowed := "s3:x-amz-server-side-encryption", "AES256"
	var refused []awsiam.PolicyStatement
	if key != nil {
		allowed = "aws:kms"
		refused = append(refused,
			refuseIfOther(arn, "RefuseOtherKeys", keyID, key.ARN),
			// An upload that requests KMS without naming a key would get the AWS managed key aws/s3, not the bucket's.
			// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
			refuseUploads(arn, "RefuseUnnamedKeys", map[string]any{
				"StringEquals": map[string]any{condition: allowed}, "Null": map[string]any{keyID: "true"},
			}))
	}
	return append(refused,
		refuseIfOther(arn, "RefuseOtherEncryption", condition, allowed),
		refuseUploads(arn, "RefuseKeysOfCallers", map[string]any{
			"Null": map[string]any{"s3:x-amz-server-side-encryption-customer-algorithm": "false"},
		}))
}

// refuseIfOther refuses uploads that have the header of key with another value. StringNotEquals alone would also match
// uploads without the header.
func refuseIfOther(bucketARN, sid, key, value string) awsiam.PolicyStatement {
	return refuseUploads(bucketARN, sid, map[string]any{
		"StringNotEquals": map[string]any{key: value},
		"Null":            map[string]any{key: "false"},
	})
}

func refuseUploads(bucketARN, sid string, conditions map[string]any) awsiam.PolicyStatement {
	return refuse(bucketARN+"/*", sid, conditions, "s3:PutObject")
}

// refuse refuses everybody actions on a bucket or its objects, always if conditions are nil.
func refuse(resource, sid string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	return awsiam.PolicyStatement_FromJson(resourcepolicy.Refuse(resource, sid, conditions, actions...).JSON())
}
