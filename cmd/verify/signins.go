package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/test/e2e"
)

// namesItsFactor asks whether a stepped-up token says how its customer signed in.
func namesItsFactor(ctx context.Context, b *bench) (verdict, string, error) {
	_, tokens, err := b.protected(ctx)
	if err != nil {
		return "", "", err
	}
	found := tokens.Claims()
	if found == nil {
		return "", "", errors.New("the access token is no JSON Web Token")
	}
	if found["acr"] == nil {
		return noted, "no claim acr: leave Users.RequireACR false", nil
	}
	return noted, fmt.Sprintf("acr %v, amr %v: Users.RequireACR may be true", found["acr"], found["amr"]), nil
}

// reachesTheTrigger asks whether ClientMetadata of the answer PASSWORD_VERIFIER reaches the token trigger where no
// other challenge follows. The first visit to an account's settings needs it.
func reachesTheTrigger(ctx context.Context, b *bench) (verdict, string, error) {
	c, v, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	required, err := b.requiresFactor(ctx, c)
	if err != nil {
		return "", "", err
	}
	tokens, err := b.SignInProving(ctx, c, b.AccountClientID, v)
	if err != nil {
		return "", "", err
	}
	scopes := tokens.Scopes()
	last := "PASSWORD_VERIFIER"
	if required {
		last = "MFA_SETUP"
	}
	if !slices.Contains(scopes, contract.Admin) {
		return fails, fmt.Sprintf("last answer %s, scopes %v: nobody could open the settings", last, scopes), nil
	}
	return holds, fmt.Sprintf("last answer %s, scopes %s", last, strings.Join(scopes, " ")), nil
}

// survivesReset asks whether a sign-in that was begun with the old password can be finished after a new one was set. An
// administrator sets it, because on AWS the probe cannot read the mail.
func survivesReset(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.protected(ctx)
	if err != nil {
		return "", "", err
	}
	begun, err := b.Begin(ctx, c, b.StepUpClientID, "")
	if err != nil {
		return "", "", err
	}
	if _, err := b.users.AdminSetUserPassword(ctx, &cognitoidentityprovider.AdminSetUserPasswordInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email, Password: aws.String(e2e.NewCustomer("").Password), Permanent: true,
	}); err != nil {
		return "", "", err
	}
	tokens, err := begun.Finish(ctx, "")
	if errors.Is(err, e2e.ErrSecondFactor) {
		return "", "", err
	}
	seen, err := outcome(err)
	if err != nil {
		return "", "", err
	}
	if tokens.Access != "" {
		seen += fmt.Sprintf(", scopes %v", tokens.Scopes())
	}
	return noted, "the code of a sign-in begun before: " + seen, nil
}
