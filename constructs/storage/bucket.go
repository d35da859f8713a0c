package storage

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/grant"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// BucketProps configures a Bucket.
type BucketProps struct {
	// Key encrypts the objects; S3's own key if nil, which needs no grant and so suits what guests may read.
	Key *Key
	// Log receives the bucket's access log. Required.
	Log awss3.Bucket
	// WebOrigin is the only origin whose pages may read from the bucket. Required.
	WebOrigin string
	// Retain keeps the bucket when the stack is deleted.
	Retain bool
}

// Bucket is a private S3 bucket: no public access, TLS only, its owner the only owner of objects. What is overwritten
// or deleted in it can be had back for the 35 days of the tables, and is gone after that.
type Bucket struct {
	Bucket awss3.Bucket
	key    *Key
}

// NewBucket adds a Bucket to scope. It panics if props are invalid.
func NewBucket(scope constructs.Construct, id string, props BucketProps) *Bucket {
	c := check.Of(scope, id)
	c.Given(props.Log != nil, "Log")
	c.Require(props.WebOrigin != "" && props.WebOrigin != "*", "WebOrigin",
		"must be one origin, got %q", props.WebOrigin)
	c.Must()

	own := private(props.Retain)
	own.ServerAccessLogsBucket = props.Log
	own.ServerAccessLogsPrefix = jsii.String(id + "/")
	own.Cors = &[]*awss3.CorsRule{{
		AllowedOrigins: jsii.Strings(props.WebOrigin),
		// Pages read. Nothing is written from a browser: an upload by AWS credentials can be limited neither in size
		// nor in number nor in type (threats A22, A23).
		AllowedMethods: &[]awss3.HttpMethods{awss3.HttpMethods_GET},
		AllowedHeaders: jsii.Strings("*"),
		ExposedHeaders: jsii.Strings("ETag"),
		MaxAge:         jsii.Number(600),
	}}
	if props.Key != nil {
		own.Encryption = awss3.BucketEncryption_KMS
		own.EncryptionKey = props.Key.Key
		own.BucketKeyEnabled = jsii.Bool(true)
	}
	own.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                                  jsii.String("Expire"),
		NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(recoverableDays)),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(uploadDays)),
	}}
	bucket := awss3.NewBucket(scope, jsii.String(id), own)
	refuseOtherEncryption(bucket, props.Key)
	nag.Accept(bucket, unreplicated()...)
	if props.Key == nil {
		nag.Accept(bucket, nag.InHIPAAAndPCI("S3DefaultEncryptionKMS",
			"Guests read it, and no guest is granted a KMS key; S3 encrypts it with a key of its own.")...)
	}
	return &Bucket{Bucket: bucket, key: props.Key}
}

// unreplicated are the findings that every bucket meets, and why they stay.
func unreplicated() []nag.Accepted {
	return nag.InHIPAAAndPCI("S3BucketReplicationEnabled",
		"A stage lives in one Region, and so does what it holds; versions undo mistakes, and S3 keeps each in "+
			"several data centres.")
}

// NewLogBucket adds the bucket that takes other buckets' access logs for days. S3 delivers them only to buckets that
// are encrypted with its own key. Access to it is not logged: every log entry would make another.
func NewLogBucket(scope constructs.Construct, id string, days int, retain bool) awss3.Bucket {
	own := private(retain)
	own.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id:                          jsii.String("Expire"),
		Expiration:                  awscdk.Duration_Days(jsii.Number(days)),
		NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(days)),

		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(uploadDays)),
	}}
	bucket := awss3.NewBucket(scope, jsii.String(id), own)
	refuseOtherEncryption(bucket, nil)
	nag.Accept(bucket, unreplicated()...)
	nag.Accept(bucket, nag.InHIPAAAndPCI("S3DefaultEncryptionKMS",
		"S3 delivers access logs only to buckets that are encrypted with a key of its own.")...)
	return bucket
}

// uploadDays is how long the parts of an unfinished upload are kept. They are billed, and no list of objects shows
// them.
const uploadDays = 1

