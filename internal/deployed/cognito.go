package deployed

// UserPool is an AWS::Cognito::UserPool.
type UserPool struct {
	ID           string `json:"-"`
	ARN          string `json:"-"`
	ProviderName string `json:"-"`
	// Name is the name that CloudFormation gives to a pool without UserPoolName.
	Name string `json:"-"`
	Described

	AccountRecoverySetting struct {
		RecoveryMechanisms []RecoveryMechanism
	}
	AdminCreateUserConfig struct {
		AllowAdminCreateUserOnly bool
		InviteMessageTemplate    Message
	}
	AutoVerifiedAttributes []string
	EnabledMfas            []string
	LambdaConfig           struct {
		PreTokenGenerationConfig struct {
			LambdaArn     string
			LambdaVersion string
		}
		// PreSignUp and PostConfirmation are ARNs of functions.
		PreSignUp, PostConfirmation string
	}
	// MfaConfiguration is OFF, OPTIONAL or ON.
	MfaConfiguration string
	Policies         struct {
		PasswordPolicy PasswordPolicy
		SignInPolicy   struct{ AllowedFirstAuthFactors []string }
	}
	// Schema lists attributes that differ from Cognito's defaults, such as custom attributes, here without "custom:".
	Schema                      []Attribute
	SmsAuthenticationMessage    string
	SmsConfiguration            SmsConfiguration
	UserAttributeUpdateSettings struct {
		AttributesRequireVerificationBeforeUpdate []string
	}
	UserPoolTier          string
	UsernameAttributes    []string
	UsernameConfiguration struct{ CaseSensitive bool }

	VerificationMessageTemplate struct {
		DefaultEmailOption       string
		EmailMessage, SmsMessage string
		EmailSubject             string
	}

	// Messages go to the inbox page instead of Amazon SES.
	EmailConfiguration Ignored
	// Threat protection is not served.
	UserPoolAddOns     Ignored
	DeletionProtection Ignored
	UserPoolTags       Ignored
}

// RecoveryMechanism is a way to a new password; a lower Priority comes first.
type RecoveryMechanism struct {
	Name     string
	Priority int
}

// Message is a template of a message to customers; {####} is replaced by the code, {username} by the user name.
type Message struct{ EmailMessage, EmailSubject, SMSMessage string }

// PasswordPolicy says which passwords are accepted.
type PasswordPolicy struct {
	MinimumLength                                                      int
	RequireLowercase, RequireUppercase, RequireNumbers, RequireSymbols bool
	// PasswordHistorySize is how many former passwords are refused.
	PasswordHistorySize           int
	TemporaryPasswordValidityDays int
}

// Attribute is an attribute of the schema.
type Attribute struct {
	AttributeDataType, Name string
	Mutable, Required       bool
	// StringAttributeConstraints are lengths in characters, as decimal numbers.
	StringAttributeConstraints struct{ MinLength, MaxLength string }
}

// SmsConfiguration names the role that sends SMS, and the external id for assuming it.
type SmsConfiguration struct{ ExternalId, SnsCallerArn, SnsRegion string }

// UserPoolClient is an AWS::Cognito::UserPoolClient. Validities count in TokenValidityUnits.
type UserPoolClient struct {
	ID string `json:"-"`
	Described

	AccessTokenValidity, IdTokenValidity, RefreshTokenValidity int
	TokenValidityUnits                                         struct{ AccessToken, IdToken, RefreshToken string }
	AllowedOAuthFlows, AllowedOAuthScopes                      []string
	AllowedOAuthFlowsUserPoolClient                            bool
	// AuthSessionValidity is how many minutes a challenge is valid.
	AuthSessionValidity        int
	CallbackURLs, LogoutURLs   []string
	ClientName                 string
	EnableTokenRevocation      bool
	ExplicitAuthFlows          []string
	GenerateSecret             bool
	PreventUserExistenceErrors string
	// ReadAttributes and WriteAttributes are the only ones that the client may read and write.
	ReadAttributes, WriteAttributes []string
	RefreshTokenRotation            struct {
		Feature                 string
		RetryGracePeriodSeconds int
	}
	SupportedIdentityProviders []string
	UserPoolID                 string

	// Only threat protection uses it.
	EnablePropagateAdditionalUserContextData Ignored
}

// UserPoolDomain is an AWS::Cognito::UserPoolDomain.
type UserPoolDomain struct {
	Domain     string
	UserPoolID string

	// The certificate of a custom domain stays at AWS.
	CustomDomainConfig Ignored
	// Managed login is a plain page here.
	ManagedLoginVersion Ignored
}

// ResourceServer is an AWS::Cognito::UserPoolResourceServer.
type ResourceServer struct {
	Identifier, Name string
	Scopes           []struct{ ScopeName, ScopeDescription string }
	UserPoolID       string
}

// IdentityProvider is an AWS::Cognito::UserPoolIdentityProvider.
type IdentityProvider struct {
	ProviderName, ProviderType string
	// AttributeMapping maps attributes of the user pool to those of the provider.
	AttributeMapping map[string]string
	IdpIdentifiers   []string
	// ProviderDetails are named in
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
	ProviderDetails map[string]string
	UserPoolID      string
}

// IdentityPool is an AWS::Cognito::IdentityPool.
type IdentityPool struct {
	ID string `json:"-"`

	AllowClassicFlow               bool
	AllowUnauthenticatedIdentities bool
	CognitoIdentityProviders       []struct {
		ClientID, ProviderName string
		ServerSideTokenCheck   bool
	}

	IdentityPoolTags Ignored
}

// PrincipalTag is an AWS::Cognito::IdentityPoolPrincipalTag: it maps claims of a token to tags of a session.
type PrincipalTag struct {
	IdentityPoolID, IdentityProviderName string
	PrincipalTags                        map[string]string
	UseDefaults                          bool
}

// PoolRoles is an AWS::Cognito::IdentityPoolRoleAttachment.
type PoolRoles struct {
	IdentityPoolID string
	Roles          struct {
		Authenticated   string `json:"authenticated"`
		Unauthenticated string `json:"unauthenticated"`
	}
}
