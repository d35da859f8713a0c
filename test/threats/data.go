package threats

import (
	"maps"
	"slices"
	"strings"
)

// Keys of a stage: of what customers own, of what they have proven, of the users themselves where the pool has a
// replica, and of logs. archiveKey is that of the record of changes.
const (
	dataKey   = "Data.DataKey"
	proofsKey = "UserPool.ProofsKey"
	usersKey  = "UserPool.UsersKey"
	logKey    = "UserPool.LogKey"
)

// keyedBy are the tables that there are, each with what its items are found by: partition and sort key, and those of
// its index. All but Proofs are encrypted with the data key.
var keyedBy = map[string][]string{
	"Data.Customers":  {"customerId HASH"},
	"Data.Links":      {"linkId HASH"},
	"Data.Orders":     {"customerId HASH, orderId RANGE", "Local byCreatedAt: customerId HASH, createdAt RANGE"},
	"Data.Products":   {"sku HASH", "Global forSale: shelf HASH, categorySku RANGE"},
	"UserPool.Proofs": {"customerId HASH"},
}

// itemKeys are the keys of a table and its indexes, in the form of keyedBy. Every index has all attributes of an item.
func (r Resource) itemKeys() []string {
	of := func(keys Value) string {
		var parts []string
		for _, key := range keys.Each() {
			parts = append(parts, key.At("AttributeName").Text()+" "+key.At("KeyType").Text())
		}
		return strings.Join(parts, ", ")
	}
	all := []string{of(r.At("KeySchema"))}
	for _, kind := range []string{"Local", "Global"} {
		for _, index := range r.At(kind + "SecondaryIndexes").Elements() {
			index.At("Projection", "ProjectionType").Is("ALL")
			all = append(all, kind+" "+index.At("IndexName").Text()+": "+of(index.At("KeySchema")))
		}
	}
	return all
}

// otherPolicies are resource policies that nobody needs here.
var otherPolicies = []string{
	"AWS::SecretsManager::ResourcePolicy", "AWS::Logs::ResourcePolicy",
	"AWS::Lambda::LayerVersionPermission", "AWS::S3::AccessPoint",
}

