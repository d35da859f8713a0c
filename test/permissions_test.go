package test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// permissions is the closed world of roles: every role that a stage may have, and every statement that it may hold. What
// is not here must not be in a template, and what is here must be.
func permissions(s stageOf) map[string][]string {
	arn := func(service, rest string) string {
		return "arn:aws:" + service + ":" + s.config.Region + ":" + s.account() + ":" + rest
	}
	const (
		key    = " on ${Data.DataKey.Arn} if StringEquals kms:ViaService "
		orders = "${Data.Orders.Arn},${Data.Orders.Arn}/index/byCreatedAt"
		own    = "${aws:PrincipalTag/customer}"
		traces = "Allow xray:PutTelemetryRecords,xray:PutTraceSegments on *"
	)
	const (
		proofs   = "${UserPool.Proofs.Arn}"
		proofKey = " on ${UserPool.ProofsKey.Arn} if StringEquals kms:ViaService "
		encrypt  = "Allow kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo"
		pool     = " on ${UserPool.UsersPool.Arn}"
		listed   = "createdAt,currency,customerId,lines,orderId,status,totalMinor"
	)
	var (
		times = "Allow dynamodb:GetItem on " + proofs + " if ForAllValues:StringEquals dynamodb:Attributes " +
			"customerId,factorKind,factorSuspendedAt,factorTrustedAt,proofExpiresAt and Null dynamodb:Attributes false and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES"
		clients  = "Allow ssm:GetParameter on " + arn("ssm", "parameter"+clientsParameter(s))
		browse   = "Allow execute-api:Invoke on " + arn("execute-api", "${Api.ShopRest}/v1/GET/products")
		pictures = "Allow s3:GetObject on ${Data.Media.Arn}/products/*"
		throughD = "dynamodb." + s.config.Region + ".amazonaws.com"
		throughS = "s3." + s.config.Region + ".amazonaws.com"
	)
	roles := map[string][]string{
		"${IdentityPool.IdentitiesGuest}": {browse, pictures},
		"${IdentityPool.IdentitiesCustomer}": {
			browse, pictures,
			"Allow s3:GetObject on ${Data.Documents.Arn}/customers/" + own + "/*",
			"Allow kms:Decrypt" + key + throughS,
			"Allow dynamodb:GetItem,dynamodb:Query on " + orders +
				" if ForAllValues:StringEquals dynamodb:Attributes " + listed +
				" and ForAllValues:StringEquals dynamodb:LeadingKeys " + own +
				" and Null dynamodb:Attributes false and Null dynamodb:LeadingKeys false" +
				" and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES",
			"Allow kms:Decrypt" + key + throughD,
		},
		"${Api.OrdersRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${Api.OrdersLog.Arn}", traces,
			"Allow dynamodb:Query on ${Data.Orders.Arn}/index/byCreatedAt",
			"Allow dynamodb:GetItem on ${Data.Orders.Arn}",
			"Allow dynamodb:PutItem on ${Data.Orders.Arn}",
			"Allow dynamodb:BatchGetItem on ${Data.Products.Arn}",
			"Allow kms:Decrypt" + key + throughD,
			"Allow kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo" + key + throughD,
			"Allow kms:Decrypt,kms:Encrypt on ${Data.DataKey.Arn} if StringEquals kms:EncryptionContext:purpose orders-cursor",
		},
		"${Api.CustomersRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${Api.CustomersLog.Arn}", traces,
			"Allow dynamodb:GetItem on ${Data.Customers.Arn}",
			"Allow dynamodb:UpdateItem on ${Data.Customers.Arn}",
			"Allow kms:Decrypt" + key + throughD,
			encrypt + key + throughD,
		},
		"${Api.LinksRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${Api.LinksLog.Arn}", traces,
			"Allow cognito-idp:AdminGetUser" + pool, "Allow cognito-idp:AdminDeleteUser" + pool,
			"Allow cognito-idp:AdminLinkProviderForUser" + pool, "Allow cognito-idp:AdminDisableProviderForUser" + pool,
			"Allow dynamodb:GetItem on ${Data.Links.Arn}", "Allow dynamodb:PutItem on ${Data.Links.Arn}",
			"Allow dynamodb:UpdateItem on ${Data.Links.Arn}", "Allow dynamodb:DeleteItem on ${Data.Links.Arn}",
			"Allow kms:Decrypt" + key + throughD,
			encrypt + key + throughD,
			"Allow dynamodb:GetItem on " + proofs + " if ForAllValues:StringEquals dynamodb:Attributes customerId,factorKind,factorSuspendedAt,factorTrustedAt" +
				" and Null dynamodb:Attributes false and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES",
			"Allow kms:Decrypt" + proofKey + throughD,
		},
		"${UserPool.TokensRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${UserPool.TokensLog.Arn}", traces,
			"Allow cognito-idp:AdminGetUser" + pool, clients,
			"Allow dynamodb:GetItem on " + proofs, "Allow dynamodb:UpdateItem on " + proofs,
			"Allow kms:Decrypt" + proofKey + throughD, encrypt + proofKey + throughD,
		},
		"${UserPool.RegistrationRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${UserPool.RegistrationLog.Arn}", traces,
			"Allow cognito-idp:AdminUserGlobalSignOut" + pool, "Allow cognito-idp:AdminDeleteSoftwareToken" + pool,
			"Allow cognito-idp:AdminSetUserMFAPreference" + pool, clients,
			"Allow dynamodb:GetItem on " + proofs + " if ForAllValues:StringEquals dynamodb:Attributes customerId,factorKind,factorSuspendedAt,factorTrustedAt" +
				" and Null dynamodb:Attributes false and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES",
			"Allow dynamodb:UpdateItem on " + proofs,
			"Allow kms:Decrypt" + proofKey + throughD, encrypt + proofKey + throughD,
		},
		"${UserPool.UnconfirmedRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${UserPool.UnconfirmedLog.Arn}", traces,
			"Allow cognito-idp:ListUsers" + pool, "Allow cognito-idp:AdminGetUser" + pool, "Allow cognito-idp:AdminDisableUser" + pool,
			"Allow cognito-idp:AdminEnableUser" + pool, "Allow cognito-idp:AdminDeleteUser" + pool,
			"Allow dynamodb:UpdateItem on " + proofs + " if ForAllValues:StringEquals dynamodb:LeadingKeys unconfirmed-removals" +
				" and Null dynamodb:LeadingKeys false",
			"Allow kms:Decrypt" + proofKey + throughD, encrypt + proofKey + throughD,
		},
		"${Api.CatalogRole}": {
			"Allow logs:CreateLogStream,logs:PutLogEvents on ${Api.CatalogLog.Arn}", traces,
			"Allow dynamodb:Query on ${Data.Products.Arn}/index/forSale",
			"Allow kms:Decrypt" + key + throughD,
		},
	}
	if len(s.config.Support.Agents) > 0 {
		roles["${Operations.SupportDeskSupport}"] = []string{
			"Allow cognito-idp:ListUsers" + pool, "Allow cognito-idp:AdminGetUser" + pool, "Allow cognito-idp:AdminUserGlobalSignOut" + pool,
			"Allow cognito-idp:AdminDisableUser" + pool, "Allow cognito-idp:AdminEnableUser" + pool,
			"Allow cognito-idp:AdminDeleteSoftwareToken" + pool, "Allow cognito-idp:AdminSetUserMFAPreference" + pool,
			times, "Allow dynamodb:DeleteItem on " + proofs + " if StringEqualsIfExists dynamodb:ReturnValues NONE",
			"Allow kms:Decrypt" + proofKey + throughD, encrypt + proofKey + throughD,
		}
	}
	if len(s.config.Support.PrivacyOfficers) > 0 {
		roles["${Operations.SupportDeskPrivacy}"] = []string{
			"Allow cognito-idp:ListUsers" + pool, "Allow cognito-idp:AdminGetUser" + pool, "Allow cognito-idp:AdminUserGlobalSignOut" + pool,
			"Allow cognito-idp:AdminDisableUser" + pool, "Allow cognito-idp:AdminDeleteUser" + pool,
			"Allow dynamodb:Query on ${Data.Orders.Arn}/index/byCreatedAt",
			"Allow dynamodb:GetItem on ${Data.Customers.Arn}", "Allow dynamodb:DeleteItem on ${Data.Customers.Arn}",
			"Allow dynamodb:GetItem on ${Data.Links.Arn}", "Allow dynamodb:DeleteItem on ${Data.Links.Arn}",
			times, "Allow dynamodb:DeleteItem on " + proofs + " if StringEqualsIfExists dynamodb:ReturnValues NONE",
			"Allow kms:Decrypt" + key + throughD, encrypt + key + throughD,
			"Allow kms:Decrypt" + proofKey + throughD, encrypt + proofKey + throughD,
			"Allow kms:Decrypt" + key + throughS,
			"Allow s3:ListBucketVersions on ${Data.Documents.Arn} if StringLike s3:prefix customers/*",
			"Allow s3:GetObjectVersion on ${Data.Documents.Arn}/customers/*",
			"Allow s3:DeleteObjectVersion on ${Data.Documents.Arn}/customers/*",
		}
	}
	if s.config.API.OwnsAccountLogging {
		roles["${Api.ShopLoggingRole}"] = []string{"Allow logs:CreateLogGroup,logs:CreateLogStream,logs:DescribeLogGroups," +
			"logs:DescribeLogStreams,logs:FilterLogEvents,logs:GetLogEvents,logs:PutLogEvents on " + arn("logs", "log-group:*")}
	}
	if s.config.Users.SendsSMS() {
		roles["${UserPool.UsersSmsRole}"] = []string{"Allow sns:Publish on *"}
	}
	return roles
}

