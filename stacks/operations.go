package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/securityevents"
	"github.com/securecart/identity/constructs/supportdesk"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/lambda/contract"
)

// all is what the other stacks of a stage consist of.
type all struct {
	users        *users
	web          *web
	data         *data
	api          *api
	identityPool string
}

// newOperations adds what operators and the support desk work with: the roles of the desk, the alarms, and the record
// of who changed what. It is the last stack, so that it may name what is in any other.
func newOperations(stage awscdk.Stage, cfg config.Stage, builder *golambda.Builder, all all) {
	users, data := all.users, all.data
	stack := newStack(stage, cfg, "Operations", "who helps customers, and who is told when something fails")
	events := securityevents.New(stack, "SecurityEvents", securityevents.Props{
		Builder: builder, StageID: cfg.ID(), Bootstrap: cfg.Delivery.Bootstrap(), Deployer: deployer(stack, cfg),
		Starter: cfg.StartingRole(*stack.Account()), StartedBy: startDeployments(cfg),
		Email: cfg.SecurityEvents.Email,
		Logs:  users.logs, Bucket: data.events,
		Pool: users.pool, UserActivity: cfg.Logs.UserActivity,
		IdentityPoolID: all.identityPool, APIID: all.api.rest.ID, ClientsParameter: clientsParameter(cfg),
		Keys:     []string{users.logs.Key.ARN, users.proofsKey.ARN, data.key.ARN, data.archive.ARN},
		Expected: expectedRoles(cfg), Pipeline: delivery.Name(cfg.Name), Secrets: secretNames(cfg.Providers),
	})
	output(stack, "SecurityEventsFunction", events.Function.Name, "Function that records changes, and replays events")
	output(stack, "UndeliveredQueue", events.UndeliveredURL, "Events that the function could not record")
	newAlarms(stack, cfg, all, events, newUserExport(stack, cfg, builder, users, data))
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

// expectedRoles are the roles whose work in the user pool is told to nobody.
func expectedRoles(cfg config.Stage) []contract.ExpectedRole {
	roles := supportdesk.Work(cfg.ID(), cfg.Support.Agents, cfg.Support.PrivacyOfficers)
	if verified(cfg) {
		roles = append(roles, delivery.Verifying(cfg.Name))
	}
	return roles
}

// startDeployments are those who start deployments: the pipeline or, in a stage without one, people of the account, of
// whom the config has no list.
func startDeployments(cfg config.Stage) []string {
	if cfg.Delivery.Pipeline() {
		return []string{"role/" + delivery.DeployRole(cfg.Name)}
	}
	return []string{contract.Anybody}
}

// exporterRole is the name of the role that exports the users.
func exporterRole(cfg config.Stage) string { return cfg.ID() + "-UserExport" }

// newUserExport adds the daily export of the user pool, of which AWS keeps no copy.
func newUserExport(
	stack awscdk.Stack, cfg config.Stage, builder *golambda.Builder, users *users, data *data,
) *golambda.Function {
	function := golambda.New(stack, "UserExport", golambda.Props{
		Builder: builder, Name: "userexport", Description: "Exports the users once a day, without secrets",
		Timeout: golambda.ScheduledTimeout, Logs: users.logs, RoleName: exporterRole(cfg),
		Environment: map[string]string{
			contract.UserPoolID:    users.pool.ID,
			contract.ProofsTable:   users.proofs.Name,
			contract.ExportsBucket: data.exports.Name,
		},
		Grants: []iamrole.Grants{
			users.pool.Allow("FindUsers", userpool.List),
			// Only this item: the function must not be able to write a proof.
			users.proofs.AllowOneItem("RecordProgress", contract.ExportKey),
			data.exports.AllowAdd("KeepExports", "users/"),
		},
	})
	schedule.NewHourly(stack, "UserExportSchedule", schedule.Props{
		Function: function, Description: "Begins the day's export of users, or continues it",
	})
	return function
}
