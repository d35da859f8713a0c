// Package supportdesk provisions the support desk's two roles. Support finds a customer, signs out, disables, enables
// and resets a second factor. Privacy exports and erases what is held about a customer.
//
// Each permission is one action on one resource. Neither role can write an attribute, an e-mail address or a password
// of the user pool, nor put or update an item: a verified address is an account, and an update of Proofs could plant a
// challenge. No policy can limit a role to one customer, so their use has to be watched (docs/support.md).
package supportdesk

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/grant"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/lambda/contract"
)

// Props configures a SupportDesk.
type Props struct {
	// StageID begins the names of the roles, such as "SecureCart-Dev". Required.
	StageID string
	// Pool is the user pool whose users are helped. Required.
	Pool awscognito.CfnUserPool
	// Orders, Customers, Links and Proofs are the tables that hold something about a customer. Required.
	Orders, Customers, Links, Proofs *storage.Table
	// Documents is the bucket that holds a customer's documents below [contract.DocumentsPrefix]. Required.
	Documents *storage.Bucket
	// Agents may assume the role Support, PrivacyOfficers the role Privacy: "user/<name>" or "role/aws-reserved/…", of
	// the stack's own account, valid by config.Validate. A role that nobody may assume is not provisioned.
	Agents, PrivacyOfficers []string
}

// SupportDesk holds the roles. A role that nobody may assume is nil.
type SupportDesk struct {
	Support, Privacy awsiam.Role
}

// New adds a SupportDesk to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *SupportDesk {
	c := check.Of(scope, id)
	c.Given(props.StageID != "", "StageID")
	c.Given(props.Pool != nil, "Pool")
	c.Given(props.Orders != nil, "Orders")
	c.Given(props.Customers != nil, "Customers")
	c.Given(props.Links != nil, "Links")
	c.Given(props.Proofs != nil, "Proofs")
	c.Given(props.Documents != nil, "Documents")
	for _, trusted := range slices.Concat(props.Agents, props.PrivacyOfficers) {
		c.Require(isUser(trusted) || strings.HasPrefix(trusted, permissionSets), "Agents, PrivacyOfficers",
			`must be "user/…" or "%s…", got %q`, permissionSets, trusted)
		c.Require(!strings.ContainsAny(trusted, "*?$"), "Agents, PrivacyOfficers",
			"must name one each, got %q", trusted)
	}
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	desk := &SupportDesk{}
	if len(props.Agents) > 0 {
		desk.Support = newRole(self, "Support", "Finds customers and resets what they have lost",
			props.StageID, props.Agents)
		allowSupport(desk.Support, props)
	}
	if len(props.PrivacyOfficers) > 0 {
		desk.Privacy = newRole(self, "Privacy", "Exports and erases what is held about a customer",
			props.StageID, props.PrivacyOfficers)
		allowPrivacy(desk.Privacy, props)
	}
	return desk
}

// newRole adds a role whose name is fixed, so that a permission set's policy can name it before it exists.
func newRole(scope constructs.Construct, id, description, stageID string, trusted []string) awsiam.Role {
	trust := trustOf(awscdk.Stack_Of(scope), trusted)
	role := awsiam.NewRole(scope, jsii.String(id), &awsiam.RoleProps{
		RoleName:           jsii.String(stageID + "-" + id),
		Description:        jsii.String(description),
		AssumedBy:          trust[0].principal("sts:AssumeRole"),
		MaxSessionDuration: awscdk.Duration_Hours(jsii.Number(1)),
	})
	for i, t := range trust {
		if i > 0 {
			role.AssumeRolePolicy().AddStatements(t.statement("sts:AssumeRole"))
		}
		role.AssumeRolePolicy().AddStatements(t.statement("sts:TagSession"))
	}
	return role
}

// allowSupport grants all that agents may do.
func allowSupport(role awsiam.Role, props Props) {
	onUsers(role, props.Pool, "ListUsers", "AdminGetUser", "AdminUserGlobalSignOut", "AdminDisableUser",
		"AdminEnableUser", "AdminDeleteSoftwareToken", "AdminSetUserMFAPreference")
	props.Proofs.AllowLookUpOf(role, "ReadProofTimes", contract.ProofTimes()...)
	props.Proofs.AllowRemove(role, "DeleteProof")
}

// allowPrivacy grants all that privacy officers may do.
func allowPrivacy(role awsiam.Role, props Props) {
	onUsers(role, props.Pool, "ListUsers", "AdminGetUser", "AdminUserGlobalSignOut", "AdminDisableUser",
		"AdminDeleteUser")
	props.Orders.AllowQuery(role, contract.OrdersByCreation)
	props.Customers.AllowLookUp(role, "ReadCustomer", storage.Get)
	props.Customers.AllowWrite(role, "DeleteCustomer", storage.Remove)
	props.Links.AllowLookUp(role, "ReadLink", storage.Get)
	props.Links.AllowWrite(role, "DeleteLink", storage.Remove)
	// The challenge is not exported, so no role reads it.
	props.Proofs.AllowLookUpOf(role, "ReadProofTimes", contract.ProofTimes()...)
	props.Proofs.AllowRemove(role, "DeleteProof")
	props.Documents.AllowErase(role, contract.DocumentsPrefix)
}

// onUsers lets role call operations of the user pool, each by a statement of its own.
func onUsers(role awsiam.Role, pool awscognito.CfnUserPool, operations ...string) {
	for _, operation := range operations {
		grant.Allow(role, &awsiam.PolicyStatementProps{
			Sid:       jsii.String(operation),
			Actions:   jsii.Strings("cognito-idp:" + operation),
			Resources: &[]*string{pool.AttrArn()},
		})
	}
}
