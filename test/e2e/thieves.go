package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// thieves returns the part of the story in which every step must be refused.
func thieves() []Step {
	return []Step{
		{"a thief with John's password signs in to StepUp", passwordAt(func(s *Running) string { return s.StepUpClientID })},
		{
			"a thief with John's password signs in to Account",
			passwordAt(func(s *Running) string { return s.AccountClientID }),
		},
		{"a thief with Jane's checkout token tries to take the account over", takeOver},
	}
}

// passwordAt returns a sign-in by a thief who knows only the password of a customer without a factor.
func passwordAt(client func(*Running) string) func(context.Context, *Cast) (string, error) {
	return func(ctx context.Context, c *Cast) (string, error) {
		thief := &Customer{Email: c.Other.Email, Password: c.Other.Password}
		stolen, err := c.Stage.SignIn(ctx, thief, client(c.Stage))
		if errors.Is(err, ErrSecondFactor) {
			return "asked for a code", nil
		}
		if err != nil {
			return "", err
		}
		if _, err := scopes(stolen); err != nil {
			return "", err
		}
		answer, err := c.Stage.Do(ctx, c.checkout(nil, stolen.Access))
		if err != nil {
			return "", err
		}
		status, err := answer.must(http.StatusUnauthorized)
		return "no scope at all, checkout " + status, err
	}
}

func takeOver(ctx context.Context, c *Cast) (string, error) {
	tried := 0
	for name, try := range c.Stage.SelfService(c.SteppedUp.Access) {
		tried++
		if err := try(ctx); ErrorCode(err) != "NotAuthorizedException" {
			return "", errors.Join(fmt.Errorf("%s is not refused with NotAuthorizedException", name), err)
		}
	}
	return fmt.Sprintf("%d operations, all refused by the user pool", tried), nil
}

// SelfService returns the user pool's self-service operations, by which a thief with an access token could take the
// account over.
func (s *Running) SelfService(token string) map[string]func(context.Context) error {
	users := s.users
	return map[string]func(context.Context) error{
		"GetUser": func(ctx context.Context) error {
			_, err := users.GetUser(ctx, &cognitoidentityprovider.GetUserInput{AccessToken: &token})
			return err
		},
		"UpdateUserAttributes": func(ctx context.Context) error {
			_, err := users.UpdateUserAttributes(ctx, &cognitoidentityprovider.UpdateUserAttributesInput{
				AccessToken:    &token,
				UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("mallory@example.com")}},
			})
			return err
		},
		"AssociateSoftwareToken": func(ctx context.Context) error {
			_, err := users.AssociateSoftwareToken(ctx, &cognitoidentityprovider.AssociateSoftwareTokenInput{
				AccessToken: &token,
			})
			return err
		},
		"SetUserMFAPreference": func(ctx context.Context) error {
			_, err := users.SetUserMFAPreference(ctx, &cognitoidentityprovider.SetUserMFAPreferenceInput{
				AccessToken: &token, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: false},
			})
			return err
		},
		"ChangePassword": func(ctx context.Context) error {
			_, err := users.ChangePassword(ctx, &cognitoidentityprovider.ChangePasswordInput{
				AccessToken: &token, PreviousPassword: aws.String(newPassword()), ProposedPassword: aws.String(newPassword()),
			})
			return err
		},
		"GlobalSignOut": func(ctx context.Context) error {
			_, err := users.GlobalSignOut(ctx, &cognitoidentityprovider.GlobalSignOutInput{AccessToken: &token})
			return err
		},
		"DeleteUser": func(ctx context.Context) error {
			_, err := users.DeleteUser(ctx, &cognitoidentityprovider.DeleteUserInput{AccessToken: &token})
			return err
		},
	}
}
