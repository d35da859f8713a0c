package stacks

import (
	"encoding/json"
	"slices"

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
	output(stack, "Providers", buttons(cfg.Providers),
		"What a front end makes its buttons of, in this order: name, kind and label of each provider, as JSON")
	atTheProviders(stack, cfg, users)
	return &web{stack, client}
}

// buttons are the providers as front ends show them.
func buttons(providers []config.Provider) string {
	type button struct {
		Name  string `json:"name"`
		Kind  string `json:"kind"`
		Label string `json:"label"`
		// Issuer tells the end-to-end tests that the provider is a user pool.
		Issuer string `json:"issuer,omitempty"`
	}
	all := make([]button, 0, len(providers))
	for _, p := range providers {
		all = append(all, button{p.ProviderName(), string(p.Kind), p.ButtonLabel(), p.OIDC.Issuer})
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // texts always can be
	}
	return string(text)
}

// atTheProviders puts out what has to be entered at the providers. It is the same at all of a kind.
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
func atTheProviders(stack awscdk.Stack, cfg config.Stage, users *users) {
	isSAML := func(p config.Provider) bool { return p.Kind == config.SAML }
	login, pool := users.pool.LoginURL, users.pool.ID
	if slices.ContainsFunc(cfg.Providers, func(p config.Provider) bool { return !isSAML(p) }) {
		output(stack, "ProviderRedirectUrl", login+"/oauth2/idpresponse",
			"Redirect URL to enter at every provider but SAML's")
	}
	if slices.ContainsFunc(cfg.Providers, isSAML) {
		output(stack, "SamlEntityId", "urn:amazon:cognito:sp:"+pool, "Entity id (audience) to enter at SAML providers")
		output(stack, "SamlResponseUrl", login+"/saml2/idpresponse",
			"Assertion consumer service, with binding POST, to enter at SAML providers")
		output(stack, "SamlLogoutUrl", login+"/saml2/logout",
			"Single logout service, with binding POST, to enter at SAML providers")
		output(stack, "SamlCertificate", "aws cognito-idp get-signing-certificate --user-pool-id "+pool+
			" --region "+cfg.Region+" --query Certificate --output text",
			"Command that prints the certificate with which SAML providers verify requests")
	}
}
