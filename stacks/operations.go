package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/supportdesk"
)

// newOperations adds what operators and the support desk work with: the roles of the desk, and the alarms. It is the
// last stack, so that it may name what is in any other.
func newOperations(stage awscdk.Stage, cfg config.Stage, users *users, web *web, data *data, api *api) {
	stack := newStack(stage, cfg, "Operations", "who helps customers, and who is told when something fails")
	newAlarms(stack, cfg, users, web, data, api)
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
