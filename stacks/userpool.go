package stacks

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

// users holds the user pool, the clients that sign in by API only, and the table of customers' proofs.
type users struct {
	stack           awscdk.Stack
	pool            *userpool.UserPool
	stepUp, account *appclient.Client
	proofs          *storage.Table
	proofsKey       *storage.Key
	firewall        *webacl.WebACL

	tokens, registration, unconfirmed *golambda.Function
	// logs are the settings of all log groups of the stage. The key is in this stack because it is deployed first.
	logs logging.Settings
}

// clientsParameter is the name of the parameter with which the triggers tell the clients apart.
func clientsParameter(cfg config.Stage) string {
	return "/securecart/" + strings.ToLower(cfg.Name) + "/clients"
}

// secondFactors are the second factors that the pool offers, separated by commas.
func secondFactors(users config.Users) string {
	names := make([]string, 0, len(users.SecondFactors))
	for _, factor := range users.SecondFactors {
		names = append(names, string(factor))
	}
	return strings.Join(names, ",")
}

func newUserPool(stage awscdk.Stage, cfg config.Stage, builder *golambda.Builder) *users {
	stack := newStack(stage, cfg, "UserPool", "who customers are")
	key := logging.NewKey(stack, "LogKey", logging.KeyProps{Retain: cfg.Protection.Retain})
	u := &users{stack: stack, logs: logging.Settings{
		RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain, Key: key,
	}}
	u.proofsKey = storage.NewKey(stack, "ProofsKey", storage.KeyProps{
		Encrypts: "when customers have proven mailboxes and factors", Retain: cfg.Protection.Retain,
	})
	u.proofs = newProofs(u, cfg)
	u.tokens, u.registration = newTokens(u, cfg, builder), newRegistration(u, cfg, builder)
	var poolKey *userpool.Key
	if cfg.Replica != "" {
		poolKey = userpool.NewKey(stack, "UsersKey", userpool.KeyProps{Replica: cfg.Replica})
		output(stack, outputPoolKey, poolKey.ARN, "Key of the user pool, for its replica")
	}
	u.pool = userpool.New(stack, "Users", userpool.Props{
		Key:              poolKey,
		Users:            cfg.Users,
		Email:            cfg.Email,
		Domain:           cfg.Domain,
		Protection:       cfg.Protection,
		Logs:             cfg.Logs,
		Tokens:           u.tokens,
		Registration:     u.registration,
		ClientsParameter: clientsParameter(cfg),
	})
	removeUnconfirmed(u, builder)
	u.firewall = webacl.NewForUserPool(stack, "Firewall", webacl.UserPoolProps{
		Pool: u.pool, WebACL: cfg.WebACL, Web: cfg.Web, Logs: u.logs,
	})
	u.stepUp = appclient.NewStepUp(stack, "StepUp", appclient.Props{Pool: u.pool})
	u.account = appclient.NewAccount(stack, "Account", appclient.Props{Pool: u.pool})
	u.outputs(cfg)
	return u
}

// outputs adds the stack's outputs for front ends and the support desk.
func (u *users) outputs(cfg config.Stage) {
	output(u.stack, outputPool, u.pool.ID, "User pool that customers sign up and sign in to")
	output(u.stack, "ManagedLoginUrl", u.pool.LoginURL,
		"Where managed login is served; /oauth2/authorize and /oauth2/token are below it")
	output(u.stack, "Region", *u.stack.Region(), "Region of every resource of this stage")
	output(u.stack, "StepUpClientId", u.stepUp.ID,
		"App client of step-up sign-ins (SRP and second factor); public, so no secret belongs to it")
	output(u.stack, "AccountClientId", u.account.ID,
		"App client of the account's settings (SRP and a proven mailbox); public, so no secret belongs to it")
	output(u.stack, "ProofsTable", u.proofs.Name,
		"Table of proven mailboxes and trusted factors, for the support desk")
	// Front ends show these to customers before they try: no operation that a browser can call returns them.
	output(u.stack, "PasswordLength", strconv.Itoa(cfg.Users.PasswordLength),
		"How many characters a password needs at least")
	output(u.stack, "SecondFactors", secondFactors(cfg.Users),
		"The second factors that customers can set up: TOTP, SMS, both separated by a comma, or empty")
	output(u.stack, "FeaturePlan", string(cfg.Users.Plan),
		"Feature plan of the user pool; with Plus a front end loads Cognito's device-data script")
}

