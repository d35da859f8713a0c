package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// resourceServer is the identifier of the API in the user pool; scopes in tokens read "securecart/orders.read".
const resourceServer = "securecart"

// Scope is a permission that an access token may carry.
type Scope string

const (
	// OrdersRead lets customers read their own orders.
	OrdersRead Scope = resourceServer + "/orders.read"
	// OrdersWrite lets customers check out. Only a stepped-up sign-in may carry it.
	OrdersWrite Scope = resourceServer + "/orders.write"
	// ProfileRead lets customers read their own profile.
	ProfileRead Scope = resourceServer + "/profile.read"
	// ProfileWrite lets customers change their profile. Only a stepped-up sign-in may carry it.
	ProfileWrite Scope = resourceServer + "/profile.write"
	// PaymentWrite lets customers change how they pay. Only a stepped-up sign-in may carry it.
	PaymentWrite Scope = resourceServer + "/payment.write"
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
}

// HighRisk reports whether the scope changes something, so that only a stepped-up sign-in may carry it.
func (s Scope) HighRisk() bool { return s == OrdersWrite || s == ProfileWrite || s == PaymentWrite }

// name is the scope without its resource server: "orders.read".
func (s Scope) name() string { return string(s)[len(resourceServer)+1:] }

func newResourceServer(scope constructs.Construct, pool awscognito.CfnUserPool) awscognito.CfnUserPoolResourceServer {
	list := make([]any, 0, len(scopes))
	for _, s := range scopes {
		list = append(list, &awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
			ScopeName:        jsii.String(s.scope.name()),
			ScopeDescription: jsii.String(s.allows),
		})
	}
	return awscognito.NewCfnUserPoolResourceServer(scope, jsii.String("ResourceServer"), &awscognito.CfnUserPoolResourceServerProps{
		UserPoolId: pool.Ref(),
		Identifier: jsii.String(resourceServer),
		Name:       jsii.String("SecureCart API"),
		Scopes:     list,
	})
}
