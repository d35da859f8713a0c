// Package storage provisions where the shop's data rests: one customer-managed key, tables and buckets.
//
// What every table and bucket must have (encryption, recovery to a point in time, versions, TLS) is a constant here.
// What may be done with them is granted one action at a time: each Allow method returns what a role of package iamrole
// takes, and its callers stand in package stacks.
package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/lifetime"
)

// KeyProps configures a Key.
type KeyProps struct {
	// Encrypts says what the key encrypts. Required.
	Encrypts string
	// Retain keeps the key when the stack is deleted.
	Retain bool
}

// Key is the customer-managed key of the data.
type Key struct {
	ARN string

	resource   awskms.Key
	id, region string
}

// NewKey adds a symmetric key that rotates every year. Its policy delegates to IAM, so that who may use it is decided
// by the grants of this program and by nothing else. It panics if props are invalid.
func NewKey(scope constructs.Construct, id string, props KeyProps) *Key {
	check.Props(scope, id, check.Given(props.Encrypts != "", "Encrypts"))
	key := awskms.NewKey(scope, jsii.String(id), &awskms.KeyProps{
		Description:       jsii.Sprintf("SecureCart: encrypts %s", props.Encrypts),
		EnableKeyRotation: jsii.Bool(true),
		RotationPeriod:    duration.Days(365),
		PendingWindow:     duration.Days(30),
		RemovalPolicy:     lifetime.Policy(props.Retain),
	})
	return &Key{ARN: *key.KeyArn(), resource: key, id: id, region: *awscdk.Stack_Of(key).Region()}
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

// Use is what a key is used for.
type Use string

const (
	// Reading decrypts.
	Reading Use = "Read"
	// Writing encrypts.
	Writing Use = "Write"
)

// keyActions are what each service does with the key on behalf of its caller. AWS documents no list of actions per
// operation of DynamoDB; those for writing are its documented minimum without what only the table's creator needs.
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

// hosts begin the names by which KMS knows the services.
var hosts = map[Service]string{DynamoDB: "dynamodb", S3: "s3"}

// AllowVia lets a role use the key through service only: never to encrypt or decrypt anything itself.
func (k *Key) AllowVia(service Service, uses ...Use) iamrole.Grants {
	grants := make(iamrole.Grants, 0, len(uses))
	for _, use := range uses {
		grants = append(grants, iamrole.Grant{
			// The key's name keeps the ids of two keys apart: a policy with two statements of one id is refused.
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

// AllowSealing lets a role encrypt and decrypt small texts of one purpose, which stands in their encryption context:
// what was sealed for another purpose, or by DynamoDB or S3, cannot be opened with this.
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
