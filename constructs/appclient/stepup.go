package appclient

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
)

// stepUpMinutes is how long a stepped-up token lives: the shortest that Cognito issues. The scope in it is bound to no
// single transaction, so this is what bounds it.
const stepUpMinutes = 5

// stepUpWrites are the attributes that a customer may change after stepping up: those of PUT /profile, and e-mail, because
// Cognito refuses a client that cannot write a required attribute.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
var stepUpWrites = []string{"email", "name", "given_name", "family_name", "locale", "address"}

// stepUpReads are what a stepped-up ID token, and GetUser, may tell.
var stepUpReads = append([]string{"email_verified"}, stepUpWrites...)

// StepUp is the client at which customers prove password and second factor just before a high-risk action.
//
// Its tokens can come from that proof only. There is no OAuth flow, so no managed-login cookie and no social provider can
// yield one; refreshing is not allowed, and the token trigger grants a refreshed token nothing. The identity pool does not
// know it.
type StepUp struct {
	Client awscognito.CfnUserPoolClient
}

// NewStepUp adds the StepUp client of pool to scope. It panics without one. It takes nothing else: no stage may soften it.
func NewStepUp(scope constructs.Construct, id string, pool awscognito.CfnUserPool) *StepUp {
	c := check.Of(scope, id)
	c.Given(pool != nil, "Pool")
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	return &StepUp{Client: awscognito.NewCfnUserPoolClient(self, jsii.String("Client"), &awscognito.CfnUserPoolClientProps{
		UserPoolId:     pool.Ref(),
		ClientName:     jsii.String("StepUp"),
		GenerateSecret: jsii.Bool(false),

		SupportedIdentityProviders:      jsii.Strings("COGNITO"),
		AllowedOAuthFlowsUserPoolClient: jsii.Bool(false),
		// SRP and nothing else. The L2 construct would add ALLOW_REFRESH_TOKEN_AUTH.
		ExplicitAuthFlows:          jsii.Strings("ALLOW_USER_SRP_AUTH"),
		PreventUserExistenceErrors: jsii.String("ENABLED"),
		ReadAttributes:             jsii.Strings(stepUpReads...),
		WriteAttributes:            jsii.Strings(stepUpWrites...),

		TokenValidityUnits:  validityInMinutes(),
		AccessTokenValidity: jsii.Number(stepUpMinutes),
		IdTokenValidity:     jsii.Number(stepUpMinutes),
		// Cognito issues refresh tokens whether they can be used or not; this is the shortest that it takes.
		RefreshTokenValidity:  jsii.Number(60),
		AuthSessionValidity:   jsii.Number(3),
		EnableTokenRevocation: jsii.Bool(true),

		EnablePropagateAdditionalUserContextData: jsii.Bool(false),
	})}
}

// validityInMinutes says that all lifetimes are minutes: Cognito's default unit differs between them.
func validityInMinutes() *awscognito.CfnUserPoolClient_TokenValidityUnitsProperty {
	return &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
		AccessToken: jsii.String("minutes"), IdToken: jsii.String("minutes"), RefreshToken: jsii.String("minutes"),
	}
}