// clientsParameter is where the token trigger finds out which client is which.
func clientsParameter(s stageOf) string {
	return "/securecart/" + strings.ToLower(s.config.Name) + "/clients"
}

func TestEveryRoleMayDoExactlyWhatIsListed(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		expected := permissions(s)
		var got []string
		for _, role := range s.all(t, "AWS::IAM::Role") {
			name := "${" + role.stack.ID + "." + role.id[:len(role.id)-8] + "}"
			got = append(got, name)
			compare(t, role.granted(t), expected[name], name+" may do something else than permissions lists")
		}
		compare(t, got, slices.Collect(maps.Keys(expected)), "a role that nobody listed, or a listed one that is gone")
	})
}

// TestEveryPolicyBelongsToOneListedRole closes the other ways to a permission: policies of users and groups, and managed
// policies.
func TestEveryPolicyBelongsToOneListedRole(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, policy := range s.all(t, "AWS::IAM::Policy") {
			want(t, policy, nil, "users would hold permissions", "Users")
			want(t, policy, nil, "groups would hold permissions", "Groups")
			if got := len(policy.get("Roles").([]any)); got != 1 {
				t.Errorf("%s belongs to %d roles, want one", policy, got)
			}
		}
		for _, typ := range []string{
			"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy", "AWS::IAM::RolePolicy",
			"AWS::IAM::AccessKey", "AWS::Cognito::UserPoolGroup", "AWS::Cognito::UserPoolUser",
		} {
			s.none(t, typ, "permissions would be granted where nobody looks")
		}
	})
}

