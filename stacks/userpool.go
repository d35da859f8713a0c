package stacks

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

// users is the user pool with the clients that sign in by API only, and what customers have proven.
type users struct {
	*userpool.UserPool
	stepUp  *appclient.StepUp
	account *appclient.Account
	proofs  *storage.Table
	// logs says how every log of the stage is kept. The key is here because this stack is the first.
	logs logging.Props
}

// clientsParameter is where the triggers find out which client is which.
func clientsParameter(cfg config.Stage) string {
	return "/securecart/" + strings.ToLower(cfg.Name) + "/clients"
}

// secondFactors are the factors that the pool asks for, separated by commas.
func secondFactors(users config.Users) string {
	names := make([]string, 0, len(users.SecondFactors))
	for _, factor := range users.SecondFactors {
		names = append(names, string(factor))
	}
	return strings.Join(names, ",")
}

func newUserPool(stage awscdk.Stage, cfg config.Stage, builder *golambda.Builder) *users {
	stack := newStack(stage, cfg, "UserPool", "who customers are")
	key := logging.NewKey(stack, "LogKey", cfg.Protection.Retain)
	logs := logging.Props{
		RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain,
		Key: key,
	}
	proofs := newProofs(stack, cfg)
	pool := userpool.New(stack, "Users", userpool.Props{
		Users:            cfg.Users,
		Email:            cfg.Email,
		Domain:           cfg.Domain,
		Protection:       cfg.Protection,
		Logs:             cfg.Logs,
		Tokens:           newTokens(stack, cfg, builder, logs, proofs),
		Registration:     newRegistration(stack, cfg, builder, logs, proofs),
		ClientsParameter: clientsParameter(cfg),
	})
	removeUnconfirmed(stack, builder, logs, pool, proofs)
	webacl.ForUserPool(stack, "Firewall", webacl.UserPoolProps{
		Pool: pool.Pool, Limits: cfg.Firewall, Web: cfg.Web, Logs: logs,
	})
	if cfg.Users.SendsSMS() {
		alarm.NewSMSSpend(stack, "SmsSpend", alarm.SMSSpendProps{Alarms: cfg.Alarms, Key: key})
	}
	stepUp := appclient.NewStepUp(stack, "StepUp", pool.Pool)
	account := appclient.NewAccount(stack, "Account", pool.Pool)
	output(stack, "UserPoolId", pool.Pool.Ref(), "User pool that customers sign up and sign in to")
	output(stack, "ManagedLoginUrl", pool.LoginURL,
		"Where managed login is served; /oauth2/authorize and /oauth2/token are below it")
	output(stack, "Region", stack.Region(), "Region of every resource of this stage")
	output(stack, "StepUpClientId", stepUp.Client.Ref(),
		"App client of step-up sign-ins (SRP and second factor); public, so no secret belongs to it")
	output(stack, "AccountClientId", account.Client.Ref(),
		"App client of the account's settings (SRP and a proven mailbox); public, so no secret belongs to it")
	output(stack, "ProofsTable", proofs.Table.TableName(),
		"Table of proven mailboxes and trusted factors, for the support desk")
	// Front ends tell customers these before they try: no operation that a browser can call returns them.
	output(stack, "PasswordLength", jsii.String(strconv.Itoa(cfg.Users.PasswordLength)),
		"How many characters a password needs at least")
	output(stack, "SecondFactors", jsii.String(secondFactors(cfg.Users)),
		"The second factors that customers can set up: TOTP, SMS, both separated by a comma, or empty")
	output(stack, "FeaturePlan", jsii.String(string(cfg.Users.Plan)),
		"Feature plan of the user pool; with Plus a front end loads Cognito's device-data script")
	return &users{pool, stepUp, account, proofs, logs}
}

