package userpool

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// policies sets the password policy and the first factors. The constants are those of PCI DSS 4.0.1: 8.3.6 (length,
// classes) and 8.3.7 (history). A temporary password belongs to an invitation and is short-lived.
func policies(users config.Users) *awscognito.CfnUserPool_PoliciesProperty {
	return &awscognito.CfnUserPool_PoliciesProperty{
		PasswordPolicy: &awscognito.CfnUserPool_PasswordPolicyProperty{
			MinimumLength:                 jsii.Number(users.PasswordLength),
			RequireLowercase:              jsii.Bool(true),
			RequireUppercase:              jsii.Bool(true),
			RequireNumbers:                jsii.Bool(true),
			RequireSymbols:                jsii.Bool(true),
			PasswordHistorySize:           jsii.Number(5),
			TemporaryPasswordValidityDays: jsii.Number(1),
		},
		SignInPolicy: &awscognito.CfnUserPool_SignInPolicyProperty{AllowedFirstAuthFactors: firstFactors(users)},
	}
}

func firstFactors(users config.Users) *[]*string {
	names := map[config.FirstFactor]string{
		config.EmailOTP: "EMAIL_OTP",
		config.SMSOTP:   "SMS_OTP",
		config.Passkey:  "WEB_AUTHN",
	}
	factors := []string{"PASSWORD"}
	for _, f := range users.FirstFactors {
		factors = append(factors, names[f])
	}
	return jsii.Strings(factors...)
}

// enabledMfas is nil with MFA off: Cognito has no other form of "none".
func enabledMfas(users config.Users) *[]*string {
	if users.MFA == config.Off {
		return nil
	}
	names := map[config.SecondFactor]string{config.TOTP: "SOFTWARE_TOKEN_MFA", config.SMS: "SMS_MFA"}
	var factors []string
	for _, f := range users.SecondFactors {
		factors = append(factors, names[f])
	}
	return jsii.Strings(factors...)
}

// passkeyVerification requires the device to verify its user, even where the pool does not count that as a second
// factor.
func passkeyVerification(users config.Users) *string {
	if !slices.Contains(users.FirstFactors, config.Passkey) {
		return nil
	}
	return jsii.String("required")
}

func passkeyFactors(users config.Users) *string {
	switch users.Passkeys {
	case config.UserVerified:
		return jsii.String("MULTI_FACTOR_WITH_USER_VERIFICATION")
	case config.PossessionOnly:
		return jsii.String("SINGLE_FACTOR")
	default:
		return nil
	}
}
