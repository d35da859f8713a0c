package threats

import (
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
)

// The most that one table takes, in request units a second, and the policy by which the API takes TLS.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
const (
	mostReads  = 10000
	mostWrites = 5000
	tlsPolicy  = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
)

// costs are the threats that cause costs or use up shared quotas, and those of customers' writes.
var costs = []Threat{
	{
		ID:    "A21",
		Title: "Prevent others from checking out: use up a shared throttle, or the quota of a lookup",
		Sources: []string{"read in the templates", gatewayGuide + "api-gateway-request-throttling.html",
			cognitoGuide + "quotas.html"},
		Closed: "Every method has its own throttle, including preflights and products, so that guests cannot use up the " +
			"requests that checkout needs. Handlers of profile, orders and products do not call the user pool.",
		Proofs: []Proof{Templates, Policies},
		Limit: "AdminGetUser's quota belongs to the account: step-ups and the providers' page share it with other pools. " +
			"All methods also share the account's throttle in API Gateway.",
		check: func(in *Inspection) {
			limits := in.throttles()
			for _, s := range in.Every(apiStage) {
				var got []string
				for _, setting := range s.At("MethodSettings").Each() {
					method := setting.At("HttpMethod").Text() + " " + setting.At("ResourcePath").Text()
					setting.At("ThrottlingRateLimit").Between(1, 10000)
					setting.At("ThrottlingBurstLimit").Between(1, 10000)
					setting.At("ThrottlingRateLimit").Is(limits[method].Rate)
					setting.At("ThrottlingBurstLimit").Is(limits[method].Burst)
					got = append(got, method)
				}
				if want := slices.Collect(maps.Keys(limits)); sorted(got) != sorted(want) {
					s.At("MethodSettings").Fail("are for %s, want %s", sorted(got), sorted(want))
				}
			}
			for _, name := range poolless {
				in.roleOf(name).mayNot("cognito-idp:*")
			}
		},
	},
	{
		ID:    "A22",
		Title: "Cause unlimited costs: uploads of any size and number, unfinished uploads, requests without a maximum",
		Sources: []string{"tried on the local stage",
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html"},
		Closed: "Neither guests nor customers write to a bucket or table; unfinished uploads end after a day; every table " +
			"has a maximum of requests a second.",
		Proofs: []Proof{Templates, Policies},
		Limit: "Below the maximums a flood is served and billed. Where SMS is sent, an alarm monitors the spending; a " +
			"budget with a forecast covers the rest. Customers who read orders with AWS credentials bypass the API's " +
			"throttles, and share the table's maximum with checkout.",
		check: func(in *Inspection) {
			for _, b := range in.Every(bucket) {
				for _, rule := range b.At("LifecycleConfiguration", "Rules").Each() {
					rule.At("AbortIncompleteMultipartUpload", "DaysAfterInitiation").Is(1)
				}
			}
			for _, t := range in.Every(table) {
				in.limitsRequests(t.At("OnDemandThroughput"))
				for _, index := range t.At("GlobalSecondaryIndexes").Elements() {
					in.limitsRequests(index.At("OnDemandThroughput"))
				}
			}
			// Without a bucket key S3 calls KMS for every object.
			for name := range bucketKeys {
				in.The(bucket, name).
					At("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "BucketKeyEnabled").Is(true)
			}
			for _, r := range []role{in.guest(), in.customer()} {
				r.mayNot(slices.Concat(bucketWrites, tableWrites)...)
			}
		},
	},
	{
		ID:    "A23",
		Title: "Overwrite a document, or make the shop's bucket serve a foreign page, with a browse sign-in",
		Sources: []string{"tried on the local stage",
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html"},
		Closed: "Customers read their documents and write nothing. Buckets refuse uploads that request another encryption " +
			"or bring their own key; pages of other origins read nothing.",
		Proofs: []Proof{Templates, Policies},
		Limit:  "Documents that staff upload are served unchanged, with the content type that staff set.",
		check: func(in *Inspection) {
			for _, b := range in.Every(bucket) {
				in.refusesPlainText(b, bucketPolicy, "Bucket", otherEncryption(b)...)
				for _, rule := range b.At("CorsConfiguration", "CorsRules").Elements() {
					rule.At("AllowedMethods").Lists("GET")
				}
			}
			in.customer().mayNot(bucketWrites...)
		},
	},
	{
		ID:    "A24",
		Title: "Read internal attributes of an order with AWS credentials, such as the request's fingerprint",
		Sources: []string{"read in the templates",
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html"},
		Closed: "A direct read must name its attributes, all from a list; a request for whole items names none and is " +
			"refused.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			reads := 0
			for _, s := range in.customer().granted {
				if s.concerns("${Data.Orders.Arn}") {
					reads++
					in.customer().demands(s, "Null dynamodb:Attributes false",
						"StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES")
					if !strings.Contains(s.String(), " ForAllValues:StringEquals dynamodb:Attributes ") ||
						strings.Contains(s.String(), fingerprint) {
						in.customer().Fail("may read more of an order than is the customer's business: %s", s)
					}
				}
			}
			if reads == 0 {
				in.customer().Fail("reads no orders: there is nothing to check")
			}
		},
	},
	{
		ID:    "A25",
		Title: "Call the API by TLS 1.0, or with another Host than that of the handshake",
		Sources: []string{gatewayGuide + "apigateway-security-policies.html",
			securityHub + "apigateway-controls.html (APIGateway.11)"},
		Closed: "The API accepts TLS 1.3, and 1.2 with forward secrecy, by a named policy of API Gateway, and requires the " +
			"handshake's host.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			in.Only(restAPI).At("SecurityPolicy").Is(tlsPolicy)
			in.Only(restAPI).At("EndpointAccessMode").Is("STRICT")
		},
	},
}

// limitsRequests expects a table or index to take what is configured, and no more than the most.
func (in *Inspection) limitsRequests(v Value) {
	v.At("MaxReadRequestUnits").Is(in.Config.Tables.MaxReads)
	v.At("MaxWriteRequestUnits").Is(in.Config.Tables.MaxWrites)
	v.At("MaxReadRequestUnits").Between(1, mostReads)
	v.At("MaxWriteRequestUnits").Between(1, mostWrites)
}

// otherEncryption are the denials by which a bucket refuses another encryption than its own. Null limits them to
// uploads that request one; others get the bucket's.
func otherEncryption(b Resource) []string {
	const asked = "s3:x-amz-server-side-encryption"
	refuse := func(conditions string) string {
		return "Deny s3:PutObject to AWS * on " + b.Ref("Arn") + "/* if " + conditions
	}
	unless := func(key, value string) string {
		return refuse("Null " + key + " false and StringNotEquals " + key + " " + value)
	}
	denials := []string{refuse("Null " + asked + "-customer-algorithm false")}
	key := bucketKeys[b.Name()]
	if key == "" {
		return append(denials, unless(asked, "AES256"))
	}
	const keyID = asked + "-aws-kms-key-id"
	// An upload that requests KMS without a key would get AWS's own.
	return append(denials, unless(asked, "aws:kms"), unless(keyID, "${"+key+".Arn}"),
		refuse("Null "+keyID+" true and StringEquals "+asked+" aws:kms"))
}

// bucketKeys are the keys of ours that buckets are encrypted with. All others are encrypted with S3's own.
var bucketKeys = map[string]string{"Data.Documents": dataKey, recordBucket: archiveKey, exportBucket: archiveKey}

// fingerprint is the attribute of an order that distinguishes requests.
const fingerprint = "fingerprint"

// poolless are the roles of functions that do not call the user pool.
var poolless = []string{"Api.CatalogRole", "Api.CustomersRole", "Api.OrdersRole"}

// throttles are the limits of each method, as the stage configures them, and of any other.
func (in *Inspection) throttles() map[string]config.Throttle {
	customers := config.Throttle{Rate: in.Config.API.RateLimit, Burst: in.Config.API.BurstLimit}
	limits := map[string]config.Throttle{"* /*": customers}
	byAuthorization := map[string]config.Throttle{
		"AWS_IAM": in.Config.API.Guests, "NONE": in.Config.API.Preflights, "COGNITO_USER_POOLS": customers,
	}
	for _, r := range in.Routes() {
		limits[r.Verb+" /"+strings.ReplaceAll(r.Path, "/", "~1")] = byAuthorization[r.Authorization]
	}
	return limits
}
