package config

// ProviderKind is a kind of identity provider, by the name of Cognito's ProviderType.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
type ProviderKind string

const (
	// Google is Google's OAuth 2.0 sign-in.
	Google ProviderKind = "Google"
	// Facebook is Facebook Login.
	Facebook ProviderKind = "Facebook"
	// Apple is Sign in with Apple.
	Apple ProviderKind = "SignInWithApple"
	// Amazon is Login with Amazon, where customers of amazon.com sign in.
	Amazon ProviderKind = "LoginWithAmazon"
	// OIDC is any OpenID Connect provider, such as Okta.
	OIDC ProviderKind = "OIDC"
	// SAML is any SAML 2.0 provider.
	SAML ProviderKind = "SAML"
)

// ProviderKinds are all of them.
func ProviderKinds() []ProviderKind {
	return []ProviderKind{Google, Facebook, Apple, Amazon, OIDC, SAML}
}

// Named reports whether a provider of this kind has a Name: a user pool may have several of them.
func (k ProviderKind) Named() bool { return k == OIDC || k == SAML }

// Provider is an identity provider that customers may sign in with.
type Provider struct {
	// Kind is the provider's kind. Required.
	Kind ProviderKind
	// Name is how front ends name an OIDC or SAML provider, 3 to 32 characters. Empty for the other kinds, which
	// Cognito names itself.
	Name string
	// ClientID is the shop's application at the provider; at Apple it is the services id. Required but for SAML.
	ClientID string
	// SecretName is the name of the secret in AWS Secrets Manager whose whole value is the client secret, or Apple's
	// private key. Required but for SAML. The secret itself never stands in this repository or a template.
	SecretName string
	// SecretVersion is the secret's version id. CloudFormation reads the secret only when the resource changes, so a
	// rotated secret is taken over by entering its new version here. Empty is the version that is current at deploy.
	SecretVersion string

	// Apple, OIDC and SAML are what only a provider of that kind has.
	Apple AppleSettings
	OIDC  OIDCSettings
	SAML  SAMLSettings
}

// ProviderName is the provider's name in Cognito: Name, or that of the kind.
func (p Provider) ProviderName() string {
	if p.Kind.Named() {
		return p.Name
	}
	return string(p.Kind)
}

// AppleSettings name the private key with which Cognito signs the client secret that Apple asks for.
type AppleSettings struct {
	// TeamID is the developer team's id, 10 characters. Required.
	TeamID string
	// KeyID is the id of the private key, 10 characters. Required.
	KeyID string
}

// OIDCSettings say where an OpenID Connect provider is.
type OIDCSettings struct {
	// Issuer is the provider's issuer URL. Required.
	Issuer string
}

// SAMLSettings say where a SAML provider is.
type SAMLSettings struct {
	// MetadataURL is where the provider publishes its metadata. Required.
	MetadataURL string
}
