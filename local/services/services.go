// Package services serves the operations of DynamoDB, KMS, SSM, S3 and STS that the stage's functions, customers'
// browsers, support desk and operator use.
//
// Every request must be signed with credentials of package credentials. Its action, resource and condition keys are
// evaluated against the caller's policies before it has an effect. Operations that are not served are refused by name.
// DynamoDB uses dynalite, S3 and KMS the memory of this process: no data outlives it.
package services

import (
	"fmt"
	"maps"
	"slices"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
)

// Operations are the served operations by service, sorted.
func Operations() map[string][]string {
	var objects []string
	for _, operation := range s3Operations {
		if operation.serve != nil {
			objects = append(objects, operation.name)
		}
	}
	slices.Sort(objects)
	return map[string][]string{
		"DynamoDB":        slices.Sorted(maps.Keys(dynamoDBOperations)),
		"KMS":             slices.Sorted(maps.Keys(kmsOperations)),
		"S3":              slices.Compact(objects),
		"STS":             slices.Sorted(maps.Keys(stsOperations)),
		"Systems Manager": {getParameter},
	}
}

// guard authorizes requests to the stage's resources.
type guard struct {
	stage *deployed.Stage
	store *credentials.Store
}

// key returns an error unless the stage has the key, which a table or bucket names by its ARN.
func (g guard) key(arn string) error {
	if _, ok := g.stage.Keys[arn]; !ok {
		return fmt.Errorf("it is encrypted by %s, which is no key of the stage", arn)
	}
	return nil
}

// useKey authorizes a service's use of a customer-managed key in its caller's name.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (g guard) useKey(session *credentials.Session, action, arn, service string, within map[string]string) error {
	context := encryptionContext(within)
	context["kms:ViaService"] = []string{service + "." + g.stage.Region + ".amazonaws.com"}
	return g.store.Authorize(session, action, arn, context)
}

// encryptionContext are the condition keys of an encryption context:
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func encryptionContext(within map[string]string) map[string][]string {
	context := map[string][]string{}
	for name, value := range within {
		context["kms:EncryptionContext:"+name] = []string{value}
	}
	if len(within) > 0 {
		context["kms:EncryptionContextKeys"] = slices.Sorted(maps.Keys(within))
	}
	return context
}
