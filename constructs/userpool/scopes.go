package userpool

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// Scope is a permission that an access token may carry.
type Scope string

const (
	// OrdersRead lets customers read their own orders.
	OrdersRead Scope = contract.OrdersRead
	// OrdersWrite lets customers check out. Only a stepped-up sign-in may carry it.
	OrdersWrite Scope = contract.OrdersWrite
	// ProfileRead lets customers read their own profile, and which providers are connected.
	ProfileRead Scope = contract.ProfileRead
	// ProfileWrite lets customers change their profile. Only a stepped-up sign-in may carry it.
	ProfileWrite Scope = contract.ProfileWrite
	// PaymentWrite lets customers change how they pay. Only a stepped-up sign-in may carry it.
	PaymentWrite Scope = contract.PaymentWrite
	// LinksOffer lets customers of a provider offer it for connecting.
	LinksOffer Scope = contract.LinksOffer
	// LinksWrite lets customers connect and disconnect providers. Only a stepped-up sign-in may carry it.
	LinksWrite Scope = contract.LinksWrite
)

// scopes are all scopes with what they allow, as the resource server lists them.
var scopes = []struct {
	scope  Scope
	allows string
}{
	{OrdersRead, "Read one's own orders"},
	{OrdersWrite, "Place orders"},
	{ProfileRead, "Read one's own profile"},
	{ProfileWrite, "Change one's own profile"},
	{PaymentWrite, "Change one's own payment method"},
	{LinksOffer, "Offer a provider for connecting"},
	{LinksWrite, "Connect and disconnect providers"},
}

// HighRisk reports whether the scope changes something, so that only a stepped-up sign-in may carry it.
func (s Scope) HighRisk() bool { return slices.Contains(contract.HighRiskScopes(), string(s)) }

// name is the scope without its resource server: "orders.read".
func (s Scope) name() string { return string(s)[len(contract.ResourceServer)+1:] }

func newResourceServer(scope constructs.Construct, poolID string) {
	list := make([]any, 0, len(scopes))
	for _, s := range scopes {
		list = append(list, &awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
			ScopeName:        jsii.String(s.scope.name()),
			ScopeDescription: jsii.String(s.allows),
		})
	}
	awscognito.NewCfnUserPoolResourceServer(scope, jsii.String("ResourceServer"),
		&awscognito.CfnUserPoolResourceServerProps{
			UserPoolId: jsii.String(poolID),
			Identifier: jsii.String(contract.ResourceServer),
			Name:       jsii.String("SecureCart API"),
			Scopes:     list,
		})
}
