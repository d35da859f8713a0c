package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// confirmsDisabled asks whether a disabled account can be confirmed: lambda/unconfirmed disables an account before it
// deletes it. A wrong code is enough to see whether Cognito checks the code or the state first.
func confirmsDisabled(ctx context.Context, b *bench) (verdict, string, error) {
	c := b.invent()
	if err := b.Register(ctx, c, b.WebClientID, nil); err != nil {
		return "", "", err
	}
	if _, err := b.users.AdminDisableUser(
		ctx, &cognitoidentityprovider.AdminDisableUserInput{UserPoolId: &b.UserPoolID, Username: &c.Email},
	); err != nil {
		return "", "", err
	}
	_, err := b.users.ConfirmSignUp(ctx, &cognitoidentityprovider.ConfirmSignUpInput{
		ClientId: &b.WebClientID, Username: &c.Email, ConfirmationCode: aws.String("000000"),
	})
	wrongCode, err := outcome(err)
	if err != nil {
		return "", "", err
	}
	_, err = b.users.AdminConfirmSignUp(
		ctx, &cognitoidentityprovider.AdminConfirmSignUpInput{UserPoolId: &b.UserPoolID, Username: &c.Email},
	)
	administrator, err := outcome(err)
	return noted, fmt.Sprintf(
		"a wrong code: %s; an administrator: %s. Either is safe: the account is read again before it is deleted",
		wrongCode,
		administrator,
	), err
}

// refusesRevoked measures how long the user pool accepts an access token after its session was revoked. In that time a
// stolen copy could replace a factor.
func refusesRevoked(ctx context.Context, b *bench) (verdict, string, error) {
	_, _, account, err := b.visitor(ctx)
	if err != nil {
		return "", "", err
	}
	if _, err := b.users.GetUser(ctx, &cognitoidentityprovider.GetUserInput{AccessToken: &account.Access}); err != nil {
		return "", "", fmt.Errorf("before the revocation: %w", err)
	}
	if err := b.Revoke(ctx, b.AccountClientID, account); err != nil {
		return "", "", err
	}
	start := time.Now()
	for calls := 1; ; calls++ {
		_, err := b.users.GetUser(ctx, &cognitoidentityprovider.GetUserInput{AccessToken: &account.Access})
		seen, err := outcome(err)
		took := time.Since(start).Round(time.Millisecond)
		switch {
		case err != nil:
			return "", "", err
		case seen == "NotAuthorizedException":
			return noted, fmt.Sprintf("refused at call %d, after %s", calls, took), nil
		case took > time.Minute:
			return fails, "still taken after a minute: the seal of a factor would be worth little", nil
		}
		// Not faster: the account shares 120 such calls a second with its customers.
		select {
		case <-ctx.Done():
			return "", "", ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// keepsLinked asks whether a native account with a linked identity keeps its status, its password and its recovery.
func keepsLinked(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	user, err := b.look(ctx, c)
	if err != nil {
		return "", "", err
	}
	if _, err := b.users.AdminLinkProviderForUser(ctx, &cognitoidentityprovider.AdminLinkProviderForUserInput{
		UserPoolId: &b.UserPoolID,
		DestinationUser: &types.ProviderUserIdentifierType{
			ProviderName:           aws.String("Cognito"),
			ProviderAttributeValue: user.Username,
		},
		SourceUser: &types.ProviderUserIdentifierType{
			ProviderName: aws.String("Google"), ProviderAttributeName: aws.String("Cognito_Subject"),
			ProviderAttributeValue: aws.String("9" + aws.ToString(user.Username)),
		},
	}); err != nil {
		return "", "", fmt.Errorf("link an invented identity of Google: %w", err)
	}
	linked, err := b.look(ctx, c)
	if err != nil {
		return "", "", err
	}
	_, signIn := b.Begin(ctx, c, b.WebClientID, "")
	signsIn, err := outcome(signIn)
	if err != nil {
		return "", "", err
	}
	_, recovery := b.users.ForgotPassword(
		ctx, &cognitoidentityprovider.ForgotPasswordInput{ClientId: &b.WebClientID, Username: &c.Email},
	)
	recovers, err := outcome(recovery)
	seen := fmt.Sprintf("status %s, password: %s, recovery: %s", linked.UserStatus, signsIn, recovers)
	if linked.UserStatus != types.UserStatusTypeConfirmed || signsIn != "accepted" || recovers != "accepted" {
		return fails, seen + ": connected customers could not step up", err
	}
	return holds, seen + " (the identity was invented: nobody has signed in with it)", err
}

// linksAfterDeletion links an identity right after the deletion of its federated profile, as lambda/links does. The
// profile must come from a real sign-in with the provider.
func linksAfterDeletion(context.Context, *bench) (verdict, string, error) {
	return byHand, "sign in with Google at managed login, then connect it in the storefront (POST /links): " +
		"204 on the first try, or 503 that a second try mends; note how long", nil
}
