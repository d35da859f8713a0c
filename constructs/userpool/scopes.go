package userpool

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// Scope is one of [contract.Scopes].
type Scope string

// HighRisk reports whether the scope allows changes, so that only tokens of a stepped-up sign-in may carry it.
func (s Scope) HighRisk() bool { return slices.Contains(contract.HighRiskScopes(), string(s)) }

// Obtainable reports whether the app clients can obtain the scope: it is one of all scopes, and of a kind that a client
// asks for or the token trigger grants.
func (s Scope) Obtainable() bool {
	listed := slices.ContainsFunc(contract.Scopes(), func(known contract.Scope) bool { return known.Name == string(s) })
	return listed && (s.HighRisk() || slices.Contains(contract.BrowseScopes(), string(s)))
}

func newResourceServer(scope constructs.Construct, poolID string) {
	var list []any
	for _, s := range contract.Scopes() {
		list = append(list, &awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
			ScopeName:        jsii.String(strings.TrimPrefix(s.Name, contract.ResourceServer+"/")),
			ScopeDescription: jsii.String(s.Allows),
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
