package test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tables are the key schemas that the handlers rely on: partition, sort, and each index with its keys.
var tables = map[string][]string{
	"Orders":    {"customerId", "orderId", "local byCreatedAt: customerId createdAt"},
	"Products":  {"sku", "", "global forSale: shelf categorySku"},
	"Customers": {"customerId", ""},
	"Links":     {"linkId", ""},
	"Proofs":    {"customerId", ""},
}

func TestTablesHaveTheKeysThatHandlersRelyOn(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		got := map[string][]string{}
		for _, table := range s.all(t, "AWS::DynamoDB::Table") {
			keys := append(schema(table.get("KeySchema")), "")[:2]
			for kind, property := range map[string]string{"local ": "LocalSecondaryIndexes", "global ": "GlobalSecondaryIndexes"} {
				indexes, _ := table.get(property).([]any)
				for i := range indexes {
					want(t, table, "ALL", "an answer would lack attributes", property, i, "Projection", "ProjectionType")
					keys = append(keys, kind+table.text(t, property, i, "IndexName")+": "+strings.Join(schema(table.get(property, i, "KeySchema")), " "))
				}
			}
			got[table.id[:len(table.id)-8]] = keys
		}
		if diff := cmp.Diff(tables, got); diff != "" {
			t.Errorf("%s: tables (-want +got)\n%s", s.ID, diff)
		}
	})
}

func schema(keys any) []string {
	var names []string
	for _, key := range keys.([]any) {
		names = append(names, key.(map[string]any)["AttributeName"].(string))
	}
	return names
}

func TestEveryTableIsEncryptedRecoverableAndOnDemand(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, table := range s.all(t, "AWS::DynamoDB::Table") {
			want(t, table, "PAY_PER_REQUEST", "a busy day would be throttled", "BillingMode")
			want(t, table, map[string]any{"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 35.0}, "a wrong write could not be undone", "PointInTimeRecoverySpecification")
			want(t, table, map[string]any{
				"MaxReadRequestUnits": float64(s.config.Tables.MaxReads), "MaxWriteRequestUnits": float64(s.config.Tables.MaxWrites),
			}, "a flood of requests would be served, and billed", "OnDemandThroughput")
			want(t, table, s.config.Protection.DeletionProtection, "one call could delete it", "DeletionProtectionEnabled")
			want(t, table, true, "the data would be encrypted with a key that nobody here controls", "SSESpecification", "SSEEnabled")
			want(t, table, "KMS", "the data would be encrypted with a key that nobody here controls", "SSESpecification", "SSEType")
			key := map[string]string{"Data": "${Data.DataKey.Arn}", "UserPool": "${UserPool.ProofsKey.Arn}"}[table.stack.ID]
			if got := table.text(t, "SSESpecification", "KMSMasterKeyId"); got != key {
				t.Errorf("%s is encrypted with %s, want %s", table, got, key)
			}
			var expires any
			if strings.HasPrefix(table.id, "Links") {
				expires = map[string]any{"AttributeName": "expiresAt", "Enabled": true}
			}
			want(t, table, expires, "spent offers would be kept for ever, or items would vanish", "TimeToLiveSpecification")
		}
	})
}

func TestEveryKeyRotates(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var names []string
		for _, key := range s.all(t, "AWS::KMS::Key") {
			names = append(names, key.stack.ID+"."+key.id[:len(key.id)-8])
			want(t, key, true, "one key would encrypt for ever", "EnableKeyRotation")
			want(t, key, 365.0, "the period would be a default", "RotationPeriodInDays")
			want(t, key, 30.0, "a deleted key could be missed too late", "PendingWindowInDays")
		}
		compare(t, names, []string{"Data.DataKey", "UserPool.LogKey", "UserPool.ProofsKey"}, "a key that nobody listed costs by the month, and one that is gone encrypts nothing")
	})
}

