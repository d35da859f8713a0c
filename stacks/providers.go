package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/identityprovider"
	"github.com/securecart/identity/constructs/userpool"
)

// newIdentityProviders holds the Web client too, because it must wait for the providers that it lists.
func newIdentityProviders(stage awscdk.Stage, cfg config.Stage, users *users) *appclient.Web {
	stack := newStack(stage, cfg, "IdentityProviders", "how customers sign in")
	var providers []*identityprovider.Provider
	for _, provider := range cfg.Providers {
		providers = append(providers, identityprovider.New(stack, provider.ProviderName(), identityprovider.Props{
			Pool: users.Pool, Provider: provider,
		}))
	}
	web := appclient.NewWeb(stack, "Web", appclient.WebProps{
		Pool:            users.Pool,
		Providers:       providers,
		Web:             cfg.Web,
		Tokens:          cfg.Tokens,
		ChoiceOfFactors: len(cfg.Users.FirstFactors) > 0,
	})
	userpool.NewClients(stack, "Clients", userpool.ClientsProps{
		Parameter: clientsParameter(cfg), StepUp: users.stepUp.Client, Account: users.account.Client, Web: web.Client,
	})
	output(stack, "WebClientId", web.Client.Ref(), "App client of the front end; public, so no secret belongs to it")
	return web
}
