package appclient

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/userpool"
)

// apiMinutes is the lifetime of the tokens of StepUp and Account: the shortest that Cognito issues. A stepped-up token
// is not bound to one transaction, so only its lifetime limits it.
const apiMinutes = 5

var (
	// stepUpWrites is one harmless attribute: an absent list would mean all standard attributes.
	stepUpWrites = []string{"locale"}
	// accountWrites never has email. A token that can change the account must not be able to redirect its recovery.
	accountWrites = []string{"phone_number", "locale"}
	// apiReads are the attributes that an ID token of these clients and GetUser return.
	apiReads = []string{"email", "email_verified", "phone_number", "phone_number_verified", "locale"}
)

// Props configures the clients StepUp and Account. Their security settings are constants, so that no stage can weaken
// them.
type Props struct {
	// Pool is the client's user pool. Required.
	Pool *userpool.UserPool
}

// NewStepUp adds the client at which customers prove password and second factor just before a high-risk action. Its
// tokens carry the high-risk scopes, and never the scope that changes the account: a stolen token is good for five
// minutes of orders and not for taking over the account (threat U37). It panics if props are invalid.
func NewStepUp(scope constructs.Construct, id string, props Props) *Client {
	return newAPIClient(scope, id, props, "StepUp", stepUpWrites)
}

// NewAccount adds the client of the account's own settings: factors, phone, password, signing out everywhere, deletion.
// Its tokens carry Cognito's scope for these settings and no scope of the API. The token trigger grants Cognito's scope
// only to browsers that have just proven the mailbox. It panics if props are invalid.
func NewAccount(scope constructs.Construct, id string, props Props) *Client {
	return newAPIClient(scope, id, props, "Account", accountWrites)
}

// newAPIClient adds a client that issues tokens after a sign-in by SRP only. It has no OAuth flow, so no managed-login
// cookie and no provider can obtain a token. The token trigger removes all scopes from refreshed tokens. The identity
// pool does not accept tokens of this client.
func newAPIClient(scope constructs.Construct, id string, props Props, name string, writes []string) *Client {
	check.Props(scope, id, check.Given(props.Pool != nil, "Pool"))
	self := constructs.NewConstruct(scope, jsii.String(id))
	client := awscognito.NewCfnUserPoolClient(self, jsii.String("Client"), &awscognito.CfnUserPoolClientProps{
		UserPoolId:     jsii.String(props.Pool.ID),
		ClientName:     jsii.String(name),
		GenerateSecret: jsii.Bool(false),

		SupportedIdentityProviders:      jsii.Strings("COGNITO"),
		AllowedOAuthFlowsUserPoolClient: jsii.Bool(false),
		// Only SRP. The L2 construct would add ALLOW_REFRESH_TOKEN_AUTH.
		ExplicitAuthFlows:          jsii.Strings("ALLOW_USER_SRP_AUTH"),
		PreventUserExistenceErrors: jsii.String("ENABLED"),
		ReadAttributes:             jsii.Strings(apiReads...),
		WriteAttributes:            jsii.Strings(writes...),

		TokenValidityUnits:  validityInMinutes(),
		AccessTokenValidity: jsii.Number(apiMinutes),
		IdTokenValidity:     jsii.Number(apiMinutes),
		// Cognito always issues refresh tokens; this is the shortest lifetime that it accepts.
		RefreshTokenValidity:  jsii.Number(60),
		AuthSessionValidity:   jsii.Number(3),
		EnableTokenRevocation: jsii.Bool(true),
		// With rotation no refresh flow may be listed. CloudFormation once required the flow or the rotation
		// (https://github.com/aws/aws-cdk/issues/7625).
		RefreshTokenRotation: &awscognito.CfnUserPoolClient_RefreshTokenRotationProperty{
			Feature: jsii.String("ENABLED"), RetryGracePeriodSeconds: jsii.Number(0),
		},
		EnablePropagateAdditionalUserContextData: jsii.Bool(false),
	})
	return &Client{ID: *client.Ref()}
}

// validityInMinutes sets minutes as the unit of all lifetimes: Cognito's default unit differs between them.
func validityInMinutes() *awscognito.CfnUserPoolClient_TokenValidityUnitsProperty {
	return &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
		AccessToken: jsii.String("minutes"), IdToken: jsii.String("minutes"), RefreshToken: jsii.String("minutes"),
	}
}
