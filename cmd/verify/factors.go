package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/test/e2e"
)

// noFactor are the error codes that lambda/registration treats as "no factor".
var noFactor = []string{"accepted", "SoftwareTokenMFANotFoundException", "InvalidParameterException"}

// removesNothing asks how Cognito answers the removal of an authenticator from a customer without one.
func removesNothing(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	_, err = b.users.AdminDeleteSoftwareToken(ctx, &cognitoidentityprovider.AdminDeleteSoftwareTokenInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email,
	})
	return amongNone(err)
}

// switchesNothingOff asks the same of both preferences.
func switchesNothingOff(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	_, err = b.users.AdminSetUserMFAPreference(ctx, &cognitoidentityprovider.AdminSetUserMFAPreferenceInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{},
	})
	totp, totpSeen, err := amongNone(err)
	if err != nil {
		return "", "", err
	}
	_, err = b.users.AdminSetUserMFAPreference(ctx, &cognitoidentityprovider.AdminSetUserMFAPreferenceInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email, SMSMfaSettings: &types.SMSMfaSettingsType{},
	})
	sms, smsSeen, err := amongNone(err)
	if totp == fails {
		sms = fails
	}
	return sms, "authenticator: " + totpSeen + ", SMS: " + smsSeen, err
}

func amongNone(err error) (verdict, string, error) {
	seen, err := outcome(err)
	switch {
	case err != nil:
		return "", "", err
	case slices.Contains(noFactor, seen):
		return holds, seen, nil
	default:
		return fails, seen + ": lambda/registration takes it for a failure, and no reset proves a mailbox", nil
	}
}

// keepsThePreference asks whether switching the authenticator off, as an administrator, ends the challenge. It is
// reported to do nothing where a factor is required.
func keepsThePreference(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.protected(ctx)
	if err != nil {
		return "", "", err
	}
	if _, err := b.users.AdminSetUserMFAPreference(ctx, &cognitoidentityprovider.AdminSetUserMFAPreferenceInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{},
	}); err != nil {
		return "", "", err
	}
	challenge, err := b.challengeOf(ctx, c)
	return noted, "a sign-in then asks for " + challenge, err
}

// removesTheFactor asks whether a customer whose authenticator was removed by AdminDeleteSoftwareToken is still asked
// for it.
func removesTheFactor(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.protected(ctx)
	if err != nil {
		return "", "", err
	}
	if _, err := b.users.AdminDeleteSoftwareToken(ctx, &cognitoidentityprovider.AdminDeleteSoftwareTokenInput{
		UserPoolId: &b.UserPoolID, Username: &c.Email,
	}); err != nil {
		return "", "", err
	}
	challenge, err := b.challengeOf(ctx, c)
	if challenge == string(types.ChallengeNameTypeSoftwareTokenMfa) {
		return fails, "still asked for the code: a reset would lock its customer out", err
	}
	return holds, "a sign-in then asks for " + challenge, err
}

// replacesSilently asks whether a new, never verified secret replaces the old one: Cognito either still accepts the old
// code, or the factor is gone.
func replacesSilently(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, account, err := b.visitor(ctx)
	if err != nil {
		return "", "", err
	}
	if err := b.Enrol(ctx, c, account); err != nil {
		return "", "", err
	}
	if _, err := b.users.AssociateSoftwareToken(
		ctx, &cognitoidentityprovider.AssociateSoftwareTokenInput{AccessToken: &account.Access},
	); err != nil {
		return "", "", err
	}
	begun, err := b.Begin(ctx, c, b.WebClientID, "")
	if err != nil {
		return "", "", err
	}
	if begun.Challenge() == "" {
		return noted, "asked for nothing: the factor is gone. It is not sealed then, so it pays nothing", nil
	}
	_, err = begun.Finish(ctx, "")
	taken, err := outcome(err)
	return noted, fmt.Sprintf("asked for %s; the old authenticator's code: %s", named(begun.Challenge()), taken), err
}

// showsTheFactor asks whether a factor that was set up during a sign-in is listed before it is preferred.
func showsTheFactor(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	if required, err := b.requiresFactor(ctx, c); err != nil || !required {
		return notHere, "the stage requires no factor", err
	}
	if _, err := b.SignIn(ctx, c, b.WebClientID); err != nil {
		return "", "", err
	}
	user, err := b.look(ctx, c)
	if err != nil {
		return "", "", err
	}
	return noted, fmt.Sprintf(
		"active %v, preferred %q; the front end sets the preference in either case",
		user.UserMFASettingList,
		aws.ToString(user.PreferredMfaSetting),
	), nil
}

// namesTheUser asks which user name the challenge for a code returns, which the response to it must contain.
func namesTheUser(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.protected(ctx)
	if err != nil {
		return "", "", err
	}
	begun, err := b.Begin(ctx, c, b.StepUpClientID, "")
	if err != nil {
		return "", "", err
	}
	if begun.Challenge() != types.ChallengeNameTypeSoftwareTokenMfa {
		return fails, "a sealed factor is not asked for: " + named(begun.Challenge()), nil
	}
	if _, err := begun.Finish(ctx, ""); err != nil {
		return fails, "the name that answered the password does not answer the code", err
	}
	return holds, "the name that answered the password answers the code, too", nil
}

// challengeOf is the challenge of a sign-in at the Web client after the password.
func (b *bench) challengeOf(ctx context.Context, c *e2e.Customer) (string, error) {
	begun, err := b.Begin(ctx, c, b.WebClientID, "")
	if err != nil {
		return "", err
	}
	return named(begun.Challenge()), nil
}

func named(challenge types.ChallengeNameType) string {
	if challenge == "" {
		return "nothing"
	}
	return string(challenge)
}
