package threats

import (
	"maps"
	"slices"
)

// The keys that there are: they encrypt what customers own, what they have proven, and what is logged.
const (
	dataKey   = "Data.DataKey"
	proofsKey = "UserPool.ProofsKey"
	logKey    = "UserPool.LogKey"
)

// keyedBy are the tables that there are, each with what its items are found by. All but Proofs are encrypted with the
// data key.
var keyedBy = map[string]string{
	"Data.Customers": "customerId", "Data.Links": "linkId", "Data.Orders": "customerId", "Data.Products": "sku",
	"UserPool.Proofs": "customerId",
}

// otherPolicies are resource policies that nobody needs here.
var otherPolicies = []string{
	"AWS::SecretsManager::ResourcePolicy", "AWS::Logs::ResourcePolicy", "AWS::SQS::QueuePolicy",
	"AWS::Lambda::LayerVersionPermission", "AWS::S3::AccessPoint",
}

// data are the threats to what is stored, and to whose it is.
var data = []Threat{
	{
		ID:    "A15",
		Title: "Be let in by a resource's own policy, past roles and authorizers",
		Sources: []string{
			cloudGoat + "terraform/apig.tf (Principal * on the API)", securityHub + "s3-controls.html (S3.6)",
			securityHub + "kms-controls.html (KMS.5)",
		},
		Closed: "API and tables have no policy; those of buckets, keys and topic let in AWS's own services for one " +
			"purpose, and the account's root.",
		Proofs: []Proof{Policies},
		check: func(in *inspection) {
			in.only(restAPI).at("Policy").absent()
			in.only(restAPI).at("EndpointConfiguration", "Types").lists("REGIONAL")
			openings := in.openings()
			for _, p := range in.every(bucketPolicy) {
				in.letsIn(p, "PolicyDocument", openings[p.name()])
			}
			for _, k := range in.every(kmsKey) {
				in.letsIn(k, "KeyPolicy", openings[k.name()])
			}
			for _, t := range in.every(table) {
				t.at("ResourcePolicy").absent()
			}
			for _, p := range in.any(topicPolicy) {
				in.letsIn(p, "PolicyDocument", openings[p.name()])
			}
			in.none(otherPolicies...)
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
			"lambda/orders.TestCustomerSeesOnlyTheirOwnOrders", "lambda/orders.TestKeyIsTheCustomersOwn",
			"lambda/orders.TestCursorThatNamesAnOrderOfAnotherCustomerShowsNoneOfTheirs", "lambda/customers.TestProfileOfAnotherSubIsNotShown",
			"lambda/customers.TestPaymentMethodIsKeptForTheCustomerOfTheToken",
		},
		check: func(in *inspection) {
			for _, name := range slices.Sorted(maps.Keys(keyedBy)) {
				in.the(table, name).at("KeySchema", 0).is(map[string]any{"AttributeName": keyedBy[name],
					"KeyType": "HASH"})
				for _, index := range in.the(table, name).at("LocalSecondaryIndexes").elements() {
					index.at("KeySchema", 0, "AttributeName").is(keyedBy[name])
				}
				if name != "Data.Products" {
					in.the(table, name).at("GlobalSecondaryIndexes").absent()
				}
			}
			for _, r := range in.routes() {
				for _, input := range r.at("RequestParameters").keys() {
					if namesCustomer(input) {
						r.at("RequestParameters", input).fail("names a customer")
					}
				}
			}
			for _, m := range in.every(model) {
				for _, input := range properties(m.at("Schema")) {
					if namesCustomer(input) {
						m.at("Schema").fail("has a property %s, which names a customer", input)
					}
				}
			}
		},
	},
	{
		ID:    "A18",
		Title: "Read the data where it rests, or destroy it for good",
		Sources: []string{
			securityHub + "dynamodb-controls.html (DynamoDB.2, DynamoDB.6)", securityHub + "s3-controls.html (S3.1, S3.5, S3.8)",
			cdkNag + " DDB3, S1, S2, S10",
		},
		Closed: "Tables and documents are encrypted with keys of ours and recoverable, and nothing but offers " +
			"expires; buckets are private, versioned, TLS-only, alarms encrypted and TLS-only; Production outlives " +
			"its stacks.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *inspection) {
			key := in.the(kmsKey, dataKey)
			in.named(kmsKey, dataKey, logKey, proofsKey)
			for _, k := range in.every(kmsKey) {
				k.at("EnableKeyRotation").is(true)
				k.at("RotationPeriodInDays").between(90, 365)
				k.at("PendingWindowInDays").between(30, 30)
			}
			in.named(table, slices.Collect(maps.Keys(keyedBy))...)
			for _, t := range in.every(table) {
				key := key
				if t.name() == proofsTableName {
					key = in.the(kmsKey, proofsKey)
				}
				t.keepsItems()
				t.at("SSESpecification").is(map[string]any{
					"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": t.at("SSESpecification", "KMSMasterKeyId").got,
				})
				t.at("SSESpecification", "KMSMasterKeyId").reads(key.ref("Arn"))
				t.at("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled").is(true)
				t.at("PointInTimeRecoverySpecification", "RecoveryPeriodInDays").is(recoveryDays)
				t.at("DeletionProtectionEnabled").among(true, false)
				t.at("BillingMode").is("PAY_PER_REQUEST")
			}
			for _, b := range in.every(bucket) {
				in.private(b)
			}
			for _, t := range in.any(topic) {
				in.confidential(t)
			}
			in.the(bucket, "Data.Documents").
				at("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "KMSMasterKeyID").reads(key.ref("Arn"))
			if !in.production() {
				return
			}
			for _, typ := range []string{table, bucket, kmsKey, identityPool} {
				for _, r := range in.every(typ) {
					r.outlives()
				}
			}
			for _, t := range in.every(table) {
				t.at("DeletionProtectionEnabled").is(true)
			}
		},
	},
}

// keepsItems expects DynamoDB to remove no items of a table by itself, but for offers.
func (r resource) keepsItems() {
	if r.name() == "Data.Links" {
		r.at("TimeToLiveSpecification").is(map[string]any{"AttributeName": "expiresAt", "Enabled": true})
		return
	}
	r.at("TimeToLiveSpecification").absent()
}

// openStatement lets everybody do something.
func openStatement(action string) map[string]any {
	return map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": "*"}, "Action": action, "Resource": "*"}
}