// newProofs adds the table of what customers have proven. The table is in this stack and not in Data, because the
// triggers of the pool need it. Its key encrypts nothing else, because the triggers need no access to the shop's data.
func newProofs(stack awscdk.Stack, cfg config.Stage) *storage.Table {
	return storage.NewTable(stack, "Proofs", storage.TableProps{
		Key: storage.NewKey(stack, "ProofsKey", storage.KeyProps{
			Encrypts: "when customers have proven mailboxes and factors", Retain: cfg.Protection.Retain,
		}),
		PartitionKey: contract.CustomerID,
		Limits:       cfg.Tables,
		Retain:       cfg.Protection.Retain, DeletionProtection: cfg.Protection.DeletionProtection,
	})
}

// newTokens adds the trigger that decides which scopes a token carries.
func newTokens(
	stack awscdk.Stack, cfg config.Stage, builder *golambda.Builder, logs logging.Props, proofs *storage.Table,
) *golambda.Function {
	tokens := golambda.New(stack, "Tokens", golambda.Props{
		Builder: builder, Name: "tokens", Description: "Which scopes a token carries",
		Timeout: golambda.TriggerTimeout, Logs: logs,
		Environment: map[string]*string{
			contract.ClientsParameter: jsii.String(clientsParameter(cfg)),
			contract.ProofsTable:      proofs.Table.TableName(),
			// A preference for a factor that the pool no longer offers must not count as proof.
			contract.SecondFactors: jsii.String(secondFactors(cfg.Users)),
		},
	})
	proofs.AllowLookUp(tokens.Role, "ReadProofs", storage.Get)
	proofs.AllowWrite(tokens.Role, "SealAndSuspend", storage.Update)
	return tokens
}

// newRegistration adds the trigger that decides who may sign up, and records what a mailed code has proven.
func newRegistration(
	stack awscdk.Stack, cfg config.Stage, builder *golambda.Builder, logs logging.Props, proofs *storage.Table,
) *golambda.Function {
	registration := golambda.New(stack, "Registration", golambda.Props{
		Builder: builder, Name: "registration", Description: "Who may sign up, and what a mailed code proves",
		Timeout: golambda.TriggerTimeout, Logs: logs,
		Environment: map[string]*string{
			contract.ClientsParameter: jsii.String(clientsParameter(cfg)),
			contract.ProofsTable:      proofs.Table.TableName(),
		},
	})
	proofs.AllowLookUpOf(registration.Role, "ReadTrust",
		contract.CustomerID, contract.FactorTrustedAt, contract.FactorKind, contract.FactorSuspendedAt)
	proofs.AllowWrite(registration.Role, "RecordProofs", storage.Update)
	return registration
}

// removeUnconfirmed adds the hourly removal of accounts that were never confirmed: they would block the address for its
// owner.
func removeUnconfirmed(
	stack awscdk.Stack, builder *golambda.Builder, logs logging.Props, users *userpool.UserPool, proofs *storage.Table,
) {
	unconfirmed := golambda.New(stack, "Unconfirmed", golambda.Props{
		Builder: builder, Name: "unconfirmed", Description: "Removes accounts that were never confirmed",
		Timeout: golambda.ScheduledTimeout, Logs: logs,
		Environment: map[string]*string{
			contract.UserPoolID:  users.Pool.Ref(),
			contract.ProofsTable: proofs.Table.TableName(),
		},
	})
	users.Allow(unconfirmed.Role, "FindUsers", userpool.List)
	users.Allow(unconfirmed.Role, "LookUpUsers", userpool.LookUp)
	users.Allow(unconfirmed.Role, "DisableUsers", userpool.Disable)
	users.Allow(unconfirmed.Role, "EnableUsers", userpool.Enable)
	users.Allow(unconfirmed.Role, "DeleteUsers", userpool.Delete)
	// Not the proofs themselves: this function must not be able to plant one.
	proofs.AllowOneItem(unconfirmed.Role, "RecordRemovals", contract.RemovalsKey)
	schedule.NewHourly(stack, "UnconfirmedSchedule", schedule.Props{
		Function: unconfirmed, Description: "Removes accounts that were never confirmed",
	})
}
