package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/internal/gateway"
)

// userPool reads, deletes, links and unlinks single users. It writes no attribute.
type userPool struct {
	client *cognito.Client
	id     string
}

// find returns the account of this user name; found is false if there is none. The user name of a deleted profile may
// lead to the account that it was connected with, so callers must check the returned account.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func (p userPool) find(ctx context.Context, username string) (one account, found bool, err error) {
	user, err := p.client.AdminGetUser(ctx, &cognito.AdminGetUserInput{
		UserPoolId: aws.String(p.id), Username: aws.String(username),
	})
	if gone := new(types.UserNotFoundException); errors.As(err, &gone) {
		return account{}, false, nil
	}
	if err != nil {
		return account{}, false, fmt.Errorf("read a user: %w", err)
	}
	one, err = accountOf(user)
	return one, err == nil, err
}

// caller returns the account of a token. API Gateway accepts a token until it expires, so the account may have been
// deleted or disabled since; then the error is a 401 Problem.
func (p userPool) caller(ctx context.Context, username, sub string) (account, error) {
	found, exists, err := p.find(ctx, username)
	switch {
	case err != nil:
		return account{}, err
	case !exists:
		return account{}, gateway.Unauthorized("the token's user has been deleted")
	case found.sub != sub:
		// AdminGetUser finds users by aliases, too.
		return account{}, gateway.Internal("ForeignUser", "the user of that name has another sub than the token")
	case !found.enabled:
		return account{}, gateway.Unauthorized("the token's user has been disabled")
	}
	return found, nil
}

// remove deletes the account of this user name, if there is one. The SDK must not retry by itself: the account may have
// changed since it was read.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
func (p userPool) remove(ctx context.Context, username string) error {
	_, err := p.client.AdminDeleteUser(ctx, &cognito.AdminDeleteUserInput{
		UserPoolId: aws.String(p.id), Username: aws.String(username),
	}, func(o *cognito.Options) { o.RetryMaxAttempts = 1 })
	if gone := new(types.UserNotFoundException); errors.As(err, &gone) {
		return nil
	}
	return err
}

// link lets the customer of the provider sign in to the native account of this user name. Cognito refuses an identity
// that has a profile, or is linked already.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func (p userPool) link(ctx context.Context, username string, one identity) error {
	_, err := p.client.AdminLinkProviderForUser(ctx, &cognito.AdminLinkProviderForUserInput{
		UserPoolId: aws.String(p.id),
		DestinationUser: &types.ProviderUserIdentifierType{
			ProviderName: aws.String(passwordProvider), ProviderAttributeValue: aws.String(username),
		},
		SourceUser: identifier(one),
	})
	return err
}

// unlink ends the link of an identity with any account. For the provider Cognito it would remove the account's
// password.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func (p userPool) unlink(ctx context.Context, one identity) error {
	_, err := p.client.AdminDisableProviderForUser(ctx, &cognito.AdminDisableProviderForUserInput{
		UserPoolId: aws.String(p.id), User: identifier(one),
	})
	return err
}

// passwordProvider is Cognito's name for itself as a provider.
const passwordProvider = "Cognito"

func identifier(one identity) *types.ProviderUserIdentifierType {
	return &types.ProviderUserIdentifierType{
		ProviderName:           aws.String(one.provider),
		ProviderAttributeName:  aws.String("Cognito_Subject"),
		ProviderAttributeValue: aws.String(one.subject),
	}
}
