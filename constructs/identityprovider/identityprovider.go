// Package identityprovider lets customers sign in with an account that they have elsewhere: Google, Facebook, Apple,
// Amazon, and any OIDC provider (such as Okta) or SAML provider.
//
// Every kind is one row of a table: what the provider is told, and which of its claims become which user attributes.
// Client secrets enter the template only as dynamic references to Secrets Manager, which CloudFormation resolves while
// it deploys. What is mapped decides nothing, and no group is mapped, so no provider can make anybody more than a
// customer. A provider's e-mail address goes into an attribute of its own and never into email: mapped attributes
// overwrite those of a connected account at every sign-in, and email is the mailbox that recovers it.
package identityprovider

import (
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
	// Provider describes it. Required, and valid by config.Validate.
	Provider config.Provider
}

// Provider is an identity provider of a user pool.
type Provider struct {
	// Name is the provider's name in Cognito, which clients list.
	Name string
	// Maps are the user attributes that the provider writes at every sign-in, sorted. Clients must let it.
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
	mapping := map[string]*string{}
	for attribute, claim := range kind.mapping {
		mapping[attribute] = jsii.String(claim)
	}
	resource := awscognito.NewCfnUserPoolIdentityProvider(scope, jsii.String(id),
		&awscognito.CfnUserPoolIdentityProviderProps{
			UserPoolId:       jsii.String(props.Pool.ID),
			ProviderName:     jsii.String(props.Provider.ProviderName()),
			ProviderType:     jsii.String(string(props.Provider.Kind)),
			ProviderDetails:  kind.details(props.Provider),
			AttributeMapping: &mapping,
		})
	return &Provider{Name: props.Provider.ProviderName(), Maps: writes(kind), Resource: resource}
}

// writes are the attributes that clients must be able to write.
func writes(k kind) []string {
	attributes := make([]string, 0, len(k.mapping))
	for attribute := range k.mapping {
		attributes = append(attributes, attribute)
	}
	slices.Sort(attributes)
	return attributes
}

// kind is what Cognito must know of one kind of provider.
type kind struct {
	// details are the provider's own settings, by the keys of CreateIdentityProvider.
	details func(config.Provider) *map[string]*string
	// mapping is from user attribute to the provider's claim.
	mapping map[string]string
}

// openIDClaims are the claims of OpenID Connect Core 1.0, section 5.1.
var openIDClaims = map[string]string{
	contract.ProviderEmail: "email", "name": "name", "given_name": "given_name",
	"family_name": "family_name", "picture": "picture",
}

// kinds: the scopes asked for are those that the mapping needs and no more; without "email" the address stays empty and
// the account cannot be connected with another.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-provider.html
var kinds = map[config.ProviderKind]kind{
	config.Google: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"client_id":        jsii.String(p.ClientID),
				"client_secret":    secret(p),
				"authorize_scopes": jsii.String("openid email profile"),
			}
		},
		mapping: openIDClaims,
	},
	config.Facebook: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"client_id":        jsii.String(p.ClientID),
				"client_secret":    secret(p),
				"authorize_scopes": jsii.String("public_profile,email"),
				"api_version":      jsii.String("v26.0"),
			}
		},
		mapping: map[string]string{
			contract.ProviderEmail: "email", "name": "name", "given_name": "first_name",
			"family_name": "last_name", "picture": "picture",
		},
	},
	// Cognito signs the client secret, a token, with the private key. A name comes with the first consent only.
	// https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple
	config.Apple: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"client_id":        jsii.String(p.ClientID),
				"team_id":          jsii.String(p.Apple.TeamID),
				"key_id":           jsii.String(p.Apple.KeyID),
				"private_key":      secret(p),
				"authorize_scopes": jsii.String("email name"),
			}
		},
		mapping: map[string]string{
			contract.ProviderEmail: "email", "given_name": "firstName", "family_name": "lastName",
		},
	},
	// https://developer.amazon.com/docs/login-with-amazon/customer-profile.html
	config.Amazon: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"client_id":        jsii.String(p.ClientID),
				"client_secret":    secret(p),
				"authorize_scopes": jsii.String("profile"),
			}
		},
		mapping: map[string]string{contract.ProviderEmail: "email", "name": "name"},
	},
	config.OIDC: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"client_id":                 jsii.String(p.ClientID),
				"client_secret":             secret(p),
				"oidc_issuer":               jsii.String(p.OIDC.Issuer),
				"attributes_request_method": jsii.String("GET"),
				"authorize_scopes":          jsii.String("openid email profile"),
			}
		},
		mapping: openIDClaims,
	},
	config.SAML: {
		details: func(p config.Provider) *map[string]*string {
			return &map[string]*string{
				"MetadataURL": jsii.String(p.SAML.MetadataURL),
				"IDPSignout":  jsii.String("true"),
				// An unsolicited assertion could be planted in a customer's browser.
				"IDPInit":                 jsii.String("false"),
				"RequestSigningAlgorithm": jsii.String("rsa-sha256"),
			}
		},
		mapping: map[string]string{
			contract.ProviderEmail: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
			"name":                 "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
			"given_name":           "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
			"family_name":          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
		},
	},
}

// secret is a dynamic reference to the client secret. CloudFormation reads a secret again only when the text of the
// reference changes, so a version id is what makes it take over a rotated one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
func secret(p config.Provider) *string {
	options := &awscdk.SecretsManagerSecretOptions{}
	if p.SecretVersion != "" {
		options.VersionId = jsii.String(p.SecretVersion)
	}
	return awscdk.SecretValue_SecretsManager(jsii.String(p.SecretName), options).UnsafeUnwrap()
}
