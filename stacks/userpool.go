package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/userpool"
)

func newUserPool(stage awscdk.Stage, cfg config.Stage) *userpool.UserPool {
	stack := newStack(stage, cfg, "UserPool", "who customers are")
	users := userpool.New(stack, "Users", userpool.Props{
		Users:      cfg.Users,
		Email:      cfg.Email,
		Domain:     cfg.Domain,
		Protection: cfg.Protection,
		Logs:       cfg.Logs,
	})
	output(stack, "UserPoolId", users.Pool.Ref(), "User pool that customers sign up and sign in to")
	output(stack, "ManagedLoginUrl", users.LoginURL, "Where managed login is served; /oauth2/authorize and /oauth2/token are below it")
	output(stack, "Region", stack.Region(), "Region of every resource of this stage")
	return users
}
