package logging

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/keypolicy"
)

// KeyProps configures a Key.
type KeyProps struct {
	// Retain keeps the key when the stack is deleted.
	Retain bool
}

// Key is the key of a stage's logs and alarms.
type Key struct {
	ID, ARN string

	resource awskms.Key
}

// NewKey adds the key of a stage's logs to scope: symmetric, rotated every year. Data has another key, whose use IAM
// alone decides (docs/adr/0009-one-key-for-logs.md).
//
// CloudWatch Logs uses the key as its own service principal, and only for log groups of this account and Region: it
// sends the group's ARN as encryption context. Writers and readers of a log need no KMS permission.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func NewKey(scope constructs.Construct, id string, props KeyProps) *Key {
	resource := keypolicy.NewKey(scope, id, "logs and alarms", props.Retain)
	key := &Key{ID: *resource.KeyId(), ARN: *resource.KeyArn(), resource: resource}
	service := "logs." + *awscdk.Stack_Of(resource).Region() + ".amazonaws.com"
	key.AllowService("EncryptLogs", service, map[string]any{
		"ArnLike": map[string]any{"kms:EncryptionContext:aws:logs:arn": GroupARN(resource, "*")},
	}, "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey",
		"kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey")
	return key
}

// AllowTopics lets a role publish to topics that the key encrypts: SNS uses the key with the publisher's permissions.
// The role cannot use the key otherwise.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func (k *Key) AllowTopics() iamrole.Grants {
	return iamrole.Grants{{
		Sid:       "EncryptMessages",
		Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"},
		Resources: []string{k.ARN},
		Conditions: map[string]any{"StringEquals": map[string]any{
			"kms:ViaService": "sns." + *awscdk.Stack_Of(k.resource).Region() + ".amazonaws.com",
		}},
	}}
}

// AllowService lets an AWS service, such as "cloudwatch.amazonaws.com", use the key under conditions.
func (k *Key) AllowService(sid, service string, conditions map[string]any, actions ...string) {
	keypolicy.AllowService(k.resource, sid, service, conditions, actions...)
}
