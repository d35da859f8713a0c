package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

func TestMessagesNameTheShopAndHoldNoLink(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		pool, users := in.Only("AWS::Cognito::UserPool"), in.Config.Users
		verification := pool.At("VerificationMessageTemplate")
		invitation := pool.At("AdminCreateUserConfig", "InviteMessageTemplate")
		isOurs(verification.At("EmailMessage"), "{####}")
		isOurs(verification.At("SmsMessage"), "{####}")
		isOurs(invitation.At("EmailMessage"), "{####}", "{username}")
		isOurs(invitation.At("SMSMessage"), "{####}", "{username}")
		isOurs(pool.At("SmsAuthenticationMessage"), "{####}")
		verification.At("EmailSubject").Is("SecureCart: your code")
		signIn := pool.At("EmailAuthenticationMessage")
		if slices.Contains(users.FirstFactors, config.EmailOTP) {
			holdsOnce(signIn, "{####}")
			pool.At("EmailAuthenticationSubject").Is("SecureCart: your sign-in code")
		} else {
			signIn.Absent()
		}
		if users.ThreatProtection == config.Enforce && users.MFA == config.RiskBased {
			noticesHoldNoLink(in.Only("AWS::Cognito::UserPoolRiskConfigurationAttachment"))
		}
		pool.At("EmailConfiguration").Is(sender(in.Config.Email))
	})
}

// holdsOnce expects a message to hold each placeholder once.
func holdsOnce(message threats.Value, placeholders ...string) {
	for _, placeholder := range placeholders {
		if text := message.Text(); strings.Count(text, placeholder) != 1 {
			message.Fail("is %q, which must hold %s once, or Cognito refuses it", text, placeholder)
		}
	}
}

// isOurs expects a message to name the shop, and to hold each placeholder once and no link.
func isOurs(message threats.Value, placeholders ...string) {
	holdsOnce(message, placeholders...)
	text := message.Text()
	if !strings.Contains(text, "SecureCart") || strings.Contains(text, "http") {
		message.Fail("is %q, which must name the shop and hold no link", text)
	}
}

// noticesHoldNoLink checks every text that threat protection sends about a risky sign-in.
func noticesHoldNoLink(risk threats.Resource) {
	for _, notice := range []string{"BlockEmail", "MfaEmail", "NoActionEmail"} {
		for _, part := range []string{"Subject", "TextBody"} {
			message := risk.At("AccountTakeoverRiskConfiguration", "NotifyConfiguration", notice, part)
			if text := message.Text(); strings.Contains(text, "http") || strings.Contains(text, "www.") {
				message.Fail("is %q, which must hold no link", text)
			}
		}
	}
}

// sender is how the user pool sends e-mail.
func sender(email config.Email) map[string]any {
	if !email.SES() {
		return map[string]any{"EmailSendingAccount": "COGNITO_DEFAULT"}
	}
	from := email.From
	if email.FromName != "" {
		from = fmt.Sprintf("%q <%s>", email.FromName, email.From)
	}
	return map[string]any{"EmailSendingAccount": "DEVELOPER", "SourceArn": email.IdentityARN, "From": from}
}
