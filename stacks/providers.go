package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/identityprovider"
	"github.com/securecart/identity/constructs/userpool"
)

// web is the client of the front end, and the stack that holds it.
type web struct {
	stack  awscdk.Stack
	client *appclient.Client
}

// newIdentityProviders holds the Web client too, because it must wait for the providers that it lists.
func newIdentityProviders(stage awscdk.Stage, cfg config.Stage, users *users) *web {
	stack := newStack(stage, cfg, "IdentityProviders", "how customers sign in")
	var providers []*identityprovider.Provider
	for _, provider := range cfg.Providers {
		providers = append(providers, identityprovider.New(stack, provider.ProviderName(), identityprovider.Props{
			Pool: users.pool, Provider: provider,
		}))
	}
	client := appclient.NewWeb(stack, "Web", appclient.WebProps{
		Pool:            users.pool,
		Providers:       providers,
		Web:             cfg.Web,
		Tokens:          cfg.Tokens,
		ChoiceOfFactors: len(cfg.Users.FirstFactors) > 0,
	})
	userpool.NewClients(stack, "Clients", userpool.ClientsProps{
		Parameter: clientsParameter(cfg), StepUp: users.stepUp.ID, Account: users.account.ID, Web: client.ID,
	})
	output(stack, "WebClientId", client.ID, "App client of the front end; public, so no secret belongs to it")
	return &web{stack, client}
}
