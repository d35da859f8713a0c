package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/nag"
)

func smsConfiguration(scope constructs.Construct, users config.Users) any {
	if !users.SendsSMS() {
		return nil
	}
	return newSMS(scope)
}

// newSMS lets Cognito publish SMS, for user pools of this account only. The conditions prevent a confused
// deputy (threat U21): ExternalId ties the role to this pool's configuration, SourceAccount and SourceArn to this
// account. SourceArn cannot name the one pool, because the pool needs the role first.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-sms-settings.html
func newSMS(scope constructs.Construct) *awscognito.CfnUserPool_SmsConfigurationProperty {
	stack := awscdk.Stack_Of(scope)
	externalID, account := *stack.StackName()+"-sms", *stack.Account()
	role := awsiam.NewRole(scope, jsii.String("SmsRole"), &awsiam.RoleProps{
		Description: jsii.String("Lets Cognito send SecureCart's SMS codes"),
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("cognito-idp.amazonaws.com"), &awsiam.ServicePrincipalOpts{
			Conditions: &map[string]any{
				"StringEquals": map[string]any{"sts:ExternalId": externalID, "aws:SourceAccount": account},
				"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
					Service: jsii.String("cognito-idp"), Resource: jsii.String("userpool"), ResourceName: jsii.String("*"),
				})},
			},
		}),
		// Inline, so that the permission exists as soon as the role does: the pool checks it when it is created.
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"PublishSms": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{
				awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
					Sid:     jsii.String("PublishSms"),
					Actions: jsii.Strings("sns:Publish"),
					// An SMS goes to a phone number, which has no ARN.
					Resources: jsii.Strings("*"),
				}),
			}}),
		},
	})
	nag.Accept(role,
		nag.Finding("AwsSolutions-IAM5", "Resource::*",
			"sns:Publish to a phone number has no resource ARN; the trust policy lets Cognito only take the role."),
		nag.InlinePolicy())
	return &awscognito.CfnUserPool_SmsConfigurationProperty{
		SnsCallerArn: role.RoleArn(),
		ExternalId:   jsii.String(externalID),
		SnsRegion:    stack.Region(),
	}
}
