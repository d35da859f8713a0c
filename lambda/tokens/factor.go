package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/contract"
)

// lookUpFactor asks Cognito which factor the user has. The event does not say, and its attributes know nothing of
// factors.
func (t *trigger) lookUpFactor(ctx context.Context, e *event) (factor, error) {
	customer, err := e.customer()
	if err != nil {
		return none, err
	}
	output, err := t.users.AdminGetUser(ctx, &cognito.AdminGetUserInput{
		UserPoolId: aws.String(e.UserPoolID),
		Username:   aws.String(e.UserName),
	})
	if err != nil {
		return none, err
	}
	// The factor of one user must not count with the trust in another's, and an answer about nobody must not pass for
	// one about a user without a factor.
	if subOf(output) != customer {
		return none, refuse("InvalidUser", "the answer is not about the sub of the event")
	}
	asked := factorOf(output.UserMFASettingList, aws.ToString(output.PreferredMfaSetting))
	if !slices.Contains(t.offered, asked) {
		return none, nil // left over from a time when the pool still asked for it
	}
	return asked, nil
}

func subOf(user *cognito.AdminGetUserOutput) string {
	for _, attribute := range user.UserAttributes {
		if aws.ToString(attribute.Name) == "sub" {
			return aws.ToString(attribute.Value)
		}
	}
	return ""
}

// readFactors reads which factors the pool asks for: "TOTP", "SMS", both separated
// by a comma, or nothing.
func readFactors(text string) ([]factor, error) {
	if text == "" {
		return nil, nil
	}
	names := map[string]factor{"TOTP": totp, "SMS": sms}
	var offered []factor
	for name := range strings.SplitSeq(text, ",") {
		known, ok := names[name]
		if !ok {
			return nil, fmt.Errorf("%s must be TOTP, SMS, both or empty, got %q", contract.SecondFactors, text)
		}
		offered = append(offered, known)
	}
	return offered, nil
}

// factorOf returns the factor that Cognito asks for at every sign-in: one that is
// active and also preferred. E-mail codes do not count: the mailbox can also reset
// the password, so it would be the only thing to steal.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func factorOf(active []string, preferred string) factor {
	if !slices.Contains(active, preferred) {
		return none
	}
	switch preferred {
	case "SMS_MFA":
		return sms
	case "SOFTWARE_TOKEN_MFA":
		return totp
	default:
		return none
	}
}
