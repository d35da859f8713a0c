// Package userpool provisions the user pool of SecureCart's customers, the domain of managed login, the resource server
// with the API's scopes, the role that sends SMS, threat protection and the pool's logs.
//
// It uses L1 resources, so that the code shows exactly what is deployed: the L2 construct adds a dozen defaults,
// several of them unsafe (docs/adr/0003-l1-for-cognito.md). Settings that no stage may change are constants and not
// props: sign-in by case-insensitive e-mail address, verification before an address counts, recovery by e-mail only,
// passwords of four classes, no remembered devices.
package userpool

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/lambda/contract"
)

// Props configures a UserPool.
type Props struct {
	// Users holds the settings of sign-in. Required, and valid by config.Validate.
	Users config.Users
	// Email is the sender of the pool's messages; Cognito's own sender if empty.
	Email config.Email
	// Domain is where managed login is served. Required.
	Domain config.Domain
	// Protection says whether the pool is retained and protected against deletion.
	Protection config.Protection
	// Logs says how long the pool's logs are retained and whether they hold user activity. RetentionDays is required.
	Logs config.Logs
	// Tokens is the trigger that decides which scopes a token carries. Required.
	Tokens *golambda.Function
	// Registration is the trigger that runs before a sign-up and after a mailbox has been proven. Required.
	Registration *golambda.Function
	// Key encrypts the pool and its replica; a key of AWS's own if nil.
	Key *Key
	// ClientsParameter is the name of the parameter that NewClients writes and the triggers read. Required.
	ClientsParameter string
}

// UserPool is a user pool with all its parts except the clients.
type UserPool struct {
	// ID, ARN and ProviderName identify the pool in Cognito's API, in policies, and as an identity provider.
	ID, ARN, ProviderName string
	// LoginURL is the address of managed login, without a trailing slash.
	LoginURL string
	// Log is the name of the log group of undelivered messages and user activity.
	Log string
}

