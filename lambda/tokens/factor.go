package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// lookUpFactor asks Cognito which factor the user has. The event does not say,
// and its attributes know nothing of factors.
func (t *trigger) lookUpFactor(ctx context.Context, e *event) (factor, error) {
	output, err := t.users.AdminGetUser(ctx, &cognito.AdminGetUserInput{
		UserPoolId: aws.String(e.UserPoolID),
		Username:   aws.String(e.UserName),
	})
	if err != nil {
		return none, err
	}
	// An answer about nobody must not pass for one about a user without a factor.
	if aws.ToString(output.Username) == "" {
		return none, refuse("InvalidUser", "the answer names no user")
	}
	found := factorOf(output.UserMFASettingList, aws.ToString(output.PreferredMfaSetting))
	if !slices.Contains(t.offered, found) {
		return none, nil // left over from a time when the pool still asked for it
	}
	return found, nil
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
			return nil, fmt.Errorf("SECOND_FACTORS must be TOTP, SMS, both or empty, got %q", text)
		}
		offered = append(offered, known)
	}
	return offered, nil
}

// factorOf returns the factor that Cognito asks for at every sign-in: one that is
// active and also preferred. A code by e-mail is none, since the mailbox can reset
// the password too and would so be the only thing to get hold of.
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
