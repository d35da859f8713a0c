// Package supportdesk provisions the support desk's two roles. Support finds, signs out, disables and enables a
// customer, and resets a second factor. Privacy exports and erases a customer's data.
//
// Each permission is one action on one resource. Neither role can write an attribute, an e-mail address or a password
// of the user pool, nor put or update an item: with a verified address an agent could take over an account, and with an
// update of Proofs plant a challenge. No policy can limit a role to one customer, so the use of the roles must be
// monitored (docs/support.md).
package supportdesk

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/lambda/contract"
)

// Props configures a SupportDesk.
type Props struct {
	// StageID begins the names of the roles, such as "SecureCart-Dev". Required.
	StageID string
	// Pool is the user pool of the customers. Required.
	Pool *userpool.UserPool
	// Orders, Customers, Links and Proofs are the tables with data of customers. Required.
	Orders, Customers, Links, Proofs *storage.Table
	// Documents is the bucket that holds a customer's documents below [contract.DocumentsPrefix]. Required.
	Documents *storage.Bucket
	// Agents may assume the role Support, PrivacyOfficers the role Privacy. Each is "user/<name>" or "role/aws-reserved/…"
	// of the stack's own account, valid by config.Validate. A role that nobody may assume is not provisioned.
	Agents, PrivacyOfficers []string
}

// SupportDesk holds the roles. A role that nobody may assume is nil.
type SupportDesk struct {
	Support, Privacy *iamrole.Role
}

// New adds a SupportDesk to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *SupportDesk {
	check.Props(scope, id,
		check.Given(props.StageID != "", "StageID"),
		check.Given(props.Pool != nil, "Pool"),
		check.Given(props.Orders != nil, "Orders"),
		check.Given(props.Customers != nil, "Customers"),
		check.Given(props.Links != nil, "Links"),
		check.Given(props.Proofs != nil, "Proofs"),
		check.Given(props.Documents != nil, "Documents"),
		trustable(props.Agents, "Agents"),
		trustable(props.PrivacyOfficers, "PrivacyOfficers"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	desk := &SupportDesk{}
	if len(props.Agents) > 0 {
		desk.Support = newRole(self, "Support", role{
			stageID: props.StageID, trusted: props.Agents, grants: support(props),
			description: "Finds customers and resets what they have lost",
		})
	}
	if len(props.PrivacyOfficers) > 0 {
		desk.Privacy = newRole(self, "Privacy", role{
			stageID: props.StageID, trusted: props.PrivacyOfficers, grants: privacy(props),
			description: "Exports and erases what is held about a customer",
		})
	}
	return desk
}

// trustable returns a broken rule for each entry that is neither one user nor the role of one permission set: a role of
// another kind would be trusted without a second factor.
func trustable(entries []string, prop string) check.Broken {
	var broken check.Broken
	for _, entry := range entries {
		broken = append(broken, check.Require(config.IsSupporter(entry), prop,
			"must be users and permission sets, got %q", entry)...)
	}
	return broken
}

// role is one of the two roles.
type role struct {
	stageID, description string
	trusted              []string
	grants               []iamrole.Grants
}

// newRole adds a role whose name is fixed, so that a permission set's policy can name it before it exists.
func newRole(scope constructs.Construct, id string, r role) *iamrole.Role {
	trust := trustOf(awscdk.Stack_Of(scope), r.trusted)
	var statements []awsiam.PolicyStatement
	for i, t := range trust {
		if i > 0 {
			statements = append(statements, t.statement("sts:AssumeRole"))
		}
		statements = append(statements, t.statement("sts:TagSession"))
	}
	return iamrole.New(scope, id, iamrole.Props{
		Name:            r.stageID + "-" + id,
		Description:     r.description,
		AssumedBy:       trust[0].principal(),
		Trust:           statements,
		MaxSessionHours: 1,
		Grants:          r.grants,
	})
}

// supportActions are what agents may do in the user pool.
func supportActions() []userpool.Action {
	return []userpool.Action{
		userpool.List, userpool.LookUp, userpool.SignOut, userpool.Disable, userpool.Enable,
		userpool.RemoveAuthenticator, userpool.SetFactors,
	}
}

// privacyActions are what privacy officers may do in the user pool.
func privacyActions() []userpool.Action {
	return []userpool.Action{userpool.List, userpool.LookUp, userpool.SignOut, userpool.Disable, userpool.Delete}
}

// Work is what the desk's roles do in the user pool, and who takes them, for the record of changes.
func Work(stageID string, agents, privacyOfficers []string) []contract.ExpectedRole {
	role := func(id string, takenBy []string, actions []userpool.Action) contract.ExpectedRole {
		work := contract.ExpectedRole{Name: stageID + "-" + id, Source: "cognito-idp.amazonaws.com", TakenBy: takenBy}
		for _, action := range actions {
			work.Operations = append(work.Operations, action.Operation())
		}
		return work
	}
	return []contract.ExpectedRole{
		role("Support", agents, supportActions()), role("Privacy", privacyOfficers, privacyActions()),
	}
}

// support are all permissions of agents.
func support(props Props) []iamrole.Grants {
	return append(
		users(props.Pool, supportActions()...),
		props.Proofs.AllowLookUpOf("ReadProofTimes", contract.ProofTimes()...),
		props.Proofs.AllowRemove("DeleteProof"),
	)
}

// privacy are all permissions of privacy officers.
func privacy(props Props) []iamrole.Grants {
	return append(
		users(props.Pool, privacyActions()...),
		props.Orders.AllowQuery(contract.OrdersByCreation),
		props.Customers.AllowLookUp("ReadCustomer", storage.Get),
		props.Customers.AllowWrite("DeleteCustomer", storage.Remove),
		props.Links.AllowLookUp("ReadLink", storage.Get),
		props.Links.AllowWrite("DeleteLink", storage.Remove),
		// The challenge is not exported, so no role reads it.
		props.Proofs.AllowLookUpOf("ReadProofTimes", contract.ProofTimes()...),
		props.Proofs.AllowRemove("DeleteProof"),
		props.Documents.AllowErase(contract.DocumentsPrefix),
	)
}

// users grants operations of the user pool, each in a statement named after the operation.
func users(pool *userpool.UserPool, actions ...userpool.Action) []iamrole.Grants {
	grants := make([]iamrole.Grants, 0, len(actions))
	for _, action := range actions {
		grants = append(grants, pool.Allow(action.Operation(), action))
	}
	return grants
}
