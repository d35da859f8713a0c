// Package identityprovider lets customers sign in with an account that they have elsewhere: Google, Facebook, Apple,
// Amazon, and any OIDC provider (such as Okta) or SAML provider.
//
// Every kind is one row of a table: its settings in Cognito, and which of its claims become which user attributes.
// Client secrets enter the template only as dynamic references to Secrets Manager, which CloudFormation resolves while
// it deploys.
//
// No permission depends on a mapped attribute, and groups are not mapped, so no provider can make a user more than a
// customer. A provider's e-mail address goes into an attribute of its own and never into email: mapped attributes
// overwrite those of a connected account at every sign-in, and email is the mailbox that recovers it.
package identityprovider

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/lambda/contract"
)

// Props configures a Provider.
type Props struct {
	// Pool is the user pool that trusts the provider. Required.
	Pool *userpool.UserPool
	// Provider is the provider's entry in the stage. Required, and valid by config.Validate.
	Provider config.Provider
}

// Provider is an identity provider of a user pool.
type Provider struct {
	// Name is the provider's name in Cognito, which clients list.
	Name string
	// Maps are the user attributes that the provider writes at every sign-in, sorted. Clients must list them
	// as write attributes.
	Maps []string
	// Resource is what a client must wait for: Cognito refuses a client whose provider does not exist yet.
	Resource awscognito.CfnUserPoolIdentityProvider
}

// New adds a Provider to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *Provider {
	kind, known := kinds[props.Provider.Kind]
	check.Props(scope, id,
		check.Given(props.Pool != nil, "Pool"),
		check.Require(known, "Provider.Kind", "must be one of %q, got %q",
			config.ProviderKinds(), props.Provider.Kind),
		check.Given(props.Provider.Kind == config.SAML || props.Provider.SecretName != "", "Provider.SecretName"),
	)
	mapping := attributes(kind, props.Provider)
	resource := awscognito.NewCfnUserPoolIdentityProvider(scope, jsii.String(id),
		&awscognito.CfnUserPoolIdentityProviderProps{
			UserPoolId:       jsii.String(props.Pool.ID),
			ProviderName:     jsii.String(props.Provider.ProviderName()),
			ProviderType:     jsii.String(string(props.Provider.Kind)),
			ProviderDetails:  texts(kind.details(props.Provider, kind)),
			AttributeMapping: texts(mapping),
			IdpIdentifiers:   identifiers(props.Provider),
		})
	return &Provider{
		Name: props.Provider.ProviderName(), Maps: slices.Sorted(maps.Keys(mapping)), Resource: resource,
	}
}

// attributes returns, for each user attribute that the provider writes, the claim that it comes from.
func attributes(k kind, p config.Provider) map[string]string {
	mapping := maps.Clone(k.mapping)
	for attribute, claim := range map[string]string{
		contract.ProviderEmail: p.Claims.Email, "name": p.Claims.Name, "given_name": p.Claims.GivenName,
		"family_name": p.Claims.FamilyName, "picture": p.Claims.Picture,
	} {
		switch claim {
		case "":
		case config.Unmapped:
			delete(mapping, attribute)
		default:
			mapping[attribute] = claim
		}
	}
	if p.EmailUntrusted {
		// Without an address a profile cannot be connected: lambda/links refuses the offer.
		delete(mapping, contract.ProviderEmail)
	}
	return mapping
}

func identifiers(p config.Provider) *[]*string {
	if len(p.Identifiers) == 0 {
		return nil
	}
	return jsii.Strings(p.Identifiers...)
}

func texts(of map[string]string) *map[string]*string {
	pointers := make(map[string]*string, len(of))
	for key, text := range of {
		pointers[key] = jsii.String(text)
	}
	return &pointers
}

// secret returns a dynamic reference to the client secret. CloudFormation reads a secret again only when the text of
// the reference changes, so a rotated secret is taken over only with a new version id.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
func secret(p config.Provider) string {
	options := &awscdk.SecretsManagerSecretOptions{}
	if p.SecretVersion != "" {
		options.VersionId = jsii.String(p.SecretVersion)
	}
	return *awscdk.SecretValue_SecretsManager(jsii.String(p.SecretName), options).UnsafeUnwrap()
}
