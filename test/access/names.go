package access

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// The values of requests: the calling customer, another customer, and resources outside the stage. The accounts are
// those of AWS's documentation.
const (
	ownSub     = "0f1e2d3c-aaaa-4bbb-8ccc-000000000001"
	anotherSub = "0f1e2d3c-aaaa-4bbb-8ccc-000000000002"

	anotherAccount  = "444455556666"
	anotherRegion   = "us-east-1"
	anotherPool     = "eu-central-1_another01"
	anotherIdentity = "eu-central-1:11111111-2222-3333-4444-555555555555"
)

const (
	dataKey   = "Data key"
	proofsKey = "Proofs key"
	logKey    = "Log key"

	archiveKey = "Archive key"
)

// archives are the buckets for the record, which have a key of their own.
var archives = []string{"securityevents", "userexports"}

// proofsTable is the name of the table of customers' proofs, which has its own key.
const proofsTable = "Proofs"

// hash is the suffix of a logical id, which the CDK adds. CloudFormation makes bucket names lower case.
var hash = regexp.MustCompile(`[0-9A-Fa-f]{8}$`)

// label is the code's name of a resource: "Orders" of "SecureCart-Dev-Data-OrdersA9B65338".
func label(physicalName string) string {
	return hash.ReplaceAllString(physicalName[strings.LastIndexByte(physicalName, '-')+1:], "")
}

// functionName is the folder of a function's program, such as "lambda/orders".
func functionName(f deployed.Function) string {
	return "lambda/" + strings.ToLower(strings.TrimSuffix(hash.ReplaceAllString(f.LogicalID, ""), "Function"))
}

func (s *Subject) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + s.Region + ":" + s.Account + ":" + resource
}

// nameKeys tells the keys for data, proofs, logs and the record apart. A fifth key is an error.
func (s *Subject) nameKeys() error {
	encrypts := map[string]string{}
	for _, bucket := range s.Buckets {
		encrypts[keyOf(bucket)] = dataKey
	}
	for _, bucket := range s.Buckets {
		if slices.Contains(archives, label(bucket.Name)) {
			encrypts[keyOf(bucket)] = archiveKey
		}
	}
	for _, table := range s.Tables {
		encrypts[table.SSESpecification.KMSMasterKeyID] = dataKey
	}
	for _, table := range s.Tables {
		if label(table.Name) == proofsTable {
			encrypts[table.SSESpecification.KMSMasterKeyID] = proofsKey
		}
	}
	owner := map[string]string{}
	var errs []error
	for arn := range s.Keys {
		name := logKey
		if what, known := encrypts[arn]; known {
			name = what
		}
		if other, taken := owner[name]; taken {
			errs = append(errs, fmt.Errorf("keys %s and %s: want one each for data, proofs, logs and the record: "+
				"teach nameKeys what the other is for", arn, other))
		}
		owner[name], s.keys[arn] = arn, name
	}
	return errors.Join(errs...)
}

// keyOf is the ARN of the key that encrypts a bucket, empty if it is S3's own.
func keyOf(b deployed.Bucket) string {
	for _, rule := range b.BucketEncryption.ServerSideEncryptionConfiguration {
		if key := rule.ServerSideEncryptionByDefault.KMSMasterKeyID; key != "" {
			return key
		}
	}
	return ""
}

// sessionOf are the condition keys that every request of a session has:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func (s *Subject) sessionOf(role Role) (map[string][]string, error) {
	session := map[string][]string{
		"aws:PrincipalAccount": {s.Account}, "aws:PrincipalArn": {role.ARN}, "aws:PrincipalType": {"AssumedRole"},
	}
	switch role.Name {
	case Guest:
		for key, values := range identity(s.IdentityPool.ID, "unauthenticated") {
			session[key] = values
		}
	case Customer:
		for key, values := range identity(s.IdentityPool.ID, "authenticated") {
			session[key] = values
		}
		tags, err := s.tags()
		for tag, value := range tags {
			session["aws:PrincipalTag/"+tag] = []string{value}
		}
		return session, err
	}
	return session, nil
}

func identity(pool, amr string) map[string][]string {
	return map[string][]string{
		"aws:FederatedProvider":              {identityService},
		"cognito-identity.amazonaws.com:aud": {pool},
		"cognito-identity.amazonaws.com:amr": {amr},
		"cognito-identity.amazonaws.com:sub": {"eu-central-1:99999999-8888-7777-6666-555555555555"},
	}
}

// tags are the tags that the identity pool sets on a customer's session, from the claims of the ID token:
// https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
func (s *Subject) tags() (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range s.PrincipalTags {
		if t.IdentityPoolID != s.IdentityPool.ID || t.IdentityProviderName != s.UserPool.ProviderName || t.UseDefaults {
			return nil, fmt.Errorf("principal tags of %s for %s: want those of this user pool, without defaults",
				t.IdentityPoolID, t.IdentityProviderName)
		}
		for tag, claim := range t.PrincipalTags {
			if claim != "sub" {
				return nil, fmt.Errorf("principal tag %s is the claim %s: only sub is known to be nobody else's", tag, claim)
			}
			tags[tag] = ownSub
		}
	}
	return tags, nil
}

// principal is a session of the role in the form of resource policies.
func (s *Subject) principal(role Role) iam.Principal {
	name := role.ARN[strings.LastIndexByte(role.ARN, '/')+1:]
	return iam.Principal{Type: iam.AWS, ID: "arn:aws:sts::" + s.Account + ":assumed-role/" + name + "/session"}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