// TestStatementIDsDifferWithinAPolicy: IAM refuses a policy with two statements of one id, and no schema knows it.
func TestStatementIDsDifferWithinAPolicy(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, policy := range s.all(t, "AWS::IAM::Policy") {
			seen := map[string]bool{}
			for i := range policy.get("PolicyDocument", "Statement").([]any) {
				sid, _ := policy.get("PolicyDocument", "Statement", i, "Sid").(string)
				if sid != "" && seen[sid] {
					t.Errorf("%s: two statements %s: IAM would refuse the policy in the middle of a deploy", policy, sid)
				}
				seen[sid] = true
			}
		}
	})
}

// reasons are the wildcards that stay, with why. A wildcard within a prefix ("products/*") bounds objects without names.
var reasons = map[string]string{
	"xray:PutTelemetryRecords,xray:PutTraceSegments": "X-Ray knows no resource for them",
	"sns:Publish": "a phone number has no ARN",
}

func TestNoActionIsAWildcardAndNoResourceWithoutReason(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, role := range s.all(t, "AWS::IAM::Role") {
			for _, statement := range role.granted(t) {
				effect, rest, _ := strings.Cut(statement, " ")
				actions, on, _ := strings.Cut(rest, " on ")
				resources, _, _ := strings.Cut(on, " if ")
				if strings.Contains(actions, "*") {
					t.Errorf("%s: %s: an action with a wildcard grants what AWS will add", role, statement)
				}
				if effect == "Allow" && slices.Contains(strings.Split(resources, ","), "*") && reasons[actions] == "" {
					t.Errorf("%s: %s: every resource of the account, without a listed reason", role, statement)
				}
			}
		}
	})
}

