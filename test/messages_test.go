package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestMessagesAreOurOwnAndHoldNoLink(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		want(t, pool, "CONFIRM_WITH_CODE", "a link would be followed", "VerificationMessageTemplate", "DefaultEmailOption")
		for _, message := range []struct {
			path         []any
			placeholders []string
		}{
			{[]any{"VerificationMessageTemplate", "EmailMessage"}, []string{"{####}"}},
			{[]any{"VerificationMessageTemplate", "SmsMessage"}, []string{"{####}"}},
			{[]any{"AdminCreateUserConfig", "InviteMessageTemplate", "EmailMessage"}, []string{"{####}", "{username}"}},
			{[]any{"AdminCreateUserConfig", "InviteMessageTemplate", "SMSMessage"}, []string{"{####}", "{username}"}},
			{[]any{"SmsAuthenticationMessage"}, []string{"{####}"}},
		} {
			text := pool.text(t, message.path...)
			for _, placeholder := range message.placeholders {
				if strings.Count(text, placeholder) != 1 {
					t.Errorf("%s: %v must hold %s once, or Cognito refuses it: %q", pool, message.path, placeholder, text)
				}
			}
			if !strings.Contains(text, "SecureCart") || strings.Contains(text, "http") {
				t.Errorf("%s: %v must name the shop and hold no link: %q", pool, message.path, text)
			}
		}
		if s.config.Users.ThreatProtection == config.Enforce && s.config.Users.MFA == config.RiskBased {
			noticesHoldNoLink(t, s.only(t, "AWS::Cognito::UserPoolRiskConfigurationAttachment"))
		}
		want(t, pool, "SecureCart: your code", "the message would look like anybody's", "VerificationMessageTemplate", "EmailSubject")
		if s.config.Email.SES() {
			want(t, pool, map[string]any{
				"EmailSendingAccount": "DEVELOPER", "SourceArn": s.config.Email.IdentityARN,
				"From": sender(s.config.Email),
			}, "messages would come from nobody", "EmailConfiguration")
		} else {
			want(t, pool, map[string]any{"EmailSendingAccount": "COGNITO_DEFAULT"}, "messages would not be sent", "EmailConfiguration")
		}
	})
}

// noticesHoldNoLink checks every text that threat protection sends about a risky sign-in. Which there may be is closed by package
// threats.
func noticesHoldNoLink(t *testing.T, risk found) {
	t.Helper()
	for _, notice := range []string{"BlockEmail", "MfaEmail", "NoActionEmail"} {
		for _, part := range []string{"Subject", "TextBody"} {
			text := risk.text(t, "AccountTakeoverRiskConfiguration", "NotifyConfiguration", notice, part)
			if strings.Contains(text, "http") || strings.Contains(text, "www.") {
				t.Errorf("%s: %s of %s must hold no link: %q", risk, part, notice, text)
			}
		}
	}
}

func sender(email config.Email) string {
	if email.FromName == "" {
		return email.From
	}
	return fmt.Sprintf("%q <%s>", email.FromName, email.From)
}

func TestSMSRoleIsForThisAccountsPoolsAndForSMSOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		if !s.config.Users.SendsSMS() {
			want(t, pool, nil, "a role that nothing needs", "SmsConfiguration")
			return
		}
		if got := pool.text(t, "SmsConfiguration", "SnsCallerArn"); got != "${UserPool.UsersSmsRole.Arn}" {
			t.Errorf("%s sends SMS as %s", pool, got)
		}
		role, externalID := s.resource(t, "UserPool", "UsersSmsRole"), "SecureCart-"+s.config.Name+"-UserPool-sms"
		want(t, pool, externalID, "Cognito could not assume the role", "SmsConfiguration", "ExternalId")
		account := s.account()
		compare(t, role.trust(t), []string{
			"Allow sts:AssumeRole to Service cognito-idp.amazonaws.com" +
				" if ArnLike aws:SourceArn arn:aws:cognito-idp:" + s.config.Region + ":" + account + ":userpool/*" +
				" and StringEquals aws:SourceAccount " + account +
				" and StringEquals sts:ExternalId " + externalID,
		}, "another account's pool could send at our cost")
		compare(t, role.inline(t), []string{"Allow sns:Publish on *"}, "Cognito could do more than send SMS")
	})
}