// refuseOtherEncryption refuses objects that ask for another encryption than the bucket's own: the shop would store an
// object that it cannot read. Objects that ask for no encryption get the bucket's.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
func refuseOtherEncryption(bucket awss3.Bucket, key *Key) {
	const keyID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	condition, allowed := "s3:x-amz-server-side-encryption", jsii.String("AES256")
	if key != nil {
		allowed = jsii.String("aws:kms")
		refuseIfOther(bucket, "RefuseOtherKeys", keyID, key.Key.KeyArn())
		// An upload that asks for KMS and names no key would get AWS's own key aws/s3, and not the bucket's.
		// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
		refuseUploads(bucket, "RefuseUnnamedKeys", map[string]any{
			"StringEquals": map[string]any{condition: allowed}, "Null": map[string]any{keyID: "true"},
		})
	}
	refuseIfOther(bucket, "RefuseOtherEncryption", condition, allowed)
	refuseUploads(bucket, "RefuseKeysOfCallers", map[string]any{
		"Null": map[string]any{"s3:x-amz-server-side-encryption-customer-algorithm": "false"},
	})
}

// refuseIfOther refuses uploads whose header for key is given and has another value. StringNotEquals alone would also
// be true of uploads without the header.
func refuseIfOther(bucket awss3.Bucket, sid, key string, value *string) {
	refuseUploads(bucket, sid, map[string]any{
		"StringNotEquals": map[string]any{key: value},
		"Null":            map[string]any{key: "false"},
	})
}

func refuseUploads(bucket awss3.Bucket, sid string, conditions map[string]any) {
	bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Effect: awsiam.Effect_DENY, Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions: jsii.Strings("s3:PutObject"), Resources: &[]*string{bucket.ArnForObjects(jsii.String("*"))},
		Conditions: &conditions,
	}))
}

// private are the properties that every bucket has.
func private(retain bool) *awss3.BucketProps {
	return &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Versioned:         jsii.Bool(true),
		RemovalPolicy:     lifetime.Policy(retain),
	}
}

// AllowRead lets role read the objects below prefix, and use the key for it.
func (b *Bucket) AllowRead(role awsiam.Role, sid, prefix string) {
	b.allowObjects(role, sid, prefix, "s3:GetObject")
	if b.key != nil {
		b.key.AllowVia(role, S3, Reading)
	}
}

// AllowErase lets role list, read and delete every version of the objects below prefix, and use the key for it. Listing
// takes the prefix as a condition, so that nothing else of the bucket is listed.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
func (b *Bucket) AllowErase(role awsiam.Role, prefix string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid:       jsii.String("ListDocuments"),
		Actions:   jsii.Strings("s3:ListBucketVersions"),
		Resources: &[]*string{b.Bucket.BucketArn()},
		Conditions: &map[string]any{
			"StringLike": map[string]any{"s3:prefix": prefix + "*"},
		},
	})
	b.allowObjects(role, "ReadDocuments", prefix, "s3:GetObjectVersion")
	b.allowObjects(role, "DeleteDocuments", prefix, "s3:DeleteObjectVersion")
	if b.key != nil {
		b.key.AllowVia(role, S3, Reading)
	}
}

func (b *Bucket) allowObjects(role awsiam.Role, sid, prefix string, actions ...string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid:       jsii.String(sid),
		Actions:   jsii.Strings(actions...),
		Resources: &[]*string{b.Bucket.ArnForObjects(jsii.String(prefix + "*"))},
	})
	nag.AcceptGrants(role, nag.Accepted{
		Rule:    "AwsSolutions-IAM5",
		Finding: "/^Resource::.*" + regexp.QuoteMeta("/"+policyVariable.Replace(prefix)+"*") + "$/g",
		Reason:  "Objects have no names known here; the prefix bounds them.",
	})
}

// policyVariable writes a policy variable as cdk-nag does.
var policyVariable = strings.NewReplacer("${", "<", "}", ">")
