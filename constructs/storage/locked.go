package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// LockedBucketProps configures a bucket whose objects nobody overwrites or deletes before their time.
type LockedBucketProps struct {
	// Key encrypts the objects. Required, and must have a Deployer.
	Key *Key
	// Log receives the bucket's access log. Required.
	Log *LogBucket
	// LockDays is how long an object is locked. A day later it is gone. Required.
	LockDays int
	// Writer is the name of the only role that may write objects. Required.
	Writer string
	// Deployer is the name of the only role that may change the bucket's settings: CloudFormation's. Required.
	Deployer string
	// Retain keeps the bucket when the stack is deleted.
	Retain bool
}

// NewLockedBucket adds a Bucket to scope whose objects are locked by Object Lock in mode GOVERNANCE. The policy of the
// bucket refuses everybody to delete an object or to change its lock, everybody but the writer to add one, and all but
// CloudFormation to change the settings that this rests on, including the policy. That holds for administrators. The
// root user cannot be locked out: S3 lets it change any policy of the account's buckets. NewLockedBucket panics if
// props are invalid.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func NewLockedBucket(scope constructs.Construct, id string, props LockedBucketProps) *Bucket {
	check.Props(scope, id,
		check.Given(props.Key != nil, "Key"),
		check.Require(props.Key == nil || props.Key.kept, "Key", "must have a Deployer, got one that IAM alone protects"),
		check.Given(props.Log != nil, "Log"),
		check.Given(props.LockDays > 0, "LockDays"),
		check.Given(props.Writer != "", "Writer"),
		check.Given(props.Deployer != "", "Deployer"),
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
	account := *awscdk.Stack_Of(scope).Account()
	refused := append(refuseOtherEncryption(arn, props.Key), keepAsWritten(account, arn, props)...)
	bucket.Policy().Document().AddStatements(refused...)
	nag.Accept(bucket, unreplicated())
	return &Bucket{Name: *bucket.BucketName(), ARN: arn, key: props.Key}
}

// keepAsWritten are the denials of a locked bucket. Expiry needs no exception: no policy applies to lifecycle rules.
// Names of roles are in conditions, because a principal would have to exist before its bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
func keepAsWritten(account, arn string, props LockedBucketProps) []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		refuse(arn+"/*", "RefuseDeletingAndUnlocking", nil,
			"s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectLegalHold",
			"s3:PutObjectRetention", "s3:ReplicateDelete"),
		refuse(arn+"/*", "RefuseOtherWriters", allBut(account, ":role/"+props.Writer), "s3:PutObject", "s3:ReplicateObject"),
		refuse(arn, "RefuseOtherSettings", allBut(account, ":role/"+props.Deployer),
			"s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketPolicy",
			"s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
			"s3:PutReplicationConfiguration"),
	}
}

// allBut returns the condition that applies to every caller except these of the account, such as ":role/Writer".
func allBut(account string, principals ...string) map[string]any {
	arns := make([]string, len(principals))
	for i, principal := range principals {
		arns[i] = "arn:aws:iam::" + account + principal
	}
	return resourcepolicy.AllBut(arns...)
}
