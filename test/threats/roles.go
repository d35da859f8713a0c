package threats

import (
	"slices"
	"strings"
)

// ownTag is the customer's sub, which the identity pool puts into a principal tag of the session.
const ownTag = "${aws:PrincipalTag/customer}"

// dangerous are actions that no role of an app needs and that lead to more: to permissions, other roles, fundamental
// settings, or the deletion of traces. Patterns include actions that AWS adds later.
var dangerous = slices.Concat(adminActions, []string{
	"iam:*", "sts:*", "organizations:*", "cognito-identity:*", "cognito-sync:*",
	"lambda:*", "apigateway:*", "cloudformation:*", "events:*", "states:*", "ec2:*", "wafv2:*", "waf-regional:*",
	"secretsmanager:*", "ssm:Put*", "ssm:Delete*", "ssm:SendCommand", "ssm:GetParametersByPath",
	"kms:CreateGrant", "kms:Put*", "kms:ScheduleKeyDeletion", "kms:Disable*", "kms:Delete*",
	"dynamodb:Scan", "dynamodb:PartiQL*", "dynamodb:Export*", "dynamodb:Delete*", "dynamodb:UpdateTable",
	"dynamodb:Restore*",
	"s3:ListAllMyBuckets", "s3:ListBucket*", "s3:DeleteObject*", "s3:PutBucket*", "s3:DeleteBucket*", "s3:PutObjectAcl",
	"sns:SetSMSAttributes", "sns:CreateTopic", "sns:Subscribe", "cloudtrail:*", "logs:Delete*", "logs:PutRetentionPolicy",
	"logs:PutResourcePolicy",
})

// roles are the threats that are closed by the permissions of roles.
var roles = []Threat{
	{
		ID:    "I2",
		Title: "Get AWS credentials without signing in, and try their permissions",
		Sources: []string{
			riancho, pacuAttack, hackIdentityPools, securityHub + "cognito-controls.html (Cognito.2)",
			checkov + " (CKV_AWS_366)",
			cdkNag + " COG7",
		},
		Closed: "A guest's role may list products and read their pictures, and nothing else.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			in.Only(identityPool).At("AllowUnauthenticatedIdentities").Is(true) // guests browse
			in.guest().does("execute-api:Invoke", "s3:GetObject")
		},
	},
	{
		ID:    "I3",
		Title: "Place an order with AWS credentials, because execute-api:Invoke is granted too widely",
		Sources: []string{
			gatewayGuide + "api-gateway-control-access-using-iam-policies-to-invoke-api.html", hackIdentityPools,
		},
		Closed: "Invoke is granted for stage, verb and path of each IAM-authorized method, to guests and customers, " +
			"and for nothing else.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			for _, route := range in.Routes() {
				for _, r := range in.everyRole() {
					takes := r.Name() == guestRole || r.Name() == customerRole
					if want := takes && route.Authorization == "AWS_IAM"; r.invokes(in.arn("execute-api", route.arn())) != want {
						r.Fail("may invoke %s: %t, want %t", route, !want, want)
					}
				}
			}
		},
	},
	{
		ID:      "I4",
		Title:   "Use AWS credentials, which need no second factor, for actions that need one at the API",
		Sources: []string{identityPractices, cognitoGuide + "authentication-flow.html"},
		Closed: "The customers' role writes to no table or bucket and invokes no route that changes something; those " +
			"require tokens with a high-risk scope. An offer of a provider, which connects nothing by itself, requires a " +
			"browse token.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			for _, route := range in.Routes() {
				if !route.changes() {
					continue
				}
				want := highRisk
				if !route.wantsStepUp() {
					want = []string{offerScope}
				}
				route.At("AuthorizationType").Is("COGNITO_USER_POOLS")
				if !slices.Contains(want, strings.Join(route.Scopes, " ")) {
					route.At("AuthorizationScopes").Fail("is %v, want one of %v", route.Scopes, want)
				}
			}
			for _, r := range []role{in.guest(), in.customer()} {
				r.mayNot(writes...)
			}
		},
	},
	{
		ID:      "I6",
		Title:   "Read or write other customers' files and rows with a customer's AWS credentials",
		Sources: []string{cloudGoat + "terraform/cognito.tf (s3:*, lambda:*, cognito-identity:* on *)", identityPractices},
		Closed: "Every resource of the customers' role with customers' data names the sub in the session's tag, which only " +
			"the user pool sets.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			tags := in.Only(principalTag)
			tags.At("PrincipalTags").Is(map[string]any{"customer": "sub"})
			tags.At("UseDefaults").Is(false)
			tags.At("IdentityProviderName").Reads(in.Only(userPool).Ref("ProviderName"))
			tags.At("IdentityPoolId").Reads(in.Only(identityPool).Ref())
			r := in.customer()
			r.does("dynamodb:GetItem", "dynamodb:Query", "execute-api:Invoke", "kms:Decrypt", "s3:GetObject")
			for _, s := range r.granted {
				for _, on := range s.resources {
					if strings.HasPrefix(on, "${Data.Documents.Arn}") && !strings.Contains(on, "/customers/"+ownTag+"/") {
						r.Fail("may read files of others: %s", s)
					}
				}
			}
		},
	},
}

// writes are actions that change data for which a route requires a second factor, or that fill a bucket.
var writes = slices.Concat(tableWrites, bucketWrites, []string{"lambda:Invoke*"})

var (
	tableWrites = []string{
		"dynamodb:Put*", "dynamodb:Update*", "dynamodb:Delete*", "dynamodb:BatchWrite*", "dynamodb:Transact*",
		"dynamodb:PartiQL*",
	}
	bucketWrites = []string{"s3:Put*", "s3:Delete*", "s3:Create*", "s3:Replicate*", "s3:Restore*", "s3:Abort*"}
)

// changing are the methods that change something.
var changing = those(method, func(r Resource) bool {
	return r.Properties["HttpMethod"] != "GET" && r.Properties["HttpMethod"] != "OPTIONS"
})