// data are the threats to what is stored, and to whose it is.
var data = []Threat{
	{
		ID:    "A15",
		Title: "Get access by a resource's own policy, without roles and authorizers",
		Sources: []string{
			cloudGoat + "terraform/apig.tf (Principal * on the API)", securityHub + "s3-controls.html (S3.6)",
			securityHub + "kms-controls.html (KMS.5)",
		},
		Closed: "API and tables have no policy; those of buckets, keys, topics and the queue allow only AWS services, for " +
			"one purpose each, and the account's root. The key of a pool with a replica also allows the account's callers of " +
			"Cognito (U55).",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			in.Only(restAPI).At("Policy").Absent()
			in.Only(restAPI).At("EndpointConfiguration", "Types").Lists("REGIONAL")
			openings := in.openings()
			for _, p := range in.Every(bucketPolicy) {
				in.letsIn(p, "PolicyDocument", openings[p.Name()])
			}
			for _, k := range in.Every(kmsKey) {
				in.letsIn(k, "KeyPolicy", openings[k.Name()])
			}
			for _, t := range in.Every(table) {
				t.At("ResourcePolicy").Absent()
			}
			for _, p := range slices.Concat(in.Any(topicPolicy), in.Any(queuePolicy)) {
				in.letsIn(p, "PolicyDocument", openings[p.Name()])
			}
			in.None(otherPolicies...)
		},
	},
	{
		ID:      "A16",
		Title:   "Ask for another customer's orders, profile or payment method by its id",
		Sources: []string{"OWASP API1:2023, Broken Object Level Authorization"},
		Closed: "The customer is the token's sub and the rows' key; no route takes a customer from path, query or " +
			"body.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/customer.TestCustomerIsTheSubOfTheAccessToken",
			"lambda/orders.TestPagesTogetherAreAllOrdersNewestFirst", "lambda/orders.TestKeyIsTheCustomersOwn",
			"lambda/orders.TestCursorThatNamesAnOrderOfAnotherCustomerShowsNoneOfTheirs",
			"lambda/customers.TestProfileOfAnotherSubIsNotShown",
			"lambda/customers.TestPaymentMethodIsKeptForTheCustomerOfTheToken",
		},
		check: func(in *Inspection) {
			for _, name := range slices.Sorted(maps.Keys(keyedBy)) {
				if t := in.The(table, name); !slices.Equal(t.itemKeys(), keyedBy[name]) {
					t.Fail("finds items by %q, want %q", t.itemKeys(), keyedBy[name])
				}
			}
			for _, r := range in.Routes() {
				for _, input := range r.At("RequestParameters").Keys() {
					if namesCustomer(input) {
						r.At("RequestParameters", input).Fail("names a customer")
					}
				}
			}
			for _, m := range in.Every(model) {
				for _, input := range properties(m.At("Schema")) {
					if namesCustomer(input) {
						m.At("Schema").Fail("has a property %s, which names a customer", input)
					}
				}
			}
		},
	},
	{
		ID:    "A18",
		Title: "Read the data at rest, or destroy it permanently",
		Sources: []string{
			securityHub + "dynamodb-controls.html (DynamoDB.2, DynamoDB.6)", securityHub + "s3-controls.html (S3.1, S3.5, S3.8)",
			cdkNag + " DDB3, S1, S2, S10",
		},
		Closed: "Tables and documents are encrypted with customer-managed keys and recoverable, and only offers expire. " +
			"Buckets are private, versioned and TLS-only; alarms are encrypted and TLS-only. Production's data outlives its " +
			"stacks.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			key := in.The(kmsKey, dataKey)
			keys := []string{archiveKey, dataKey, logKey, proofsKey}
			if in.Config.Replica != "" {
				keys = append(keys, usersKey)
			}
			in.Named(kmsKey, keys...)
			for _, k := range in.Every(kmsKey) {
				k.At("EnableKeyRotation").Is(true)
				k.At("RotationPeriodInDays").Between(90, 365)
				k.At("PendingWindowInDays").Between(30, 30)
				if k.Name() != usersKey {
					k.At("MultiRegion").Absent() // in another Region its policy would be another one
				}
			}
			in.Named(table, slices.Collect(maps.Keys(keyedBy))...)
			for _, t := range in.Every(table) {
				key := key
				if t.Name() == proofsTableName {
					key = in.The(kmsKey, proofsKey)
				}
				t.keepsItems()
				t.At("SSESpecification").Is(map[string]any{
					"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": t.At("SSESpecification", "KMSMasterKeyId").Got,
				})
				t.At("SSESpecification", "KMSMasterKeyId").Reads(key.Ref("Arn"))
				t.At("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled").Is(true)
				t.At("PointInTimeRecoverySpecification", "RecoveryPeriodInDays").Is(recoveryDays)
				t.At("DeletionProtectionEnabled").Is(in.Config.Protection.DeletionProtection)
				t.At("BillingMode").Is("PAY_PER_REQUEST")
			}
			for _, b := range in.Every(bucket) {
				in.private(b)
			}
			for _, t := range in.Any(topic) {
				in.confidential(t)
			}
			for name, key := range bucketKeys {
				in.The(bucket, name).At("BucketEncryption", "ServerSideEncryptionConfiguration", 0,
					"ServerSideEncryptionByDefault", "KMSMasterKeyID").Reads(in.The(kmsKey, key).Ref("Arn"))
			}
			if !in.production() {
				return
			}
			for _, typ := range []string{table, bucket, kmsKey, identityPool} {
				for _, r := range in.Every(typ) {
					r.outlives()
				}
			}
			for _, t := range in.Every(table) {
				t.At("DeletionProtectionEnabled").Is(true)
			}
		},
	},
}

// keepsItems expects DynamoDB not to expire items of a table, except offers.
func (r Resource) keepsItems() {
	if r.Name() == "Data.Links" {
		r.At("TimeToLiveSpecification").Is(map[string]any{"AttributeName": "expiresAt", "Enabled": true})
		return
	}
	r.At("TimeToLiveSpecification").Absent()
}

// openStatement lets everybody do something.
func openStatement(action string) map[string]any {
	return map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": "*"}, "Action": action, "Resource": "*"}
}
