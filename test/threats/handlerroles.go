package threats

import (
	"slices"
)

// permitted are the actions that a role may do although they are among dangerous, adminActions or disclosures, by their
// full names. Package access lists their resources and conditions.
var permitted = map[string][]string{
	registrationRole: {
		"cognito-idp:AdminUserGlobalSignOut", "cognito-idp:AdminDeleteSoftwareToken",
		"cognito-idp:AdminSetUserMFAPreference",
	},
	unconfirmedRole: {
		"cognito-idp:ListUsers", "cognito-idp:AdminDisableUser", "cognito-idp:AdminEnableUser",
		"cognito-idp:AdminDeleteUser",
	},
	exportRole: {"cognito-idp:ListUsers"},
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

// actsOnUsers expects the role to only read users and the pool, except for its permitted actions.
func (r role) actsOnUsers() {
	r.mayNotBut(append(slices.Clone(permitted[r.Name()]), "cognito-idp:AdminGetUser"), "cognito-idp:*")
}

// rolesAreUsed expects every role to belong to one function, except those of the identity pool, Cognito, API Gateway
// and people: an unused role could be given to something else.
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
