package appclient

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/userpool"
)

// apiMinutes is how long the tokens of StepUp and Account live: the shortest that Cognito issues. A stepped-up token is
// bound to no single transaction, so this is what bounds it.
const apiMinutes = 5

var (
	// stepUpWrites is one harmless attribute: an absent list would mean all standard attributes.
	stepUpWrites = []string{"locale"}
	// accountWrites never has email. A token that can change the account must not be able to redirect its recovery.
	accountWrites = []string{"phone_number", "locale"}
	// apiReads are what an ID token of these clients, and GetUser, may tell.
	apiReads = []string{"email", "email_verified", "phone_number", "phone_number_verified", "locale"}
)

// Props configures the clients StepUp and Account. There is nothing else to set: no stage may soften them.
type Props struct {
	// Pool is the client's user pool. Required.
	Pool *userpool.UserPool
}

// NewStepUp adds the client at which customers prove password and second factor just before a high-risk action. Its
// tokens carry the high-risk scopes, and never the scope that changes the account: a stolen one is worth five minutes
// of the shop, and not the account for good (threat U37). It panics if props are invalid.
func NewStepUp(scope constructs.Construct, id string, props Props) *Client {
	return newAPIClient(scope, id, props, "StepUp", stepUpWrites)
}

// NewAccount adds the client of the account's own settings: factors, phone, password, signing out everywhere, deletion.
// Its tokens carry Cognito's scope for these and no scope of the API, and the token trigger gives even that only to
// browsers that have just proven the mailbox. It panics if props are invalid.
func NewAccount(scope constructs.Construct, id string, props Props) *Client {
	return newAPIClient(scope, id, props, "Account", accountWrites)
}

// newAPIClient adds a client whose tokens come from a sign-in by SRP and from nothing else. There is no OAuth flow, so
// no managed-login cookie and no provider can yield a token. The token trigger strips what is refreshed. The identity
// pool does not know the client.
func newAPIClient(scope constructs.Construct, id string, props Props, name string, writes []string) *Client {
	check.Props(scope, id, check.Given(props.Pool != nil, "Pool"))
	self := constructs.NewConstruct(scope, jsii.String(id))
	client := awscognito.NewCfnUserPoolClient(self, jsii.String("Client"), &awscognito.CfnUserPoolClientProps{
		UserPoolId:     jsii.String(props.Pool.ID),
		ClientName:     jsii.String(name),
		GenerateSecret: jsii.Bool(false),

		SupportedIdentityProviders:      jsii.Strings("COGNITO"),
		AllowedOAuthFlowsUserPoolClient: jsii.Bool(false),
		// SRP and nothing else. The L2 construct would add ALLOW_REFRESH_TOKEN_AUTH.
		ExplicitAuthFlows:          jsii.Strings("ALLOW_USER_SRP_AUTH"),
		PreventUserExistenceErrors: jsii.String("ENABLED"),
		ReadAttributes:             jsii.Strings(apiReads...),
		WriteAttributes:            jsii.Strings(writes...),

		TokenValidityUnits:  validityInMinutes(),
		AccessTokenValidity: jsii.Number(apiMinutes),
		IdTokenValidity:     jsii.Number(apiMinutes),
		// Cognito always issues refresh tokens; this is the shortest lifetime that it takes.
		RefreshTokenValidity:  jsii.Number(60),
		AuthSessionValidity:   jsii.Number(3),
		EnableTokenRevocation: jsii.Bool(true),
		// With rotation no refresh flow may be listed. CloudFormation once insisted on the flow or the rotation
		// (https://github.com/aws/aws-cdk/issues/7625).
		RefreshTokenRotation: &awscognito.CfnUserPoolClient_RefreshTokenRotationProperty{
			Feature: jsii.String("ENABLED"), RetryGracePeriodSeconds: jsii.Number(0),
		},
		EnablePropagateAdditionalUserContextData: jsii.Bool(false),
	})
	return &Client{ID: *client.Ref()}
}

// validityInMinutes says that all lifetimes are minutes: Cognito's default unit differs between them.
func validityInMinutes() *awscognito.CfnUserPoolClient_TokenValidityUnitsProperty {
	return &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
		AccessToken: jsii.String("minutes"), IdToken: jsii.String("minutes"), RefreshToken: jsii.String("minutes"),
	}
}
