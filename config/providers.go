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

// Provider is an identity provider that customers may sign in with. docs/providers.md has a recipe for each.
type Provider struct {
	// Kind is the provider's kind. Required.
	Kind ProviderKind
	// Name is how front ends name an OIDC or SAML provider, 3 to 32 characters that differ from every other name in more
	// than case. Empty for the other kinds, which Cognito names itself. It never changes: Cognito would make a new
	// provider, whose customers are new, too.
	Name string
	// Label is what the button of an OIDC or SAML provider says after "Continue with". Name if empty. The other kinds
	// prescribe theirs.
	Label string
	// ClientID is the shop's application at the provider; at Apple it is the services id. Required but for SAML.
	ClientID string
	// SecretName is the name of the secret in AWS Secrets Manager whose whole value is the client secret, or Apple's
	// private key. Required but for SAML. The secret itself never stands in this repository or a template.
	SecretName string
	// SecretVersion is the secret's version id. CloudFormation reads the secret only when the resource changes, so a
	// rotated secret takes effect when its new version is entered here. Empty means the version current at the deploy.
	SecretVersion string
	// Scopes are what Cognito requests from the provider: if empty, what the kind's own claims need. None for SAML.
	Scopes []string
	// Claims names the claims that differ from those of the kind.
	Claims Claims
	// EmailUntrusted leaves out the address that the provider states. Then it is never compared with an account's, so
	// the provider cannot be connected with one. For providers whose users enter addresses that nobody checks.
	EmailUntrusted bool
	// Identifiers are the domains, in lower case, of the addresses that an OIDC or SAML provider signs in, at most 50.
	// idp_identifier=<domain> at the authorize endpoint leads to the provider. Managed login leads customers with such an
	// address to it for SAML only: for OIDC nothing is documented to look at the address.
	//   - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managing-saml-idp-naming.html
	//   - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
	Identifiers []string

	// Apple, OIDC and SAML are the settings of that kind only.
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

// ButtonLabel is the provider's name on buttons: Label, else Name, else the name that the kind prescribes.
func (p Provider) ButtonLabel() string {
	switch {
	case p.Label != "":
		return p.Label
	case p.Kind == Apple:
		return "Apple"
	case p.Kind == Amazon:
		return "Amazon"
	}
	return p.ProviderName()
}

// Claims are the provider's claims, or SAML attributes, that become attributes of a customer. If empty, the kind's own
// claim is used; Unmapped leaves the attribute out. No other attribute can be mapped, because these decide nothing. A
// provider that wrote the account's own e-mail address, phone number or groups could take the account over.
type Claims struct {
	// Email is compared with the verified address of the account that the provider is connected with.
	Email string
	// Name, GivenName, FamilyName and Picture are shown.
	Name, GivenName, FamilyName, Picture string
}

// Unmapped leaves an attribute of Claims out.
const Unmapped = "-"

// AppleSettings name the private key with which Cognito signs the client secret that Apple asks for.
type AppleSettings struct {
	// TeamID is the developer team's id, 10 characters. Required.
	TeamID string
	// KeyID is the id of the private key, 10 characters. Required.
	KeyID string
}

// OIDCSettings say where an OpenID Connect provider is.
type OIDCSettings struct {
	// Issuer is the provider's issuer URL, without a slash at its end. Required.
	Issuer string
	// Endpoints are found at the issuer if empty: <Issuer>/.well-known/openid-configuration.
	Endpoints OIDCEndpoints
	// PostUserInfo makes Cognito call UserInfo with POST, else with GET.
	PostUserInfo bool
}

// OIDCEndpoints are an OpenID Connect provider's endpoints: all of them, or none.
type OIDCEndpoints struct{ Authorize, Token, UserInfo, JWKS string }

// SAMLSettings say where a SAML provider is, and what is required of it. Two things are no settings: requests are
// always signed, and no provider may begin a sign-in (constructs/identityprovider).
type SAMLSettings struct {
	// MetadataURL is where the provider publishes its metadata. Cognito reads it again, typically every 6 hours, and so
	// finds a new certificate. Exactly one of MetadataURL and Metadata is required.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managing-saml-idp.html
	MetadataURL string
	// Metadata is the metadata itself, at most 131,072 characters, for providers that publish none: embed the file with
	// go:embed. A new certificate is a new file, and a deploy.
	Metadata string
	// EncryptedAssertions refuses assertions that are not encrypted with the certificate that Cognito makes for the
	// provider.
	EncryptedAssertions bool
	// StaysSignedIn leaves the customer signed in at the provider when signing out here. Required for a provider whose
	// metadata has no SingleLogoutService with the binding HTTP-Redirect.
	StaysSignedIn bool
}