// New adds a UserPool to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *UserPool {
	check.Props(scope, id,
		signIn(props),
		check.Given(props.Domain != config.Domain{}, "Domain"),
		check.Given(props.Logs.RetentionDays > 0, "Logs.RetentionDays"),
		check.Given(props.Tokens != nil, "Tokens"),
		check.Given(props.Registration != nil, "Registration"),
		parameterName(props.ClientsParameter, "ClientsParameter"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	pool := awscognito.NewCfnUserPool(self, jsii.String("Pool"), &awscognito.CfnUserPoolProps{
		UserPoolTier:       jsii.String(tier[props.Users.Plan]),
		DeletionProtection: jsii.String(activeIf(props.Protection.DeletionProtection)),

		// Immutable after creation: a change here fails the update. test/testdata/immutable.json locks it.
		UsernameAttributes:    jsii.Strings("email"),
		UsernameConfiguration: &awscognito.CfnUserPool_UsernameConfigurationProperty{CaseSensitive: jsii.Bool(false)},
		Schema:                attributes(),

		AutoVerifiedAttributes: verifiedAttributes(props.Users),
		// Without this a thief who is signed in could change the address and recover the account through it (threat U3).
		UserAttributeUpdateSettings: &awscognito.CfnUserPool_UserAttributeUpdateSettingsProperty{
			AttributesRequireVerificationBeforeUpdate: verifiedAttributes(props.Users),
		},
		// E-mail only: recovery by SMS would let the second factor replace the first (threat U19).
		AccountRecoverySetting: &awscognito.CfnUserPool_AccountRecoverySettingProperty{
			RecoveryMechanisms: []any{
				&awscognito.CfnUserPool_RecoveryOptionProperty{Name: jsii.String("verified_email"), Priority: jsii.Number(1)},
			},
		},

		Policies:                    policies(props.Users),
		MfaConfiguration:            jsii.String(mfaConfiguration[props.Users.MFA]),
		EnabledMfas:                 enabledMfas(props.Users),
		WebAuthnUserVerification:    passkeyVerification(props.Users),
		WebAuthnFactorConfiguration: passkeyFactors(props.Users),
		UserPoolAddOns: &awscognito.CfnUserPool_UserPoolAddOnsProperty{
			AdvancedSecurityMode: jsii.String(securityMode[props.Users.ThreatProtection]),
		},
		SmsConfiguration:            smsConfiguration(self, props.Users),
		EmailConfiguration:          emailConfiguration(props.Email),
		AdminCreateUserConfig:       invitation(),
		VerificationMessageTemplate: verification(),
		SmsAuthenticationMessage:    jsii.String(smsCode),
		EmailAuthenticationSubject:  emailCodeSubject(props.Users),
		EmailAuthenticationMessage:  emailCode(props.Users),
		LambdaConfig:                triggers(props.Tokens, props.Registration),
		KeyConfiguration:            encryption(props.Key),
		IssuerConfiguration:         issuer(props.Key),
	})
	pool.ApplyRemovalPolicy(lifetime.Policy(props.Protection.Retain), nil)
	acceptFindings(pool, props.Users)

	users := &UserPool{ID: *pool.Ref(), ARN: *pool.AttrArn(), ProviderName: *pool.AttrProviderName()}
	users.LoginURL = newDomain(self, users.ID, props.Domain)
	newResourceServer(self, users.ID)
	newRiskConfiguration(self, users.ID, props)
	users.Log = newLogDelivery(self, users.ID, props.Logs, props.Protection.Retain)
	connectTriggers(self, users, props)
	return users
}

var (
	tier = map[config.Plan]string{config.Essentials: "ESSENTIALS", config.Plus: "PLUS"}

	// mfaConfiguration is Cognito's value of each setting. Risk-based MFA needs OPTIONAL; the risk configuration requires
	// the factor.
	mfaConfiguration = map[config.MFA]string{
		config.Off: "OFF", config.Optional: "OPTIONAL", config.Required: "ON", config.RiskBased: "OPTIONAL",
	}
	securityMode = map[config.ThreatProtection]string{"": "OFF", config.Audit: "AUDIT", config.Enforce: "ENFORCED"}
)

// signIn returns a broken rule for settings that Cognito might accept as weaker ones.
func signIn(props Props) check.Broken {
	users := props.Users
	return check.All(
		check.Require(tier[users.Plan] != "", "Users.Plan", "must be Essentials or Plus, got %q", users.Plan),
		check.Require(mfaConfiguration[users.MFA] != "", "Users.MFA",
			"must be Off, Optional, Required or RiskBased, got %q", users.MFA),
		check.Require(securityMode[users.ThreatProtection] != "", "Users.ThreatProtection",
			"must be empty, Audit or Enforce, got %q", users.ThreatProtection),
		// Without these there is no risk configuration, or one without notifications: MFA would be optional.
		check.Require(users.MFA != config.RiskBased || users.ThreatProtection == config.Enforce, "Users.ThreatProtection",
			"must be Enforce with MFA RiskBased, got %q", users.ThreatProtection),
		check.Require(users.MFA != config.RiskBased || props.Email.SES(), "Email",
			"must be SES with MFA RiskBased, got Cognito's own sender"),
	)
}

func activeIf(on bool) string {
	if on {
		return "ACTIVE"
	}
	return "INACTIVE"
}

// verifiedAttributes are the attributes that a code must verify before they count. Where SMS is a factor, the phone
// number is among them: Cognito requires automatic verification of an attribute that must be verified before an update.
// No sign-up carries a number, so the code of a sign-up always goes to the mailbox.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html
func verifiedAttributes(users config.Users) *[]*string {
	if users.SendsSMS() {
		return jsii.Strings("email", "phone_number")
	}
	return jsii.Strings("email")
}

// attributes are the pool's attributes beside Cognito's standard ones. No standard attribute is declared required,
// because no provider sends all of them. The one custom attribute holds the address that a provider states. It is
// separate from email, because every sign-in with a provider overwrites mapped attributes: the provider would choose
// the mailbox that recovers the account (threat U47). The custom attribute grants nothing.
func attributes() []any {
	return []any{&awscognito.CfnUserPool_SchemaAttributeProperty{
		Name:              jsii.String(strings.TrimPrefix(contract.ProviderEmail, "custom:")),
		AttributeDataType: jsii.String("String"),
		Mutable:           jsii.Bool(true),
		StringAttributeConstraints: &awscognito.CfnUserPool_StringAttributeConstraintsProperty{
			MinLength: jsii.String("0"), MaxLength: jsii.String("2048"),
		},
	}}
}

func acceptFindings(pool awscognito.CfnUserPool, users config.Users) {
	var accepted []nag.Accepted
	if users.MFA != config.Required {
		accepted = append(accepted, nag.Rule("AwsSolutions-COG2", "MFA is a setting of each stage. Pool-wide MFA says "+
			"nothing about how recent it was; the actions that need it demand a stepped-up sign-in."))
	}
	if users.Plan != config.Plus {
		accepted = append(accepted, nag.Rule("AwsSolutions-COG8", "Threat protection needs feature plan Plus and is a "+
			"setting of each stage; Production enforces it."))
	}
	if len(accepted) > 0 {
		nag.Accept(pool, accepted...)
	}
}