func TestResourcePoliciesGrantNothing(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, bucket := range s.all(t, "AWS::S3::BucketPolicy") {
			for _, statement := range bucket.statements(t, "PolicyDocument") {
				// S3's log delivery may write to the one bucket that is made for it.
				delivery := strings.HasPrefix(statement, "Allow s3:PutObject to Service logging.s3.amazonaws.com on ${Data.AccessLogs.Arn}/")
				if !strings.HasPrefix(statement, "Deny ") && (!delivery || !strings.Contains(statement, "aws:SourceAccount "+s.account())) {
					t.Errorf("%s: %s: a bucket policy that grants goes around the roles", bucket, statement)
				}
			}
		}
		compare(t, s.resource(t, "Data", "DataKey").statements(t, "KeyPolicy"), []string{s.leftToIAM()},
			"the key policy must leave everything to the roles' policies (\"*\" is this key)")
		want(t, s.only(t, "AWS::ApiGateway::RestApi"), nil, "a resource policy can pass for authentication", "Policy")
	})
}

// leftToIAM is the statement of a key policy that leaves the key to the policies of roles.
func (s stageOf) leftToIAM() string {
	return "Allow kms:* to AWS arn:aws:iam::" + s.account() + ":root on *"
}

// TestTheLogKeyIsForLogsAndAlarmsOfThisAccountOnly: the condition on the encryption context is what keeps CloudWatch Logs, a
// service that works for every account, from using the key for others.
func TestTheLogKeyIsForLogsAndAlarmsOfThisAccountOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		here := s.config.Region + ":" + s.account() + ":"
		expected := []string{
			s.leftToIAM(),
			"Allow kms:Decrypt,kms:DescribeKey,kms:Encrypt,kms:GenerateDataKey,kms:GenerateDataKeyWithoutPlaintext,kms:ReEncryptFrom,kms:ReEncryptTo" +
				" to Service logs." + s.config.Region + ".amazonaws.com on *" +
				" if ArnLike kms:EncryptionContext:aws:logs:arn arn:aws:logs:" + here + "log-group:*",
		}
		if s.config.Users.SendsSMS() {
			expected = append(expected, "Allow kms:Decrypt,kms:GenerateDataKey to Service cloudwatch.amazonaws.com on *"+s.ofTheAlarm())
		}
		compare(t, s.resource(t, "UserPool", "LogKey").statements(t, "KeyPolicy"), expected, "others could use the key, or logs and alarms would not arrive")
	})
}

func TestNoGuestIsGrantedAKey(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		granted := s.resource(t, "IdentityPool", "IdentitiesGuest").granted(t)
		if len(granted) == 0 {
			t.Fatal("guests may do nothing: this test would prove nothing")
		}
		for _, statement := range granted {
			if strings.Contains(statement, "kms:") {
				t.Errorf("guests: %s", statement)
			}
		}
	})
}
