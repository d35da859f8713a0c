package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/tokenevent"
	"github.com/securecart/identity/lambda/mfa"
)

// lookUpFactor asks Cognito which factor the user has: neither the event nor its attributes say.
func (t *trigger) lookUpFactor(ctx context.Context, e *tokenevent.Event) (mfa.Factor, error) {
	customer, err := e.Sub()
	if err != nil {
		return mfa.None, err
	}
	output, err := t.users.AdminGetUser(ctx, &cognito.AdminGetUserInput{
		UserPoolId: aws.String(e.UserPoolID),
		Username:   aws.String(e.UserName),
	})
	if err != nil {
		return mfa.None, err
	}
	// One user's factor must not count with the trust in another user's, and a response without a user must not count as a
	// user without a factor.
	if subOf(output) != customer {
		return mfa.None, function.Fail("InvalidUser", "the answer is not about the sub of the event")
	}
	return mfa.Asked(output.UserMFASettingList, aws.ToString(output.PreferredMfaSetting), t.offered), nil
}

func subOf(user *cognito.AdminGetUserOutput) string {
	for _, attribute := range user.UserAttributes {
		if aws.ToString(attribute.Name) == "sub" {
			return aws.ToString(attribute.Value)
		}
	}
	return ""
}