func TestEveryBucketIsPrivateVersionedAndTLSOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		policies := map[string][]string{}
		for _, policy := range s.all(t, "AWS::S3::BucketPolicy") {
			policies[policy.text(t, "Bucket")] = policy.statements(t, "PolicyDocument")
		}
		for _, bucket := range s.all(t, "AWS::S3::Bucket") {
			want(t, bucket, map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true},
				"the objects could be made public", "PublicAccessBlockConfiguration")
			want(t, bucket, map[string]any{"Status": "Enabled"}, "an overwritten object would be lost", "VersioningConfiguration")
			old := map[string]any{"NoncurrentDays": 35.0}
			if strings.HasPrefix(bucket.id, "AccessLogs") {
				old["NoncurrentDays"] = float64(s.config.Logs.RetentionDays)
			}
			want(t, bucket, old, "what customers deleted would be kept, and paid for, for ever", "LifecycleConfiguration", "Rules", 0, "NoncurrentVersionExpiration")
			want(t, bucket, map[string]any{"DaysAfterInitiation": 1.0}, "parts of uploads that never end would be billed for ever, and no list shows them",
				"LifecycleConfiguration", "Rules", 0, "AbortIncompleteMultipartUpload")
			want(t, bucket, "Enabled", "nothing would expire", "LifecycleConfiguration", "Rules", 0, "Status")
			want(t, bucket, []any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}}, "ACLs could grant access", "OwnershipControls", "Rules")
			want(t, bucket, nil, "ACLs could grant access", "AccessControl")
			name := "${Data." + bucket.id[:len(bucket.id)-8]
			on := " to AWS * on " + name + ".Arn}," + name + ".Arn}/* if "
			for _, deny := range append(otherEncryption(bucket.id, name),
				"Deny s3:*"+on+"Bool aws:SecureTransport false", "Deny s3:*"+on+"NumericLessThan s3:TlsVersion 1.2") {
				if !strings.Contains(strings.Join(policies[name+"}"], "\n"), deny) {
					t.Errorf("%s lacks %q in\n%s", bucket, deny, strings.Join(policies[name+"}"], "\n"))
				}
			}
		}
	})
}

// otherEncryption are the statements by which a bucket refuses objects with another encryption than its own.
func otherEncryption(id, name string) []string {
	const algorithm, key = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
	objects := "Deny s3:PutObject to AWS * on " + name + ".Arn}/* if "
	denied := []string{objects + "Null s3:x-amz-server-side-encryption-customer-algorithm false"}
	if strings.HasPrefix(id, "Documents") {
		return append(denied, objects+"Null "+algorithm+" false and StringNotEquals "+algorithm+" aws:kms",
			objects+"Null "+key+" true and StringEquals "+algorithm+" aws:kms",
			objects+"Null "+key+" false and StringNotEquals "+key+" ${Data.DataKey.Arn}")
	}
	return append(denied, objects+"Null "+algorithm+" false and StringNotEquals "+algorithm+" AES256")
}

func TestDocumentsAreEncryptedWithOurKeyAndMediaNeedNone(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		encryption := []any{"BucketEncryption", "ServerSideEncryptionConfiguration", 0}
		documents, media := s.resource(t, "Data", "Documents"), s.resource(t, "Data", "Media")
		want(t, documents, "aws:kms", "customers' files would be encrypted with a key that nobody here controls", append(encryption, "ServerSideEncryptionByDefault", "SSEAlgorithm")...)
		want(t, documents, true, "every object would cost a call to KMS", append(encryption, "BucketKeyEnabled")...)
		if got := documents.text(t, append(encryption, "ServerSideEncryptionByDefault", "KMSMasterKeyID")...); got != "${Data.DataKey.Arn}" {
			t.Errorf("%s is encrypted with %s", documents, got)
		}
		want(t, media, "AES256", "guests would need a KMS key", append(encryption, "ServerSideEncryptionByDefault", "SSEAlgorithm")...)
		for _, bucket := range []*found{&media, &documents} {
			want(t, *bucket, list(s.config.Web.Origin), "pages of others could use it", "CorsConfiguration", "CorsRules", 0, "AllowedOrigins")
			want(t, *bucket, list("GET"), "pages could do more", "CorsConfiguration", "CorsRules", 0, "AllowedMethods")
			want(t, *bucket, map[string]any{"DestinationBucketName": map[string]any{"Ref": s.resource(t, "Data", "AccessLogs").id},
				"LogFilePrefix": bucket.id[:len(bucket.id)-8] + "/"}, "nobody could tell who read a file", "LoggingConfiguration")
		}
	})
}
