// Package storage provisions the shop's data at rest: one customer-managed key, tables and buckets.
//
// Properties that every table and bucket must have (encryption, point-in-time recovery, versions, TLS) are constants
// here. Permissions are granted one action at a time: each Allow method returns grants for a role of package iamrole,
// and package stacks hands them to roles.
package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/keypolicy"
)

// KeyProps configures a Key.
type KeyProps struct {
	// Encrypts names the data that the key encrypts. Required.
	Encrypts string
	// Deployer is the name of the only role, CloudFormation's, that may disable or delete the key, or change who uses it.
	// If empty, IAM decides that. A locked bucket requires it, because without its key no object can be read.
	Deployer string
	// Retain keeps the key when the stack is deleted.
	Retain bool
}

// Key is the customer-managed key of the data.
type Key struct {
	ID, ARN string

	resource   awskms.Key
	id, region string
	// kept reports whether only CloudFormation may end the key.
	kept bool
}

// NewKey adds a symmetric key that rotates every year. The key policy delegates to IAM, so that only the grants of this
// program allow its use. It panics if props are invalid.
//
// With a Deployer, the key policy refuses everybody else to end the key. KMS refuses a policy that its caller could not
// change again, and CloudFormation calls as the Deployer. The account's root user is excepted, so that somebody can
// change the policy if that role is gone; otherwise AWS Support would have to be asked.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
// https://repost.aws/knowledge-center/update-key-policy-future
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func NewKey(scope constructs.Construct, id string, props KeyProps) *Key {
	check.Props(scope, id, check.Given(props.Encrypts != "", "Encrypts"))
	key := keypolicy.NewKey(scope, id, props.Encrypts, props.Retain)
	if props.Deployer != "" {
		key.AddToResourcePolicy(refuse("*", "RefuseEndingTheKey",
			allBut(*awscdk.Stack_Of(key).Account(), ":role/"+props.Deployer, ":root"), keyEndings...), jsii.Bool(false))
	}
	return &Key{
		ID: *key.KeyId(), ARN: *key.KeyArn(), resource: key, id: id, region: *awscdk.Stack_Of(key).Region(),
		kept: props.Deployer != "",
	}
}

// keyEndings are the actions that end the use of a key, move it, or hand its use to others. Actions that undo this,
// such as EnableKey, are left to IAM. Neither S3 nor SNS creates a grant for a key: they use it with the permissions of
// their caller.
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
var keyEndings = []string{
	"kms:CreateGrant", "kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:PutKeyPolicy", "kms:ReplicateKey",
	"kms:ScheduleKeyDeletion", "kms:UpdatePrimaryRegion",
}

// AllowService lets an AWS service, such as "cloudwatch.amazonaws.com", use the key under conditions.
func (k *Key) AllowService(sid, service string, conditions map[string]any, actions ...string) {
	keypolicy.AllowService(k.resource, sid, service, conditions, actions...)
}

// Service is an AWS service that uses a key on behalf of its caller.
type Service string

const (
	// DynamoDB decrypts a table's key with the permissions of the caller that reads or writes the table.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
	DynamoDB Service = "DynamoDB"
	// S3 encrypts and decrypts objects with the permissions of the caller that writes or reads them.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
	S3 Service = "S3"
)

// Use is a purpose of a key.
type Use string

const (
	// Reading decrypts.
	Reading Use = "Read"
	// Writing encrypts.
	Writing Use = "Write"
)

// keyActions are the KMS actions that each service calls on behalf of its caller. AWS documents no list per operation
// of DynamoDB. The actions for writing are the documented minimum, without those that only the table's creator needs.
var keyActions = map[Service]map[Use][]string{
	DynamoDB: {
		Reading: {"kms:Decrypt"},
		Writing: {"kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
	},
	S3: {
		Reading: {"kms:Decrypt"},
		Writing: {"kms:GenerateDataKey"},
	},
}

// hosts are the first parts of the services' host names, which KMS compares (kms:ViaService).
var hosts = map[Service]string{DynamoDB: "dynamodb", S3: "s3"}

// AllowVia lets a role use the key through service only, not by calling KMS itself.
func (k *Key) AllowVia(service Service, uses ...Use) iamrole.Grants {
	grants := make(iamrole.Grants, 0, len(uses))
	for _, use := range uses {
		grants = append(grants, iamrole.Grant{
			// The key's name makes the Sid unique: IAM refuses a policy with the same Sid twice.
			Sid:       fmt.Sprintf("%s%sWith%s", use, service, k.id),
			Actions:   keyActions[service][use],
			Resources: []string{k.ARN},
			Conditions: map[string]any{"StringEquals": map[string]any{
				"kms:ViaService": fmt.Sprintf("%s.%s.amazonaws.com", hosts[service], k.region),
			}},
		})
	}
	return grants
}

// AllowSealing lets a role encrypt and decrypt small texts of one purpose, which is part of their encryption context.
// Texts of another purpose, and data encrypted by DynamoDB or S3, cannot be decrypted with this grant.
func (k *Key) AllowSealing(purpose string) iamrole.Grants {
	return iamrole.Grants{{
		Sid:       "SealTexts",
		Actions:   []string{"kms:Encrypt", "kms:Decrypt"},
		Resources: []string{k.ARN},
		Conditions: map[string]any{"StringEquals": map[string]any{
			"kms:EncryptionContext:purpose": purpose,
		}},
	}}
}
