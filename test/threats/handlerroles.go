package threats

import (
	"slices"
)

// grants are exactly what functions, the support desk and API Gateway's logging may do.
func (in *Inspection) grants() map[string][]string {
	pool := in.Only(userPool).Ref("Arn")
	ssm := in.arn("ssm", "parameter"+in.Only(parameter).At("Name").Text())
	shop, proof := in.through("Data.DataKey"), in.through("UserPool.ProofsKey")
	listed := map[string][]string{
		"Api.CatalogRole": {ownLog("Api.Catalog"), traces, shop.reads,
			"Allow dynamodb:Query on ${Data.Products.Arn}/index/forSale"},
		"Api.CustomersRole": {
			ownLog("Api.Customers"), traces, shop.reads, shop.writes,
			"Allow dynamodb:GetItem on ${Data.Customers.Arn}",
			"Allow dynamodb:UpdateItem on ${Data.Customers.Arn}",
		},
		linksRole: slices.Concat([]string{ownLog("Api.Links"), traces, shop.reads, shop.writes, proof.reads},
			linksAccess[linksRole], []string{
				"Allow cognito-idp:AdminGetUser on " + pool,
				"Allow cognito-idp:AdminDeleteUser on " + pool,
				"Allow cognito-idp:AdminLinkProviderForUser on " + pool,
				"Allow cognito-idp:AdminDisableProviderForUser on " + pool,
			}, proofsAccess[linksRole]),
		"Api.OrdersRole": {
			ownLog("Api.Orders"), traces, shop.reads, shop.writes,
			"Allow dynamodb:Query on ${Data.Orders.Arn}/index/byCreatedAt",
			"Allow dynamodb:GetItem on ${Data.Orders.Arn}",
			"Allow dynamodb:PutItem on ${Data.Orders.Arn}",
			"Allow dynamodb:BatchGetItem on ${Data.Products.Arn}",
			"Allow kms:Decrypt,kms:Encrypt on ${Data.DataKey.Arn} if StringEquals kms:EncryptionContext:purpose orders-cursor",
		},
		"UserPool.TokensRole": slices.Concat(
			[]string{ownLog("UserPool.Tokens"), traces, proof.reads, proof.writes}, proofsAccess["UserPool.TokensRole"],
			[]string{"Allow ssm:GetParameter on " + ssm, "Allow cognito-idp:AdminGetUser on " + pool}),
		registrationRole: slices.Concat(
			[]string{ownLog("UserPool.Registration"), traces, proof.reads,
				proof.writes}, proofsAccess[registrationRole], []string{
				"Allow ssm:GetParameter on " + ssm,
				"Allow cognito-idp:AdminUserGlobalSignOut on " + pool,
				"Allow cognito-idp:AdminDeleteSoftwareToken on " + pool,
				"Allow cognito-idp:AdminSetUserMFAPreference on " + pool,
			}),
		unconfirmedRole: slices.Concat(
			[]string{ownLog("UserPool.Unconfirmed"), traces, proof.reads,
				proof.writes}, proofsAccess[unconfirmedRole], []string{
				"Allow cognito-idp:ListUsers on " + pool,
				"Allow cognito-idp:AdminGetUser on " + pool,
				"Allow cognito-idp:AdminDisableUser on " + pool,
				"Allow cognito-idp:AdminEnableUser on " + pool,
				"Allow cognito-idp:AdminDeleteUser on " + pool,
			}),
	}
	if len(in.Any(apiAccount)) > 0 { // otherwise another stage of the account has the role
		listed[loggingRole] = []string{
			"Allow logs:CreateLogGroup,logs:CreateLogStream,logs:DescribeLogGroups,logs:DescribeLogStreams,logs:FilterLogEvents," +
				"logs:GetLogEvents,logs:PutLogEvents on " + in.arn("logs", "log-group:*"),
		}
	}
	return listed
}

// ownLog is what every function may write.
func ownLog(name string) string {
	return "Allow logs:CreateLogStream,logs:PutLogEvents on ${" + name + "Log.Arn}"
}

// keyUse is what a role may do with a key, through DynamoDB only.
type keyUse struct{ reads, writes string }

func (in *Inspection) through(key string) keyUse {
	via := " on ${" + key + ".Arn} if StringEquals kms:ViaService dynamodb." + in.Config.Region + ".amazonaws.com"
	return keyUse{"Allow kms:Decrypt" + via,
		"Allow kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo" + via}
}

// permitted are the actions that a role may do although they are among dangerous, adminActions or disclosures, by their
// full
// names. On what, and on which condition, grants and deskGrants say.
var permitted = map[string][]string{
	registrationRole: {
		"cognito-idp:AdminUserGlobalSignOut", "cognito-idp:AdminDeleteSoftwareToken",
		"cognito-idp:AdminSetUserMFAPreference",
	},
	unconfirmedRole: {
		"cognito-idp:ListUsers", "cognito-idp:AdminDisableUser", "cognito-idp:AdminEnableUser",
		"cognito-idp:AdminDeleteUser",
	},
	linksRole: {
		"cognito-idp:AdminDeleteUser", "cognito-idp:AdminLinkProviderForUser",
		"cognito-idp:AdminDisableProviderForUser", "dynamodb:DeleteItem",
	},
	supportRole: {
		"cognito-idp:ListUsers", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:AdminDisableUser",
		"cognito-idp:AdminEnableUser",
		"cognito-idp:AdminDeleteSoftwareToken", "cognito-idp:AdminSetUserMFAPreference", "dynamodb:DeleteItem",
	},
	privacyRole: {
		"cognito-idp:ListUsers", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:AdminDisableUser",
		"cognito-idp:AdminDeleteUser",
		"dynamodb:DeleteItem", "s3:ListBucketVersions", "s3:DeleteObjectVersion",
	},
}

// rolesAreUsed expects every role but those that the identity pool, Cognito, API Gateway and people take to be that of
// one
// function: a role for nobody could still be given to somebody.
func (in *Inspection) rolesAreUsed() {
	holders := map[string]int{}
	for _, f := range in.Every(function) {
		holders[f.At("Role").Text()]++
	}
	for _, r := range in.everyRole() {
		taken := slices.Contains([]string{guestRole, customerRole, smsRole, loggingRole, supportRole, privacyRole},
			r.Name())
		if n := holders[r.Ref("Arn")]; n != 1 && !taken {
			r.Fail("is the role of %d functions, want one", n)
		}
	}
}
