package main

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// An account holds the fields that a run needs, and no personal data.
type account struct {
	username    string
	exists      bool
	unconfirmed bool
	enabled     bool
	created     time.Time
}

// accounts are the user pool's accounts. An unknown user name is not a failure: the account is already gone.
type accounts struct {
	users *cognito.Client
	pool  string
}

// perPage is Cognito's largest page.
const perPage = 60

// unconfirmed lists the unconfirmed accounts, page by page, and ends with the first error. It requests only sub, so
// that no e-mail address is read.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (a accounts) unconfirmed(ctx context.Context) iter.Seq2[[]account, error] {
	return func(yield func([]account, error) bool) {
		pages := cognito.NewListUsersPaginator(a.users, &cognito.ListUsersInput{
			UserPoolId:      aws.String(a.pool),
			Filter:          aws.String(`cognito:user_status = "` + string(types.UserStatusTypeUnconfirmed) + `"`),
			AttributesToGet: []string{"sub"},
			Limit:           aws.Int32(perPage),
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, err)
				return
			}
			listed := make([]account, 0, len(page.Users))
			for _, user := range page.Users {
				listed = append(listed, accountOf(user.Username, user.UserStatus, user.Enabled, user.UserCreateDate))
			}
			if !yield(listed, nil) {
				return
			}
		}
	}
}

// read returns the account as it is now. Unlike a list, this read is consistent.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func (a accounts) read(ctx context.Context, username string) (account, error) {
	user, err := a.users.AdminGetUser(ctx, &cognito.AdminGetUserInput{
		UserPoolId: aws.String(a.pool), Username: aws.String(username),
	})
	if err != nil {
		return account{}, unlessGone(err)
	}
	return accountOf(user.Username, user.UserStatus, user.Enabled, user.UserCreateDate), nil
}

// accountOf treats an account without a date as new, so that it is not removed.
func accountOf(username *string, status types.UserStatusType, enabled bool, created *time.Time) account {
	return account{
		username:    aws.ToString(username),
		exists:      true,
		unconfirmed: status == types.UserStatusTypeUnconfirmed && created != nil,
		enabled:     enabled,
		created:     aws.ToTime(created),
	}
}

func (a accounts) disable(ctx context.Context, username string) error {
	_, err := a.users.AdminDisableUser(ctx, &cognito.AdminDisableUserInput{
		UserPoolId: aws.String(a.pool), Username: aws.String(username),
	})
	return unlessGone(err)
}

func (a accounts) enable(ctx context.Context, username string) error {
	_, err := a.users.AdminEnableUser(ctx, &cognito.AdminEnableUserInput{
		UserPoolId: aws.String(a.pool), Username: aws.String(username),
	})
	return unlessGone(err)
}

func (a accounts) remove(ctx context.Context, username string) error {
	_, err := a.users.AdminDeleteUser(ctx, &cognito.AdminDeleteUserInput{
		UserPoolId: aws.String(a.pool), Username: aws.String(username),
	})
	return unlessGone(err)
}

func unlessGone(err error) error {
	var gone *types.UserNotFoundException
	if errors.As(err, &gone) {
		return nil
	}
	return err
}
