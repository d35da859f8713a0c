// Package appclient provisions the app clients of the user pool: the applications that may request tokens.
//
// The clients are L1 resources, and every property that matters is set: the L2 construct would add the implicit grant,
// a callback to example.com, the scope aws.cognito.signin.user.admin and a refresh token of 30 days.
package appclient

import (
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/identityprovider"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/lambda/contract"
)

// webScopes are the scopes that a token of the Web client may carry: to identify the customer, to read, and to offer a
// provider for connecting. None of them changes anything. aws.cognito.signin.user.admin is missing, because a stolen
// token could change the account with it.
var webScopes = append([]string{"openid", "email", "profile"}, contract.BrowseScopes()...)

// webReads and webWrites are the attributes that the client may read and write in the customer's name. Absent lists
// would mean all standard attributes. Providers write through the client, too, so webWrites must hold the attributes
// that they map. Sign-up needs email in it. No token of this client can use the lists, because none carries
// aws.cognito.signin.user.admin.
var (
	webReads = []string{
		"email", "email_verified", "name", "given_name", "family_name", "picture", "locale", contract.ProviderEmail,
	}
	webWrites = []string{"email", "name", "given_name", "family_name", "picture", contract.ProviderEmail}
)

// WebProps configures the Web client.
type WebProps struct {
	// Pool is the client's user pool. Required.
	Pool *userpool.UserPool
	// Providers are offered beside the pool's own sign-in. None if empty.
	Providers []*identityprovider.Provider
	// Web has the callback and logout URLs. Required.
	Web config.Web
	// Tokens are the lifetimes of the client's tokens. Required.
	Tokens config.Tokens
	// ChoiceOfFactors lets customers choose how to sign in, which passkeys and one-time codes need. Off if false.
	ChoiceOfFactors bool
}

// Client is an app client of the user pool.
type Client struct{ ID string }

// NewWeb adds the client of the shop's front end, which runs in browsers and so has no secret, and its managed-login
// branding to scope. It panics if props are invalid.
func NewWeb(scope constructs.Construct, id string, props WebProps) *Client {
	check.Props(scope, id,
		check.Given(props.Pool != nil, "Pool"),
		check.Given(len(props.Web.CallbackURLs) > 0, "Web.CallbackURLs"),
		check.Given(len(props.Web.LogoutURLs) > 0, "Web.LogoutURLs"),
		// Without a lifetime Cognito issues refresh tokens of 30 days.
		// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
		check.Given(props.Tokens.Access > 0, "Tokens.Access"),
		check.Given(props.Tokens.ID > 0, "Tokens.ID"),
		check.Given(props.Tokens.Refresh > 0, "Tokens.Refresh"),
		unwritable(props.Providers),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	providers := []string{"COGNITO"}
	for _, p := range props.Providers {
		providers = append(providers, p.Name)
	}
	client := awscognito.NewCfnUserPoolClient(self, jsii.String("Client"), &awscognito.CfnUserPoolClientProps{
		UserPoolId:     jsii.String(props.Pool.ID),
		ClientName:     jsii.String("Web"),
		GenerateSecret: jsii.Bool(false),

		SupportedIdentityProviders:      jsii.Strings(providers...),
		AllowedOAuthFlowsUserPoolClient: jsii.Bool(true),
		AllowedOAuthFlows:               jsii.Strings("code"),
		AllowedOAuthScopes:              jsii.Strings(webScopes...),
		CallbackUrLs:                    jsii.Strings(props.Web.CallbackURLs...),
		LogoutUrLs:                      jsii.Strings(props.Web.LogoutURLs...),

		ExplicitAuthFlows:          apiFlows(props.ChoiceOfFactors),
		PreventUserExistenceErrors: jsii.String("ENABLED"),
		ReadAttributes:             jsii.Strings(webReads...),
		WriteAttributes:            jsii.Strings(webWrites...),

		TokenValidityUnits:    validityInMinutes(),
		AccessTokenValidity:   minutes(props.Tokens.Access),
		IdTokenValidity:       minutes(props.Tokens.ID),
		RefreshTokenValidity:  minutes(props.Tokens.Refresh),
		AuthSessionValidity:   jsii.Number(3),
		EnableTokenRevocation: jsii.Bool(true),
		// A stolen refresh token works at most once. The grace period lets a front end repeat a request whose response was
		// lost.
		RefreshTokenRotation: &awscognito.CfnUserPoolClient_RefreshTokenRotationProperty{
			Feature: jsii.String("ENABLED"), RetryGracePeriodSeconds: jsii.Number(60),
		},
		EnablePropagateAdditionalUserContextData: jsii.Bool(false),
	})
	for _, p := range props.Providers {
		client.AddResourceDependency(p.Resource,
			jsii.String("Cognito refuses a client whose provider does not exist yet"))
	}
	clientID := *client.Ref()
	// In managed login version 2 a client without its own branding gets "login pages unavailable".
	awscognito.NewCfnManagedLoginBranding(self, jsii.String("Branding"), &awscognito.CfnManagedLoginBrandingProps{
		UserPoolId:               jsii.String(props.Pool.ID),
		ClientId:                 jsii.String(clientID),
		UseCognitoProvidedValues: jsii.Bool(true),
	})
	return &Client{ID: clientID}
}

// unwritable are attributes that a provider maps and the client may not write. The first sign-in with such a provider
// would work. Every further one would fail, because it updates the attribute.
func unwritable(providers []*identityprovider.Provider) check.Broken {
	var broken check.Broken
	for _, p := range providers {
		for _, attribute := range p.Maps {
			broken = append(broken, check.Require(slices.Contains(webWrites, attribute), "Providers",
				"must map attributes that the client may write (%v), got %s from %s", webWrites, attribute, p.Name)...)
		}
	}
	return broken
}

// apiFlows are the sign-in flows by API rather than by managed login. SRP proves the password without sending it. No
// refresh flow is listed: with rotation, clients refresh through GetTokensFromRefreshToken or the token endpoint.
func apiFlows(choice bool) *[]*string {
	if choice {
		return jsii.Strings("ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH")
	}
	return jsii.Strings("ALLOW_USER_SRP_AUTH")
}

func minutes(d time.Duration) *float64 { return jsii.Number(d.Minutes()) }
