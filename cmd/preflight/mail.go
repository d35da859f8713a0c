package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/iam"
)

// mailRegion is where the stage's identity is verified: the stage's own Region if it has none.
func mailRegion(s config.Stage) string {
	if parts := strings.SplitN(s.Email.IdentityARN, ":", 6); len(parts) == 6 && parts[3] != "" {
		return parts[3]
	}
	return s.Region
}

// mail checks the sender of the stage's messages.
func mail(ctx context.Context, s Subject) []Result {
	if !s.Stage.Email.SES() {
		return []Result{ok("Cognito sends the messages itself: 50 a day for the whole account " +
			"(https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html)")}
	}
	results := []Result{sender(ctx, s.Services.Mail, s.Stage)}
	return append(results, identity(ctx, s)...)
}

// sender checks the account's SES in the identity's Region.
// https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
func sender(ctx context.Context, api Mail, s config.Stage) Result {
	where := mailRegion(s)
	answer, err := api.GetAccount(ctx, &sesv2.GetAccountInput{})
	switch {
	case err != nil:
		return unknown(err)
	case !answer.ProductionAccessEnabled:
		return failure("https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html",
			"SES in %s is in its sandbox: it sends to verified addresses only, and so to no customer", where)
	case !answer.SendingEnabled:
		return failure("https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html",
			"SES in %s is paused for this account", where)
	case aws.ToString(answer.EnforcementStatus) != "HEALTHY":
		return warning("https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html",
			"SES in %s puts this account under review: %s", where, aws.ToString(answer.EnforcementStatus))
	}
	return ok("SES in %s is out of its sandbox, and may send %s messages a day", where, daily(answer.SendQuota))
}

func daily(quota *types.SendQuota) string {
	if quota == nil {
		return "an unknown number of"
	}
	return fmt.Sprintf("%.0f", quota.Max24HourSend)
}

// identity checks the stage's identity and, where Cognito sends notices of risky sign-ins, the identity's policy.
// Without the policy SetRiskConfiguration fails, and so does the deploy.
func identity(ctx context.Context, s Subject) []Result {
	_, name, _ := strings.Cut(s.Stage.Email.IdentityARN, ":identity/")
	answer, err := s.Services.Mail.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: aws.String(name)})
	const verify = "https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html"
	where := mailRegion(s.Stage)
	switch {
	case codeOf(err) == "NotFoundException":
		return []Result{failure(verify, "SES in %s has no identity %s", where, name)}
	case err != nil:
		return []Result{unknown(err)}
	case !answer.VerifiedForSendingStatus:
		return []Result{failure(verify, "the identity %s is not verified: it is %s", name, answer.VerificationStatus)}
	}
	results := []Result{ok("the identity %s is verified", name)}
	if dkim := answer.DkimAttributes; dkim == nil || dkim.Status != types.DkimStatusSuccess {
		results = append(results, warning("https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim.html",
			"messages of %s are not signed with DKIM: large providers refuse such", name))
	}
	if sendsNotices(s.Stage) {
		results = append(results, notices(s, answer.Policies))
	}
	return results
}

// sendsNotices reports whether the pool has a risk configuration with notices (constructs/userpool, risk.go).
func sendsNotices(s config.Stage) bool {
	return s.Users.ThreatProtection == config.Enforce && s.Users.MFA == config.RiskBased
}

// noticeSender is the principal with which Cognito sends notices of risky sign-ins.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
const noticeSender = "email.cognito-idp.amazonaws.com"

func notices(s Subject, policies map[string]string) Result {
	arn := s.Stage.Email.IdentityARN
	_, name, _ := strings.Cut(arn, ":identity/")
	remedy := "aws sesv2 create-email-identity-policy --region " + mailRegion(s.Stage) + " --email-identity " + name +
		" --policy-name CognitoNotices --policy '" + noticePolicy(s) + "'"
	var documents []iam.Policy
	for name, text := range policies {
		document, err := iam.Parse([]byte(text))
		if err != nil {
			return warning(remedy, "not checked: the policy %s of %s is not understood: %v", name, arn, err)
		}
		documents = append(documents, iam.Policy{Name: name, Document: document})
	}
	// Before the first deploy the pool has no id.
	pool := "arn:aws:cognito-idp:" + s.Stage.Region + ":" + s.account + ":userpool/" + s.Stage.Region + "_any"
	for _, action := range []string{"ses:SendEmail", "ses:SendRawEmail"} {
		decision, err := iam.Evaluate(documents, iam.Request{
			Action: action, Resource: arn, Principal: iam.Principal{Type: iam.Service, ID: noticeSender},
			Context: map[string][]string{"aws:SourceAccount": {s.account}, "aws:SourceArn": {pool}},
		})
		switch {
		case err != nil:
			return warning(remedy, "not checked: the policies of %s are not understood: %v", arn, err)
		case decision.Outcome != iam.Allowed:
			return failure(remedy, "Cognito may not send notices of risky sign-ins as %s (%s: %s)", arn, action, decision)
		}
	}
	return ok("Cognito may send notices of risky sign-ins as %s", arn)
}

// noticePolicy lets Cognito send for this account's user pools, and for no others.
// https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
func noticePolicy(s Subject) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"CognitoNotices","Effect":"Allow",` +
		`"Principal":{"Service":"` + noticeSender +
		`"},"Action":["ses:SendEmail","ses:SendRawEmail"],"Resource":"` + s.Stage.Email.IdentityARN +
		`","Condition":{"StringEquals":{"aws:SourceAccount":"` + s.account + `"}}}]}`
}