// newProofs adds the table of proofs: when customers have proven mailboxes and factors. The table is in this stack and
// not in Data, because the triggers of the pool need it. It has its own key, because the triggers need no access to the
// shop's data.
func newProofs(u *users, cfg config.Stage) *storage.Table {
	return storage.NewTable(u.stack, "Proofs", storage.TableProps{
		Key:          u.proofsKey,
		PartitionKey: contract.CustomerID,
		Limits:       cfg.Tables,
		Retain:       cfg.Protection.Retain, DeletionProtection: cfg.Protection.DeletionProtection,
	})
}

// newTokens adds the trigger that decides which scopes a token carries.
func newTokens(u *users, cfg config.Stage, builder *golambda.Builder) *golambda.Function {
	return golambda.New(u.stack, "Tokens", golambda.Props{
		Builder: builder, Name: "tokens", Description: "Which scopes a token carries",
		Timeout: golambda.TriggerTimeout, Logs: u.logs,
		Environment: map[string]string{
			contract.ClientsParameter: clientsParameter(cfg),
			contract.ProofsTable:      u.proofs.Name,
			// A preference for a factor that the pool no longer offers must not count as proof.
			contract.SecondFactors: secondFactors(cfg.Users),
		},
		Grants: []iamrole.Grants{
			u.proofs.AllowLookUp("ReadProofs", storage.Get),
			u.proofs.AllowWrite("SealAndSuspend", storage.Update),
		},
	})
}

// newRegistration adds the trigger that decides who may sign up, and records that a mailed code has proven a mailbox.
func newRegistration(u *users, cfg config.Stage, builder *golambda.Builder) *golambda.Function {
	return golambda.New(u.stack, "Registration", golambda.Props{
		Builder: builder, Name: "registration", Description: "Who may sign up, and what a mailed code proves",
		Timeout: golambda.TriggerTimeout, Logs: u.logs,
		Environment: map[string]string{
			contract.ClientsParameter: clientsParameter(cfg),
			contract.ProofsTable:      u.proofs.Name,
		},
		Grants: []iamrole.Grants{
			u.proofs.AllowLookUpOf("ReadTrust",
				contract.CustomerID, contract.FactorTrustedAt, contract.FactorKind, contract.FactorSuspendedAt),
			u.proofs.AllowWrite("RecordProofs", storage.Update),
		},
	})
}

// removeUnconfirmed adds the hourly removal of accounts that were never confirmed: such an account would block the
// address for its owner.
func removeUnconfirmed(u *users, builder *golambda.Builder) {
	u.unconfirmed = golambda.New(u.stack, "Unconfirmed", golambda.Props{
		Builder: builder, Name: "unconfirmed", Description: "Removes accounts that were never confirmed",
		Timeout: golambda.ScheduledTimeout, Logs: u.logs,
		Environment: map[string]string{
			contract.UserPoolID:  u.pool.ID,
			contract.ProofsTable: u.proofs.Name,
		},
		Grants: []iamrole.Grants{
			u.pool.Allow("FindUsers", userpool.List),
			u.pool.Allow("LookUpUsers", userpool.LookUp),
			u.pool.Allow("DisableUsers", userpool.Disable),
			u.pool.Allow("EnableUsers", userpool.Enable),
			u.pool.Allow("DeleteUsers", userpool.Delete),
			// Only this item: the function must not be able to write a proof.
			u.proofs.AllowOneItem("RecordRemovals", contract.RemovalsKey),
		},
	})
	schedule.NewHourly(u.stack, "UnconfirmedSchedule", schedule.Props{
		Function: u.unconfirmed, Description: "Removes accounts that were never confirmed",
	})
}
