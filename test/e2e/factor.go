package e2e

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Enrol gives the customer an authenticator and makes it the preferred factor, with the token of an Account sign-in. If
// the sign-in has set the authenticator up already, Enrol only prefers it.
func (s *Running) Enrol(ctx context.Context, c *Customer, account Tokens) error {
	if c.Authenticator == nil {
		if _, err := s.setUp(ctx, c, &account.Access, nil); err != nil {
			return err
		}
	}
	if _, err := s.users.SetUserMFAPreference(ctx, &cognitoidentityprovider.SetUserMFAPreferenceInput{
		AccessToken:              &account.Access,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	}); err != nil {
		return fmt.Errorf("prefer the authenticator: %w", err)
	}
	return nil
}

// setUp gives the customer an authenticator, with a token or during a sign-in, of which it returns the next session.
func (s *Running) setUp(ctx context.Context, c *Customer, token, session *string) (*string, error) {
	setup, err := s.users.AssociateSoftwareToken(ctx, &cognitoidentityprovider.AssociateSoftwareTokenInput{
		AccessToken: token, Session: session,
	})
	if err != nil {
		return nil, fmt.Errorf("get a secret for the authenticator: %w", err)
	}
	authenticator := s.newAuthenticator(aws.ToString(setup.SecretCode))
	code, err := authenticator.Next(ctx)
	if err != nil {
		return nil, err
	}
	verified, err := s.users.VerifySoftwareToken(ctx, &cognitoidentityprovider.VerifySoftwareTokenInput{
		AccessToken: token, Session: setup.Session, UserCode: &code,
	})
	if err != nil {
		return nil, fmt.Errorf("verify the authenticator: %w", err)
	}
	c.Authenticator = authenticator
	return verified.Session, nil
}

// Protect takes a customer from a proven mailbox to the first purchase. It opens the account's settings, enrols an
// authenticator, ends that session and steps up with the next code, which seals the factor. It returns the stepped-up
// tokens.
func (s *Running) Protect(ctx context.Context, c *Customer, v Verifier) (Tokens, error) {
	account, err := s.SignInProving(ctx, c, s.AccountClientID, v)
	if err != nil {
		return Tokens{}, fmt.Errorf("open the account's settings: %w", err)
	}
	if err := s.Enrol(ctx, c, account); err != nil {
		return Tokens{}, err
	}
	if err := s.Revoke(ctx, s.AccountClientID, account); err != nil {
		return Tokens{}, err
	}
	return s.SignInProving(ctx, c, s.StepUpClientID, v)
}

// EnrolPhone makes codes by SMS the customer's preferred factor. It writes the number, verifies it by a code and
// prefers SMS, with the token of an Account sign-in. It needs the local stage, whose inbox shows the codes.
func (s *Running) EnrolPhone(ctx context.Context, c *Customer, account Tokens, number string) error {
	if _, err := s.users.UpdateUserAttributes(ctx, &cognitoidentityprovider.UpdateUserAttributesInput{
		AccessToken:    &account.Access,
		UserAttributes: []types.AttributeType{{Name: aws.String("phone_number"), Value: &number}},
	}); err != nil {
		return fmt.Errorf("write the number: %w", err)
	}
	code, err := s.Code(ctx, number)
	if err != nil {
		return err
	}
	if _, err := s.users.VerifyUserAttribute(ctx, &cognitoidentityprovider.VerifyUserAttributeInput{
		AccessToken: &account.Access, AttributeName: aws.String("phone_number"), Code: &code,
	}); err != nil {
		return fmt.Errorf("verify the number: %w", err)
	}
	if _, err := s.users.SetUserMFAPreference(ctx, &cognitoidentityprovider.SetUserMFAPreferenceInput{
		AccessToken: &account.Access, SMSMfaSettings: &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true},
	}); err != nil {
		return fmt.Errorf("prefer the number: %w", err)
	}
	c.Phone = number
	return nil
}
