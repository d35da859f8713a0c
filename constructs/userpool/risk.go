package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// newRiskConfiguration sets the actions of threat protection, for every client, where the stage enforces it. Sign-ins
// with a leaked password are blocked. With risk-based MFA, customers with a factor must enter it at every sign-in,
// whatever the risk, because Cognito asks everybody who has activated one. Customers without a factor are blocked at
// high risk. The check for leaked passwords needs the password itself, so it does not cover sign-ins by SRP (limits:
// docs/adr/0003-l1-for-cognito.md).
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
func newRiskConfiguration(scope constructs.Construct, poolID string, props Props) {
	if props.Users.ThreatProtection != config.Enforce {
		return
	}
	leaked := &awscognito.CfnUserPoolRiskConfigurationAttachment_CompromisedCredentialsRiskConfigurationTypeProperty{
		EventFilter: jsii.Strings("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"),
		Actions: &awscognito.CfnUserPoolRiskConfigurationAttachment_CompromisedCredentialsActionsTypeProperty{
			EventAction: jsii.String("BLOCK"),
		},
	}
	risk := &awscognito.CfnUserPoolRiskConfigurationAttachmentProps{
		UserPoolId:                              jsii.String(poolID),
		ClientId:                                jsii.String("ALL"),
		CompromisedCredentialsRiskConfiguration: leaked,
	}
	if props.Users.MFA == config.RiskBased {
		risk.AccountTakeoverRiskConfiguration = accountTakeover(props.Email)
	}
	awscognito.NewCfnUserPoolRiskConfigurationAttachment(scope, jsii.String("Risk"), risk)
}

func accountTakeover(
	email config.Email,
) *awscognito.CfnUserPoolRiskConfigurationAttachment_AccountTakeoverRiskConfigurationTypeProperty {
	notice := &awscognito.CfnUserPoolRiskConfigurationAttachment_NotifyEmailTypeProperty{
		Subject: jsii.String("SecureCart: an unusual sign-in to your account"),
		TextBody: jsii.String("Somebody signed in, or tried to, in a way that is unusual for you. " +
			"If it was not you, change your password now."),
	}
	return &awscognito.CfnUserPoolRiskConfigurationAttachment_AccountTakeoverRiskConfigurationTypeProperty{
		Actions: &awscognito.CfnUserPoolRiskConfigurationAttachment_AccountTakeoverActionsTypeProperty{
			// No LowAction means no action: an ordinary sign-in from a new browser is a low risk.
			MediumAction: onRisk("MFA_IF_CONFIGURED"),
			HighAction:   onRisk("MFA_REQUIRED"),
		},
		NotifyConfiguration: &awscognito.CfnUserPoolRiskConfigurationAttachment_NotifyConfigurationTypeProperty{
			// The bare address: AWS documents no form with a display name here, as it does for the pool's own messages.
			// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_NotifyConfigurationType.html
			From:          jsii.String(email.From),
			SourceArn:     jsii.String(email.IdentityARN),
			MfaEmail:      notice,
			BlockEmail:    notice,
			NoActionEmail: notice,
		},
	}
}

func onRisk(action string) *awscognito.CfnUserPoolRiskConfigurationAttachment_AccountTakeoverActionTypeProperty {
	return &awscognito.CfnUserPoolRiskConfigurationAttachment_AccountTakeoverActionTypeProperty{
		EventAction: jsii.String(action),
		Notify:      jsii.Bool(true),
	}
}
