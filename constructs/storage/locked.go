package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
)

// LockedBucketProps configures a bucket whose objects nobody overwrites or deletes before their time.
type LockedBucketProps struct {
	// Key encrypts the objects. Required.
	Key *Key
	// Log receives the bucket's access log. Required.
	Log *LogBucket
	// LockDays is how long an object is locked. A day later it is gone. Required.
	LockDays int
	// Retain keeps the bucket when the stack is deleted.
	Retain bool
}

// NewLockedBucket adds a Bucket to scope whose objects are locked by Object Lock in mode GOVERNANCE, and that refuses
// everybody the permission to lift it. So an object goes before its time only after somebody has changed the policy of
// the bucket, which is an event that is mailed minutes later (docs/adr/0023-security-events.md). It panics if props are
// invalid.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
func NewLockedBucket(scope constructs.Construct, id string, props LockedBucketProps) *Bucket {
	check.Props(scope, id,
		check.Given(props.Key != nil, "Key"),
		check.Given(props.Log != nil, "Log"),
		check.Given(props.LockDays > 0, "LockDays"),
	)
	own := private(props.Retain)
	own.ServerAccessLogsBucket = props.Log.resource
	own.ServerAccessLogsPrefix = jsii.String(id + "/")
	encrypt(own, props.Key)
	lock := duration.Days(props.LockDays)
	own.ObjectLockEnabled = jsii.Bool(true)
	own.ObjectLockDefaultRetention = awss3.ObjectLockRetention_Governance(lock)
	own.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                                  jsii.String("Expire"),
		Expiration:                          lock,
		NoncurrentVersionExpiration:         duration.Days(1),
		AbortIncompleteMultipartUploadAfter: duration.Days(uploadDays),
	}}
	bucket := awss3.NewBucket(scope, jsii.String(id), own)
	arn := *bucket.BucketArn()
	refuseOtherEncryption(bucket, arn, props.Key)
	bucket.Policy().Document().AddStatements(refuse(arn, "RefuseUnlocking", "s3:BypassGovernanceRetention", nil))
	nag.Accept(bucket, unreplicated())
	return &Bucket{Name: *bucket.BucketName(), ARN: arn, key: props.Key}
}
