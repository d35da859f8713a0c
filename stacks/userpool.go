package stacks

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
)

// identity is the user pool with the client that high-risk actions need.
type identity struct {
	*userpool.UserPool
	stepUp *appclient.StepUp
	// logs says how every log of the stage is kept. The key is here because this stack is the first.
	logs logging.Props
}

// clientsParameter is where the token trigger finds out which client is which.
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

func newUserPool(stage awscdk.Stage, cfg config.Stage, builder *golambda.Builder) *identity {
	stack := newStack(stage, cfg, "UserPool", "who customers are")
	key := logging.NewKey(stack, "LogKey", cfg.Protection.Retain)
	logs := logging.Props{
		RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain,
		Key: key,
	}
	tokens := golambda.New(stack, "Tokens", golambda.Props{
		Builder: builder, Name: "tokens", Description: "Which scopes a token carries",
		Environment: map[string]*string{
			"CLIENTS_PARAMETER": jsii.String(clientsParameter(cfg)),
			// A preference that outlived the pool's asking for it must not count as a proof.
			"SECOND_FACTORS": jsii.String(secondFactors(cfg.Users)),
		},
		Logs: logs,
	})
	users := userpool.New(stack, "Users", userpool.Props{
		Users:            cfg.Users,
		Email:            cfg.Email,
		Domain:           cfg.Domain,
		Protection:       cfg.Protection,
		Logs:             cfg.Logs,
		TokenTrigger:     tokens,
		ClientsParameter: clientsParameter(cfg),
	})
	webacl.ForUserPool(stack, "Firewall", webacl.UserPoolProps{Pool: users.Pool, Limits: cfg.Firewall, Web: cfg.Web, Logs: logs})
	if cfg.Users.SendsSMS() {
		alarm.NewSMSSpend(stack, "SmsSpend", alarm.SMSSpendProps{Alarms: cfg.Alarms, Key: key})
	}
	stepUp := appclient.NewStepUp(stack, "StepUp", users.Pool)
	output(stack, "UserPoolId", users.Pool.Ref(), "User pool that customers sign up and sign in to")
	output(stack, "ManagedLoginUrl", users.LoginURL, "Where managed login is served; /oauth2/authorize and /oauth2/token are below it")
	output(stack, "Region", stack.Region(), "Region of every resource of this stage")
	output(stack, "StepUpClientId", stepUp.Client.Ref(), "App client of step-up sign-ins (SRP and second factor); public, so no secret belongs to it")
	return &identity{users, stepUp, logs}
}
