package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/supportdesk"
)

// newOperations adds the roles of the support desk. A stage in which nobody may assume one has no such stack.
func newOperations(stage awscdk.Stage, cfg config.Stage, users *users, data *data) {
	if len(cfg.Support.Agents)+len(cfg.Support.PrivacyOfficers) == 0 {
		return
	}
	stack := newStack(stage, cfg, "Operations", "who helps customers")
	desk := supportdesk.New(stack, "SupportDesk", supportdesk.Props{
		StageID: cfg.ID(),
		Pool:    users.pool,
		Orders:  data.orders, Customers: data.customers, Links: data.links, Proofs: users.proofs,
		Documents: data.documents,
		Agents:    cfg.Support.Agents, PrivacyOfficers: cfg.Support.PrivacyOfficers,
	})
	if desk.Support != nil {
		output(stack, "SupportRoleArn", desk.Support.ARN(),
			"Role of the support desk: find, sign out, disable, enable, reset a factor")
	}
	if desk.Privacy != nil {
		output(stack, "PrivacyRoleArn", desk.Privacy.ARN(), "Role of the support desk: export and erase")
	}
}
