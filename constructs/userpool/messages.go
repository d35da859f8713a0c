package userpool

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// smsCode is the message with a second factor and with the code that verifies a phone number. Cognito replaces {####}
// by the code. No message holds a link, so that customers learn never to follow one.
const smsCode = "SecureCart: your code is {####}. We never ask you for it."

// verification is the e-mail with a code. Cognito has one text for confirming a sign-up and for recovering a password,
// so the text must fit both. It says where to enter the code, because somebody who asks for it by phone or chat has
// signed up with the victim's address, or wants to take over the account.
func verification() *awscognito.CfnUserPool_VerificationMessageTemplateProperty {
	return &awscognito.CfnUserPool_VerificationMessageTemplateProperty{
		DefaultEmailOption: jsii.String("CONFIRM_WITH_CODE"),
		EmailSubject:       jsii.String("SecureCart: your code"),
		EmailMessage: jsii.String("Your code is <b>{####}</b>.<br><br>" +
			"Enter it only on the page of SecureCart where you have just asked for it, to confirm your address or to choose " +
			"a new password. Nobody at SecureCart will ever ask you for it.<br><br>" +
			"If you did not ask for it, ignore this message: without the code nothing changes."),
		SmsMessage: jsii.String(smsCode),
	}
}

// invitation lets customers sign themselves up. The messages are for users whom the shop's staff invites.
func invitation() *awscognito.CfnUserPool_AdminCreateUserConfigProperty {
	return &awscognito.CfnUserPool_AdminCreateUserConfigProperty{
		AllowAdminCreateUserOnly: jsii.Bool(false),
		InviteMessageTemplate: &awscognito.CfnUserPool_InviteMessageTemplateProperty{
			EmailSubject: jsii.String("SecureCart: your invitation"),
			EmailMessage: jsii.String("You have been invited to SecureCart.<br><br>Sign in as <b>{username}</b> with the " +
				"temporary password <b>{####}</b> within a day; you will be asked for one of your own."),
			SmsMessage: jsii.String("SecureCart: sign in as {username} with {####} within a day."),
		},
	}
}

func emailCodeSubject(users config.Users) *string {
	if !slices.Contains(users.FirstFactors, config.EmailOTP) {
		return nil
	}
	return jsii.String("SecureCart: your sign-in code")
}

func emailCode(users config.Users) *string {
	if !slices.Contains(users.FirstFactors, config.EmailOTP) {
		return nil
	}
	return jsii.String("Your sign-in code is <b>{####}</b>.<br><br>" +
		"If you are not signing in, somebody knows your address: ignore this message.")
}

// emailConfiguration grants nothing: Cognito sends through SES with a service-linked role that it creates itself.
func emailConfiguration(email config.Email) *awscognito.CfnUserPool_EmailConfigurationProperty {
	if !email.SES() {
		return &awscognito.CfnUserPool_EmailConfigurationProperty{EmailSendingAccount: jsii.String("COGNITO_DEFAULT")}
	}
	return &awscognito.CfnUserPool_EmailConfigurationProperty{
		EmailSendingAccount: jsii.String("DEVELOPER"),
		From:                jsii.String(sender(email)),
		SourceArn:           jsii.String(email.IdentityARN),
	}
}

func sender(email config.Email) string {
	if email.FromName == "" {
		return email.From
	}
	return fmt.Sprintf("%q <%s>", email.FromName, email.From)
}
