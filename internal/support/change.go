package support

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// SignOut ends the customer's sessions: refresh tokens at once, and access tokens at the user pool. Cognito cannot end
// tokens at the API and AWS credentials before they expire, nor managed login's cookie.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func (d *Desk) SignOut(ctx context.Context, c Customer) error {
	return d.run(ctx, []step{d.signOut(c)})
}

// Disable prevents the customer from signing in, and ends the sessions.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
func (d *Desk) Disable(ctx context.Context, c Customer) error {
	return d.run(ctx, []step{d.disable(c)})
}

// Enable lets the customer sign in again.
func (d *Desk) Enable(ctx context.Context, c Customer) error {
	return d.run(ctx, []step{{"enabling the account", func(ctx context.Context) error {
		_, err := d.Users.AdminEnableUser(ctx, &cognitoidentityprovider.AdminEnableUserInput{
			UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
		})
		return err
	}}})
}

func (d *Desk) signOut(c Customer) step {
	return step{"signing out everywhere", func(ctx context.Context) error {
		_, err := d.Users.AdminUserGlobalSignOut(ctx, &cognitoidentityprovider.AdminUserGlobalSignOutInput{
			UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
		})
		return err
	}}
}

func (d *Desk) disable(c Customer) step {
	return step{"disabling the account", func(ctx context.Context) error {
		_, err := d.Users.AdminDisableUser(ctx, &cognitoidentityprovider.AdminDisableUserInput{
			UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
		})
		return err
	}}
}

// ResetFactor removes the customer's second factor, so that the customer can prove the mailbox and enrol again.
//
// The order matters. Sessions end first, because an Account session could enrol a factor in between. Trust is removed
// before the factor: in the other order, a stop in between would leave trust that the next factor inherits.
func (d *Desk) ResetFactor(ctx context.Context, c Customer) error {
	if c.Federated() {
		return Refusal(
			"the customer signs in with " + strings.Join(providersOf(c), ", ") +
				", where the second factor is; there is none here",
		)
	}
	// Cognito may refuse one of these calls because the factor does not exist, or because MFA is required. The last step
	// checks that no factor is left.
	var refused error
	tolerant := func(err error) error {
		if refusesFactor(err) {
			refused = errors.Join(refused, err)
			return nil
		}
		return err
	}
	return d.run(ctx, []step{
		d.signOut(c),
		d.deleteProof(c.Sub),
		{"removing the authenticator", func(ctx context.Context) error {
			_, err := d.Users.AdminDeleteSoftwareToken(ctx, &cognitoidentityprovider.AdminDeleteSoftwareTokenInput{
				UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
			})
			return tolerant(err)
		}},
		// Two calls, so that a refusal for one factor does not keep the other.
		{"switching the authenticator off", func(ctx context.Context) error {
			_, err := d.Users.AdminSetUserMFAPreference(ctx, &cognitoidentityprovider.AdminSetUserMFAPreferenceInput{
				UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
				SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{},
			})
			return tolerant(err)
		}},
		{"switching text messages off", func(ctx context.Context) error {
			_, err := d.Users.AdminSetUserMFAPreference(ctx, &cognitoidentityprovider.AdminSetUserMFAPreferenceInput{
				UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(c.Username),
				SMSMfaSettings: &types.SMSMfaSettingsType{},
			})
			return tolerant(err)
		}},
		{"checking that no factor is left", func(ctx context.Context) error {
			now, err := d.account(ctx, c.Username, c.Sub, c.Username)
			if err != nil {
				return err
			}
			if len(now.Factors) > 0 {
				return errors.Join(
					Refusal("Cognito still lists the second factor "+strings.Join(now.Factors, ", ")+"; run it again"), refused,
				)
			}
			return nil
		}},
	})
}

// refusesFactor reports whether Cognito refused a call because of the factor that it names. The pages of the operations
// document only InvalidParameterException; lambda/registration cites the reports of the other code.
func refusesFactor(err error) bool {
	invalid, missing := new(types.InvalidParameterException), new(types.SoftwareTokenMFANotFoundException)
	return errors.As(err, &invalid) || errors.As(err, &missing)
}

func providersOf(c Customer) []string {
	var providers []string
	for _, i := range c.Identities {
		providers = append(providers, i.Provider)
	}
	return slices.Compact(slices.Sorted(slices.Values(providers)))
}
